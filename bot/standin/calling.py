"""Carries calls: rings, fetches TwiML, says it, takes digits, and calls the bot back."""

from __future__ import annotations

from email.utils import format_datetime
from urllib.parse import urljoin
from uuid import uuid4

from bot.standin.faults import entry
from bot.standin.ledger import Call, real_now
from bot.standin.network import API_VERSION, Network
from bot.standin.twiml import Gather, Hangup, NotTwiml, Pause, Redirect, Say, Step, read_steps

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
SECONDS_PER_WORD = 0.4  # a synthetic voice says about 150 words a minute
MOST_DOCUMENTS = 50  # a Redirect to itself ends some time
EVENTS = {"queued": "initiated", "ringing": "ringing", "in-progress": "answered"}
VOICEMAIL_S = 1.0


class Calling:
    """Calls from the bot to phones."""

    def __init__(self, network: Network) -> None:
        self._net = network

    def call(
        self,
        *,
        sender: str,
        to: str,
        url: str | None = None,
        twiml: str | None = None,
        callback: str | None = None,
        timeout: float = 60.0,
        events: tuple[str, ...] = ("completed",),
    ) -> Call:
        """The bot's call: it rings in a moment, until somebody answers or the time is over."""
        call = Call(
            sid=f"CA{uuid4().hex}",
            number=self._net.ledger.next_number(),
            sender=sender,
            to=to,
            url=url,
            twiml=twiml,
            callback=callback,
            created_at=real_now(),
            shown_at=self._net.shown_at(),
            timeout_s=timeout,
            events=events,
        )
        self._net.ledger.add(call)
        self._net.later.after(self._net.settings.delay_seconds, lambda: self._ring(call))
        return call

    def _ring(self, call: Call) -> None:
        self._call_back(call, "initiated", "initiated")
        scripted = entry(self._net.faults.call_ends, call.to)
        if scripted == "failed":
            self._end(call, "failed", out_of=("queued",))
            return
        if not self._move(call, "ringing", out_of=("queued",)):
            return
        match scripted:
            case "voicemail":
                self.answer(call)
                self._net.later.after(VOICEMAIL_S, lambda: self.hang_up(call))
            case "busy" | "no-answer":
                self._end(call, scripted, out_of=("ringing",))
            case _:
                self._net.later.after(call.timeout_s, lambda: self._give_up(call))

    def _give_up(self, call: Call) -> None:
        self._end(call, "no-answer", out_of=("ringing",))

    def answer(self, call: Call) -> None:
        """Somebody picks up: the bot is asked what to say, and its first words are heard when this returns."""
        call.started_at = real_now()
        if not self._move(call, "in-progress", out_of=("ringing",)):
            return
        if call.twiml:
            self._follow(call, call.twiml)
        elif call.url:
            self._ask(call, call.url, {})

    def press(self, call: Call, digit: str) -> None:
        """A key; it goes to where the Gather that waits says, once that has all its digits."""
        with self._net.ledger.changed:
            if call.status != "in-progress":
                return
            call.digits.append(digit)
            self._net.ledger.touch()
            gather = call.waiting
            if gather is None:
                return
            call.turn += 1
            turn = call.turn
            finished = digit == gather.finish_on
            call.pending += "" if finished else digit
            finished = finished or (gather.digits is not None and len(call.pending) >= gather.digits)
        if finished:
            self._gathered(call, turn)
        else:
            self._after(call, gather.timeout_s, turn)

    def hang_up(self, call: Call) -> None:
        """The call is over; a ringing one was declined."""
        if not self._end(call, "completed", out_of=("in-progress",)):
            self._end(call, "busy", out_of=("queued", "ringing"))

    def _follow(self, call: Call, document: str | None) -> None:
        try:
            steps = read_steps(document or "")
        except (NotTwiml, ValueError):
            steps = (Say(APPLICATION_ERROR),)
        self._go_on(call, steps)

    def _ask(self, call: Call, url: str, extra: dict[str, str]) -> None:
        call.asked += 1
        if call.asked > MOST_DOCUMENTS:
            self.hang_up(call)
            return
        call.place = url
        posted = self._net.postman.post(url, self._form(call) | extra)
        self._follow(call, posted.body if posted.status == 200 else None)

    def _go_on(self, call: Call, steps: tuple[Step, ...]) -> None:
        """Does what comes next, until there is something to wait for."""
        if call.status != "in-progress":
            return
        if not steps:
            self._wait(call, 0.0, (Hangup(),)) if call.unsaid_s else self.hang_up(call)
            return
        step, rest = steps[0], steps[1:]
        match step:
            case Say(words):
                self._say(call, words)
                self._go_on(call, rest)
            case Pause(seconds):
                self._wait(call, seconds, rest)
            case Redirect(address):
                self._ask(call, urljoin(call.place, address), {})
            case Hangup():
                self._wait(call, 0.0, (step,)) if call.unsaid_s else self.hang_up(call)
            case Gather():
                self._gather(call, step, rest)

    def _say(self, call: Call, words: str) -> None:
        with self._net.ledger.changed:
            call.heard.append(words)
            call.unsaid_s += len(words.split()) * SECONDS_PER_WORD
            self._net.ledger.touch()

    def _gather(self, call: Call, gather: Gather, rest: tuple[Step, ...]) -> None:
        with self._net.ledger.changed:
            for words in gather.words:
                self._say(call, words)
            call.waiting, call.rest, call.pending = gather, rest, ""
            call.gather = urljoin(call.place, gather.action)
            call.turn += 1
            turn, seconds = call.turn, gather.timeout_s + gather.pauses_s + call.unsaid_s
            call.unsaid_s = 0.0
            self._net.ledger.touch()
        self._after(call, seconds, turn)

    def _wait(self, call: Call, seconds: float, rest: tuple[Step, ...]) -> None:
        with self._net.ledger.changed:
            call.rest, call.turn = rest, call.turn + 1
            turn, seconds = call.turn, seconds + call.unsaid_s
            call.unsaid_s = 0.0
        self._after(call, seconds, turn)

    def _after(self, call: Call, seconds: float, turn: int) -> None:
        self._net.later.after(seconds * self._net.settings.call_pace, lambda: self._gathered(call, turn))

    def _gathered(self, call: Call, turn: int) -> None:
        """The waiting is over, with digits or without; a timer whose turn has passed does nothing."""
        with self._net.ledger.changed:
            if call.turn != turn or call.status != "in-progress":
                return
            call.turn += 1
            gather, action, digits, rest = call.waiting, call.gather, call.pending, call.rest
            call.waiting, call.gather, call.pending, call.rest = None, None, "", ()
            self._net.ledger.touch()
        if gather is not None and action and (digits or gather.on_empty):
            self._ask(call, action, {"Digits": digits})
        else:
            self._go_on(call, rest)

    def _end(self, call: Call, status: str, *, out_of: tuple[str, ...]) -> bool:
        with self._net.ledger.changed:
            if call.status not in out_of:
                return False
            call.ended_at, call.gather, call.waiting = real_now(), None, None
        return self._move(call, status, out_of=out_of)

    def _move(self, call: Call, status: str, *, out_of: tuple[str, ...]) -> bool:
        moved = self._net.ledger.claim_move(call, status, out_of=out_of)
        if moved:
            self._call_back(call, EVENTS.get(status, "completed"), status)
        return moved

    def _call_back(self, call: Call, event: str, status: str) -> None:
        if call.callback is None or self._net.faults.no_callbacks or event not in call.events:
            return
        form = self._form(call) | {
            "CallStatus": status,
            "CallbackSource": "call-progress-events",
            "Timestamp": format_datetime(real_now()),
            "SequenceNumber": str(list(EVENTS.values()).index(event) if event in EVENTS.values() else 3),
        }
        if event == "completed":
            form["CallDuration"] = str(duration_s(call))
        with self._net.ledger.changed:
            call.untold.extend([form] * self._net.faults.repeats)
            busy, call.is_telling = call.is_telling, True
        if not busy:
            self._net.later.after(0, lambda: self._tell(call))

    def _tell(self, call: Call) -> None:
        """Posts the callbacks of one call one after the other, while the call goes on."""
        while True:
            with self._net.ledger.changed:
                if not call.untold or call.callback is None:
                    call.is_telling = False
                    return
                form = call.untold.pop(0)
            posted = self._net.postman.post(call.callback, form)
            call.was_heard_of = call.was_heard_of or 200 <= posted.status < 300

    def _form(self, call: Call) -> dict[str, str]:
        return {
            "CallSid": call.sid,
            "CallStatus": call.status,
            "AccountSid": self._net.settings.account_sid,
            "From": call.sender,
            "To": call.to,
            "Caller": call.sender,
            "Called": call.to,
            "Direction": "outbound-api",
            "ApiVersion": API_VERSION,
        }


def duration_s(call: Call) -> int:
    """Whole seconds that somebody was on the line."""
    if call.started_at is None or call.ended_at is None:
        return 0
    return round((call.ended_at - call.started_at).total_seconds())
