"""What phones really got: every text and call, in memory, safe between threads. It judges nothing."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

Found = TypeVar("Found")


def real_now() -> datetime:
    """The machine's clock: Twilio knows no other."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Message:
    """One text, either way; `states` are those it went through, with their times."""

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
    states: list[tuple[str, datetime]] = field(default_factory=list)

    @property
    def arrived(self) -> bool:
        return self.status in ("delivered", "received")


@dataclass(slots=True)
class Call:
    """One call to a phone: what was said into it and which digits came back."""

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
    status: str = "queued"
    heard: list[str] = field(default_factory=list)
    digits: list[str] = field(default_factory=list)
    gather: str | None = None
    states: list[tuple[str, datetime]] = field(default_factory=list)


class Ledger:
    """All that happened, oldest first; `wait_for` lets a test wait for what is to happen."""

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.messages: list[Message] = []
        self.calls: list[Call] = []
        self.blocked: set[tuple[str, str]] = set()
        self._numbers = itertools.count(1)

    def next_number(self) -> int:
        return next(self._numbers)

    def add(self, entry: Message | Call) -> None:
        with self.changed:
            if isinstance(entry, Message):
                self.messages.append(entry)
            else:
                self.calls.append(entry)
            entry.states.append((entry.status, real_now()))
            self.changed.notify_all()

    def move(self, entry: Message | Call, status: str) -> None:
        with self.changed:
            entry.status = status
            entry.states.append((status, real_now()))
            self.changed.notify_all()

    def touch(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def texts_to(self, number: str) -> list[Message]:
        """Texts that the bot sent to this number, oldest first."""
        with self.changed:
            return [m for m in self.messages if m.to == number and m.direction != "inbound"]

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
