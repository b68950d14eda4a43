"""A clinic whose story is written down as a phone screen: the real web, database and stand-in, duties done by hand.

screen = Screen(clinic)
amy = screen.phone("Amy", "+19135550111")
screen.it_is("2026-03-03 10:00")
amy.texts("no")
screen.written  # the whole conversation, as a clinician reads it

No worker runs: after each move the duties are done in turn until nothing is left to do, so that the same story gives
the same lines in the same order every time.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bot.services import alerts, conversations, outbox, telling
from bot.standin.ledger import Message
from tests.story import BOT, CHICAGO, Clinic, Telephone, running_clinic

WIDTH, BUBBLE = 78, 54
DUTIES = (
    conversations.start_due,
    conversations.pass_overdue,
    conversations.expire_unanswered,
    alerts.page_due,
    telling.tell_waiting,
    partial(outbox.deliver_waiting, pages=True),
    partial(outbox.deliver_waiting, pages=False),
)
STAFF = ("Kim",)
ROUNDS = 4  # a duty's work may be another's: a check-in starts, then its text leaves


@dataclass
class Screen:
    """The clinic and what its phones have shown so far, line by line."""

    clinic: Clinic
    names: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    shown: int = 0
    rung: int = 0
    told: set[str] = field(default_factory=set)
    day: str = ""

    def phone(self, name: str, number: str) -> ScreenPhone:
        """Somebody's phone under that name; only named phones are shown."""
        self.names[number] = name
        return ScreenPhone(self, self.clinic.phone(number))

    def it_is(self, local: str) -> None:
        """Moves the clock and lets happen what falls due."""
        self.clinic.it_is(local)
        self.settle()

    def wait(self, **span: float) -> None:
        """Lets so much time pass."""
        self.clinic.wait(**span)
        self.settle()

    def tell(self, words: str) -> None:
        """A line of the story that no phone shows."""
        self.lines += ["", *textwrap.wrap(f"({words})", WIDTH), ""]

    def settle(self) -> None:
        """Every duty, until nothing more happens."""
        for _ in range(ROUNDS):
            done = [duty(self.clinic.runtime) for duty in DUTIES]
            if not any(done):
                break
        self._show()

    def _show(self) -> None:
        ledger = self.clinic.standin.ledger
        for message in sorted(ledger.messages[self.shown :], key=self._place):
            self._show_text(message)
        for call in ledger.calls[self.rung :]:
            self._stamp()
            self.lines.append(f"[{self.names.get(call.to, call.to)}'s phone rings: a page by voice]".center(WIDTH))
        self.shown, self.rung = len(ledger.messages), len(ledger.calls)
        for item in self.clinic.work_list:
            if str(item.id) not in self.told:
                self.told.add(str(item.id))
                self._stamp()
                self.lines.append(f"[work list: {item.kind.replace('_', ' ')}]".center(WIDTH))

    def _place(self, message: Message) -> tuple[bool, bool, str]:
        """Texts to different phones leave side by side: what came in first, then staff, then patients by number."""
        staff = self.names.get(message.phone) in STAFF
        return message.direction != "inbound", not staff, message.phone

    def _show_text(self, message: Message) -> None:
        self._stamp()
        who = self.names.get(message.phone, "?")
        body = tidy(message.body) + (" [a photo]" * bool(message.media))
        if message.direction == "inbound":
            wrapped = textwrap.wrap(body, BUBBLE) or ["[nothing]"]
            self.lines += [f"{who} >".rjust(WIDTH), *(line.rjust(WIDTH) for line in wrapped)]
        else:
            sender = "carrier" if message.direction == "carrier" else "bot"
            self.lines += [f"{sender} to {who}:", *(f"  {line}" for line in textwrap.wrap(body, BUBBLE + 10))]

    def _stamp(self) -> None:
        now = self.clinic.runtime.now().astimezone(self.clinic.zone)
        stamp = f"{now:%A} {now:%B} {now.day}, {now.hour}:{now:%M}"
        if stamp != self.day:
            self.lines += ["", stamp.center(WIDTH, "-"), ""]
            self.day = stamp

    @property
    def written(self) -> str:
        """The story so far."""
        text = "\n".join(line.rstrip() for line in self.lines).strip("\n")
        return re.sub(r"\n{3,}", "\n\n", text) + "\n"


@dataclass
class ScreenPhone:
    """A phone on the screen."""

    screen: Screen
    telephone: Telephone

    def texts(self, words: str, *, media: int = 0) -> None:
        """They text the bot, and everything that follows happens."""
        self.telephone.texts(words, media=media)
        self.screen.settle()

    @property
    def number(self) -> str:
        return self.telephone.number


def tidy(body: str) -> str:
    """Codes and addresses differ from run to run."""
    body = re.sub(r"http://127\.0\.0\.1:\d+", "https://console", body)
    body = re.sub(r"\b(ACK|ref|Ref|/a/)( ?)[A-Z0-9]{4}\b", r"\1\2XXXX", body)
    return re.sub(r"/a/[A-Z0-9]{4}\b", "/a/XXXX", body).replace(BOT, "the bot's number")


@contextmanager
def a_screen(parts: dict[str, Any], folder: Path, *, start: str = "2026-03-02 12:00") -> Iterator[Screen]:
    """A clinic without a worker, on the day of the injection."""
    with running_clinic(parts, folder, start=start, with_worker=False) as clinic:
        assert clinic.zone is CHICAGO
        yield Screen(clinic)
