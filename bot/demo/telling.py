"""Prints what phones get and send, as a transcript; waits for what is to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.standin.ledger import Call, Ledger, Message
from bot.standin.settings import Phone

PATIENCE_S = 30.0
Found = TypeVar("Found")


class StoryBroken(Exception):
    """Something that the story waits for did not happen; the message says what."""


class Transcript:
    """Every text and call once, in order, with the clinic's clock."""

    def __init__(self, ledger: Ledger, phones: tuple[Phone, ...], zone: ZoneInfo) -> None:
        self._ledger = ledger
        self._names = {phone.number: phone.label for phone in phones}
        self._zone = zone
        self._told: set[int] = set()

    def tell(self) -> None:
        """Prints what is new."""
        with self._ledger.changed:
            entries: list[Message | Call] = [*self._ledger.messages, *self._ledger.calls]
        for entry in sorted(entries, key=lambda e: e.number):
            if entry.number not in self._told:
                self._told.add(entry.number)
                print(f"  {self._clock(entry.shown_at)}  {self._words(entry)}", flush=True)

    def _clock(self, at: str) -> str:
        return f"{datetime.fromisoformat(at).astimezone(self._zone):%a %b %d %H:%M}"

    def _words(self, entry: Message | Call) -> str:
        if isinstance(entry, Call):
            return f"[the clinic CALLS {self._name(entry.to)}]"
        if entry.direction == "inbound":
            return f"{self._name(entry.sender)}: {entry.body}"
        return f"-> {self._name(entry.to)}: {entry.body}"

    def _name(self, number: str) -> str:
        return self._names.get(number, number)

    def wait_for(self, what: str, look: Callable[[], Found | None]) -> Found:
        """What `look` finds, and the transcript up to it.

        :raises StoryBroken: it did not come.
        """
        found = self._ledger.wait_for(look, PATIENCE_S)
        self.tell()
        if found is None:
            raise StoryBroken(f"waited {PATIENCE_S:.0f} s for {what}")
        return found

    def wait_for_text(self, number: str, words: str, after: int = 0) -> Message:
        """The first text to that number, after so many others, that holds these words."""
        return self.wait_for(
            f"a text to {self._name(number)} with {words!r}",
            lambda: next((m for m in self._ledger.texts_to(number)[after:] if words in m.body), None),
        )

    def wait_for_call(self, number: str) -> Call:
        """The first call to that number that rings."""
        return self.wait_for(
            f"a call to {self._name(number)}",
            lambda: next((c for c in self._ledger.calls_to(number) if c.status != "queued"), None),
        )
