"""A small Twilio and a drawer of telephones, for demo and tests; it imports nothing of the bot."""
