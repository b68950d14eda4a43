"""Carries texts: moves the bot's through their states with callbacks, brings the phones' to the webhook."""

from __future__ import annotations

import threading
import time
from uuid import uuid4

from bot.standin.faults import entry
from bot.standin.keywords import answer_keyword
from bot.standin.ledger import Message, real_now
from bot.standin.network import API_VERSION, Network
from bot.standin.segments import count_segments
from bot.standin.twiml import read_texts

QUEUE_TIME_OVER = 30036  # the validity period ran out in the queue (RELIABILITY.md 3)
FINAL = ("delivered", "undelivered", "failed")


class Texting:
    """Texts both ways."""

    def __init__(self, network: Network) -> None:
        self._net = network
        self._free_at: dict[str, float] = {}
        self._queue = threading.Lock()

    def send(
        self,
        *,
        sender: str,
        to: str,
        body: str,
        callback: str | None = None,
        service: str | None = None,
        validity_s: int = 36_000,
        direction: str = "outbound-api",
    ) -> Message:
        """The bot's text: accepted now, delivered in a moment."""
        message = self._write(f"SM{uuid4().hex}", direction, sender, to, body)
        message.callback, message.service, message.validity_s = callback, service, validity_s
        message.status = "accepted" if service else "queued"
        self._net.ledger.add(message)
        if self._net.faults.callbacks_first:
            self._deliver(message, at_once=True)
        else:
            self._net.later.after(self._wait_of(sender), lambda: self._deliver(message))
        return message

    def _write(self, sid: str, direction: str, sender: str, to: str, body: str) -> Message:
        return Message(
            sid=sid,
            number=self._net.ledger.next_number(),
            direction=direction,
            sender=sender,
            to=to,
            body=body,
            created_at=real_now(),
            shown_at=self._net.shown_at(),
        )

    def _wait_of(self, sender: str) -> float:
        """Seconds until this sender may send one more."""
        rate = self._net.faults.per_second
        if not rate:
            return self._net.settings.delay_seconds
        with self._queue:
            now = time.monotonic()
            start = max(now, self._free_at.get(sender, now))
            self._free_at[sender] = start + 1 / rate
        return start - now + self._net.settings.delay_seconds

    def _deliver(self, message: Message, *, at_once: bool = False) -> None:
        if self._net.faults.is_silent(message.to):
            return
        steps = self._steps(message)
        if at_once or self._net.faults.reversed_callbacks:
            for step in steps:
                self._move(message, *step)
            for step in reversed(steps) if self._net.faults.reversed_callbacks else steps:
                self.call_back(message, *step)
        else:
            self._walk(message, steps)

    def _steps(self, message: Message) -> list[tuple[str, int | None]]:
        """The states that lie ahead of it, with their error codes."""
        faults = self._net.faults
        head: list[tuple[str, int | None]] = [("queued", None)] if message.service else []
        if (real_now() - message.created_at).total_seconds() > message.validity_s:
            return [*head, ("failed", QUEUE_TIME_OVER)]
        failed, undelivered = entry(faults.failed, message.to), entry(faults.undelivered, message.to)
        if failed:
            return [*head, ("failed", failed)]
        return [*head, ("sent", None), ("undelivered", undelivered) if undelivered else ("delivered", None)]

    def _walk(self, message: Message, steps: list[tuple[str, int | None]]) -> None:
        step, rest = steps[0], steps[1:]
        self._move(message, *step)
        self.call_back(message, *step)
        if rest:
            self._net.later.after(self._net.settings.delay_seconds, lambda: self._walk(message, rest))

    def _move(self, message: Message, status: str, code: int | None) -> None:
        message.error_code = code
        if status == "sent":
            message.sent_at = real_now()
        self._net.ledger.move(message, status)

    def call_back(self, message: Message, status: str, code: int | None = None) -> None:
        """Tells the bot of a state, as often as is scripted."""
        if message.callback is None or self._net.faults.no_callbacks:
            return
        form = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": message.to,
            "From": message.sender,
            "AccountSid": self._net.settings.account_sid,
            "ApiVersion": API_VERSION,
        }
        if code:
            form["ErrorCode"] = str(code)
        if message.service:
            form["MessagingServiceSid"] = message.service
        if status in FINAL:
            form["RawDlrDoneDate"] = real_now().strftime("%y%m%d%H%M")
        for _ in range(self._net.faults.repeats):
            self._net.postman.post(message.callback, form)

    def take(self, number: str, body: str, *, media: int = 0, sid: str | None = None) -> Message:
        """Takes a phone's text into the list; a SID that was there before is the same text again."""
        known = self._net.ledger.find_message(sid) if sid else None
        if known is not None:
            return known
        prefix = "MM" if media else "SM"
        bot = self._net.settings.bot_number
        message = self._write(sid or f"{prefix}{uuid4().hex}", "inbound", number, bot, body)
        message.status, message.media, message.sent_at = "received", media, message.created_at
        self._net.ledger.add(message)
        if self._net.settings.opt_out_mode == "twilio":
            self._heed_keyword(message)
        return message

    def bring(self, message: Message) -> Message:
        """Brings it to the webhook; the text stays in the provider's list whatever that says."""
        form, url = self._inbound_form(message), f"{self._net.settings.bot_url}/twilio/sms"
        posted = self._net.postman.post(url, form)
        message.webhook.append(posted.status)
        if not posted.connected:  # Twilio tries once more, and only when it could not connect
            posted = self._net.postman.post(url, form)
            message.webhook.append(posted.status)
        if posted.status == 200 and (message.to, message.sender) not in self._net.ledger.blocked:
            for words in read_texts(posted.body):
                self.send(sender=message.to, to=message.sender, body=words, direction="outbound-reply")
        self._net.ledger.touch()
        return message

    def _inbound_form(self, message: Message) -> dict[str, str]:
        form = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsMessageSid": message.sid,
            "AccountSid": self._net.settings.account_sid,
            "From": message.sender,
            "To": message.to,
            "Body": message.body,
            "NumMedia": str(message.media),
            "NumSegments": str(count_segments(message.body)),
            "SmsStatus": "received",
            "ApiVersion": API_VERSION,
        }
        for index in range(message.media):
            form[f"MediaUrl{index}"] = f"https://api.twilio.com/media/{message.sid}/{index}"
            form[f"MediaContentType{index}"] = "image/jpeg"
        return form

    def _heed_keyword(self, message: Message) -> None:
        ledger = self._net.ledger
        with ledger.changed:
            words = answer_keyword(message.body, (message.to, message.sender), ledger.blocked)
        if words is not None:
            answer = self._write(f"XX{uuid4().hex}", "carrier", message.to, message.sender, words)
            answer.status = "delivered"
            ledger.add(answer)
