"""What happened at the provider: every text and call with real times, for tests and pages. It judges nothing."""

from __future__ import annotations

import itertools
import threading
from collections import defaultdict
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from bot.standin.twiml import Gather, Step

Found = TypeVar("Found")


def real_now() -> datetime:
    """The machine's clock: Twilio knows no other."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Message:
    """One text, either way; `states` are those it went through, with their times.

    `direction` is Twilio's, or "carrier" for Twilio's own answer to STOP, which is in no list of the API.
    `webhook` holds what the bot answered to an inbound text, try by try; 0 means that nobody did.
    """

    sid: str
    number: int
    direction: str
    sender: str
    to: str
    body: str
    created_at: datetime
    shown_at: str
    callback: str | None = None
    service: str | None = None
    status: str = "queued"
    error_code: int | None = None
    media: int = 0
    validity_s: int = 36_000
    sent_at: datetime | None = None
    states: list[tuple[str, datetime]] = field(default_factory=list)
    webhook: list[int] = field(default_factory=list)

    @property
    def arrived(self) -> bool:
        return self.status in ("delivered", "received")

    @property
    def phone(self) -> str:
        """Whose phone shows it."""
        return self.sender if self.direction == "inbound" else self.to


@dataclass(slots=True)
class Call:
    """One call to a phone: what was said into it and which digits came back.

    `gather` is where the next digits go, None while nobody waits for any; the fields below `states` are the call's
    place in its TwiML: `turn` counts its moves, so that a timer knows whether it is still meant. `was_heard_of`: the
    bot took one of its callbacks.
    """

    sid: str
    number: int
    sender: str
    to: str
    url: str | None
    twiml: str | None
    callback: str | None
    created_at: datetime
    shown_at: str
    timeout_s: float
    events: tuple[str, ...] = ("completed",)
    status: str = "queued"
    heard: list[str] = field(default_factory=list)
    digits: list[str] = field(default_factory=list)
    gather: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    states: list[tuple[str, datetime]] = field(default_factory=list)
    place: str = ""
    turn: int = 0
    asked: int = 0
    unsaid_s: float = 0.0
    pending: str = ""
    waiting: Gather | None = None
    rest: tuple[Step, ...] = ()
    untold: list[dict[str, str]] = field(default_factory=list)
    is_telling: bool = False
    was_heard_of: bool = False

    @property
    def is_live(self) -> bool:
        return self.status in ("queued", "ringing", "in-progress")


class Ledger:
    """All that happened, oldest first; `wait_for` waits for what is to happen; hold `changed` to read twice."""

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.messages: list[Message] = []
        self.calls: list[Call] = []
        self.blocked: set[tuple[str, str]] = set()
        self._numbers = itertools.count(1)
        self._by_sid: dict[str, Message | Call] = {}
        self._by_phone: defaultdict[str, list[Message]] = defaultdict(list)

    def forget(self) -> None:
        """As if nothing had happened yet: for a test that takes over a stand-in that runs."""
        with self.changed:
            self.messages.clear()
            self.calls.clear()
            self._by_sid.clear()
            self._by_phone.clear()

    def next_number(self) -> int:
        return next(self._numbers)

    def add(self, entry: Message | Call) -> None:
        with self.changed:
            if isinstance(entry, Message):
                self.messages.append(entry)
                self._by_phone[entry.phone].append(entry)
            else:
                self.calls.append(entry)
            self._by_sid[entry.sid] = entry
            entry.states.append((entry.status, real_now()))
            self.changed.notify_all()

    def move(self, entry: Message | Call, status: str) -> None:
        with self.changed:
            entry.status = status
            entry.states.append((status, real_now()))
            self.changed.notify_all()

    def claim_move(self, entry: Message | Call, status: str, *, out_of: Container[str]) -> bool:
        """Moves it if it is in one of these states; False if somebody was quicker."""
        with self.changed:
            if entry.status not in out_of:
                return False
            self.move(entry, status)
            return True

    def touch(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def find_message(self, sid: str) -> Message | None:
        found = self._by_sid.get(sid)
        return found if isinstance(found, Message) else None

    def find_call(self, sid: str) -> Call | None:
        found = self._by_sid.get(sid)
        return found if isinstance(found, Call) else None

    @property
    def inbound(self) -> list[Message]:
        """What phones sent to the bot."""
        with self.changed:
            return [m for m in self.messages if m.direction == "inbound"]

    @property
    def sent(self) -> list[Message]:
        """What the bot sent and the provider accepted."""
        with self.changed:
            return [m for m in self.messages if m.direction.startswith("outbound")]

    def texts_to(self, number: str) -> list[Message]:
        """Texts that the bot sent to this number, oldest first; Twilio's own answers are not among them."""
        return [m for m in self.on_phone(number) if m.direction.startswith("outbound")]

    def on_phone(self, number: str) -> list[Message]:
        """Every text of this phone, either way, Twilio's own answers included."""
        with self.changed:
            return list(self._by_phone.get(number, ()))

    def numbers(self) -> set[str]:
        """Every phone that texted, was texted or was called."""
        with self.changed:
            return {*self._by_phone, *(call.to for call in self.calls)}

    def calls_to(self, number: str) -> list[Call]:
        """Calls that the bot made to this number, oldest first."""
        with self.changed:
            return [c for c in self.calls if c.to == number]

    def wait_for(self, look: Callable[[], Found | None], seconds: float = 10.0) -> Found | None:
        """What `look` finds as soon as it finds something, or None when the time is over."""
        found: list[Found] = []

        def seen() -> bool:
            result = look()
            if result:
                found.append(result)
            return bool(result)

        with self.changed:
            self.changed.wait_for(seen, seconds)
        return found[0] if found else None
