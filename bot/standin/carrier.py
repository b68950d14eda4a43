"""Carries texts and calls: moves them through their states in time and calls the bot back, as scripted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import uuid4

from bot.standin.clock import read_clock
from bot.standin.faults import Faults
from bot.standin.ledger import Call, Ledger, Message, real_now
from bot.standin.posting import post
from bot.standin.settings import StandinSettings
from bot.standin.twiml import listen

STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
START_WORDS = {"START", "UNSTOP", "YES"}
TWILIO_SAYS_STOPPED = "You have successfully been unsubscribed. Reply START to resubscribe."
FINAL_CALLS = ("completed", "busy", "failed", "no-answer", "canceled")


class Carrier:
    """The network between the bot and its telephones."""

    def __init__(self, settings: StandinSettings) -> None:
        self.settings = settings
        self.ledger = Ledger()
        self.faults = Faults()
        self.stopped = threading.Event()

    def shown_at(self) -> str:
        """The bot's clock, as the page shows it."""
        return read_clock(self.settings.clock_file).isoformat()

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Does it after so many seconds of real time, unless the stand-in was stopped."""

        def wait() -> None:
            if not self.stopped.wait(seconds):
                act()

        threading.Thread(target=wait, daemon=True).start()

    def send(self, *, sender: str, to: str, body: str, callback: str | None, service: str | None) -> Message:
        """The bot's text: accepted now, delivered in a moment."""
        message = Message(
            sid=f"SM{uuid4().hex}",
            number=self.ledger.next_number(),
            direction="outbound-api",
            sender=sender,
            to=to,
            body=body,
            created_at=real_now(),
            shown_at=self.shown_at(),
            callback=callback,
            service=service,
            status="accepted" if service else "queued",
        )
        self.ledger.add(message)
        self.later(self.settings.delay_seconds, lambda: self._deliver(message))
        return message

    def _deliver(self, message: Message) -> None:
        code = self.faults.undelivered.get(message.to)
        ends = ["sent", "undelivered" if code else "delivered"]
        if message.to in self.faults.silent:
            return
        for status in reversed(ends) if self.faults.reversed_callbacks else ends:
            message.error_code = code if status == "undelivered" else None
            self.ledger.move(message, status)
            self._call_back(message)
            time.sleep(self.settings.delay_seconds)

    def _call_back(self, message: Message) -> None:
        if message.callback is None or self.faults.no_callbacks:
            return
        form = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": message.status,
            "SmsStatus": message.status,
            "To": message.to,
            "From": message.sender,
            "AccountSid": self.settings.account_sid,
            "ApiVersion": "2010-04-01",
        }
        if message.error_code:
            form["ErrorCode"] = str(message.error_code)
        for _ in range(self.faults.repeats):
            post(self.settings.auth_token, message.callback, form)

    def phone_texts(self, number: str, body: str, *, media: int = 0, sid: str | None = None) -> Message:
        """Somebody texts the bot; the text stays in the provider's list whatever the webhook says."""
        message = Message(
            sid=sid or f"SM{uuid4().hex}",
            number=self.ledger.next_number(),
            direction="inbound",
            sender=number,
            to=self.settings.bot_number,
            body=body,
            created_at=real_now(),
            shown_at=self.shown_at(),
            status="received",
            media=media,
        )
        self.ledger.add(message)
        if self.settings.opt_out_mode == "twilio":
            self._heed_keyword(message)
        status, _ = self._webhook(message)
        if status == 0:  # Twilio tries once more, and only when it could not connect
            self._webhook(message)
        return message

    def _webhook(self, message: Message) -> tuple[int, str]:
        form = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsMessageSid": message.sid,
            "AccountSid": self.settings.account_sid,
            "From": message.sender,
            "To": message.to,
            "Body": message.body,
            "NumMedia": str(message.media),
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
        }
        return post(self.settings.auth_token, f"{self.settings.bot_url}/twilio/sms", form)

    def _heed_keyword(self, message: Message) -> None:
        pair = (message.to, message.sender)
        word = message.body.strip().upper()
        if word in STOP_WORDS:
            self.ledger.blocked.add(pair)
            self._say_for_twilio(message.sender, TWILIO_SAYS_STOPPED)
        elif word in START_WORDS:
            self.ledger.blocked.discard(pair)

    def _say_for_twilio(self, to: str, body: str) -> None:
        """Twilio's own answer: on the phone, and in no list."""
        message = Message(
            sid=f"XX{uuid4().hex}",
            number=self.ledger.next_number(),
            direction="carrier",
            sender="Twilio",
            to=to,
            body=body,
            created_at=real_now(),
            shown_at=self.shown_at(),
            status="delivered",
        )
        self.ledger.add(message)

    def call(
        self, *, sender: str, to: str, url: str | None, twiml: str | None, callback: str | None, timeout: float
    ) -> Call:
        """The bot's call: it rings in a moment, until somebody answers or the time is over."""
        call = Call(
            sid=f"CA{uuid4().hex}",
            number=self.ledger.next_number(),
            sender=sender,
            to=to,
            url=url,
            twiml=twiml,
            callback=callback,
            created_at=real_now(),
            shown_at=self.shown_at(),
            timeout_s=timeout,
        )
        self.ledger.add(call)
        self.later(self.settings.delay_seconds, lambda: self._ring(call))
        return call

    def _ring(self, call: Call) -> None:
        scripted = self.faults.call_ends.get(call.to)
        if scripted == "voicemail":
            self._move_call(call, "ringing")
            self.answer(call)
            self.later(1.0, lambda: self.hang_up(call))
        elif scripted is not None:
            self._move_call(call, scripted)
        else:
            self._move_call(call, "ringing")
            self.later(call.timeout_s, lambda: self._give_up(call))

    def _give_up(self, call: Call) -> None:
        if call.status == "ringing":
            self._move_call(call, "no-answer")

    def answer(self, call: Call) -> None:
        """Somebody picks up: the bot is asked what to say."""
        self._move_call(call, "in-progress")
        document = call.twiml or (self._fetch(call, call.url, {}) if call.url else "")
        self._hear(call, document)

    def press(self, call: Call, digit: str) -> None:
        """A key; it goes to where the last Gather said."""
        if call.gather is None or call.status != "in-progress":
            return
        call.digits.append(digit)
        document = self._fetch(call, call.gather, {"Digits": digit})
        if self._hear(call, document) is None:
            self.hang_up(call)

    def hang_up(self, call: Call) -> None:
        """The call is over; a ringing one was declined."""
        if call.status not in FINAL_CALLS:
            self._move_call(call, "busy" if call.status == "ringing" else "completed")

    def _hear(self, call: Call, document: str) -> str | None:
        heard = listen(document)
        call.gather = heard.gather
        call.heard.extend(heard.words)
        self.ledger.touch()
        return heard.gather

    def _fetch(self, call: Call, url: str, extra: dict[str, str]) -> str:
        form = self._call_form(call) | extra
        return post(self.settings.auth_token, url, form)[1]

    def _call_form(self, call: Call) -> dict[str, str]:
        return {
            "CallSid": call.sid,
            "CallStatus": call.status,
            "AccountSid": self.settings.account_sid,
            "From": call.sender,
            "To": call.to,
            "Direction": "outbound-api",
            "ApiVersion": "2010-04-01",
        }

    def _move_call(self, call: Call, status: str) -> None:
        self.ledger.move(call, status)
        if call.callback is not None and not self.faults.no_callbacks:
            post(self.settings.auth_token, call.callback, self._call_form(call))
