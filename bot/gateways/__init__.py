"""Messages in and out. twilio.py is the only module that knows Twilio."""
