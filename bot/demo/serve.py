"""The demo to play with: phones on a page, the console, and a clinic in which something has happened already."""

from __future__ import annotations

import signal
import threading
from datetime import datetime, time, timedelta
from types import FrameType

from bot.demo.machine import Machine, Ports
from bot.demo.people import BELL, JORDAN, MARCUS, MORALES, PASSWORD, PHONES, SOFIA, employ, enrol
from bot.demo.telling import StoryBroken
from bot.runtime import Clock
from bot.standin.ledger import Message

MORNING = time(9, 50)


def serve(port: int) -> None:
    """Runs until Ctrl-C; the page of phones is at `port`, the console at the next one."""
    stop = threading.Event()

    def _stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    print("Starting a clinic that is not real ...", flush=True)
    today = Clock().now()
    with Machine(today - timedelta(days=20), PHONES, Ports(port, port + 1)) as machine:
        zone = machine.runtime.content.clinic.zone
        this_morning = datetime.combine(today.astimezone(zone).date(), MORNING, tzinfo=zone)
        _live_through(machine, this_morning)
        print(
            f"\n  Telephones     {machine.standin.url}\n  Staff console  {machine.console_url}"
            f"   (kim or rivera, password {PASSWORD})\n\nCtrl-C stops all of it.",
            flush=True,
        )
        stop.wait()
    print("Stopped.")


def _live_through(machine: Machine, this_morning: datetime) -> None:
    """Two weeks of a small clinic: the past is played through the bot, not written into its tables."""
    rt, standin = machine.runtime, machine.standin
    employ(rt)

    def day(days_ago: int, at: time) -> datetime:
        return datetime.combine(this_morning.date() - timedelta(days=days_ago), at, tzinfo=this_morning.tzinfo)

    def answers(number: str, words: str, count: int) -> None:
        standin.phone_texts(number, words)
        _wait(machine, number, count)

    machine.move_to(day(14, time(12)))
    enrol(rt, BELL, day(14, time(9)))
    machine.move_to(day(13, time(10)))
    _wait(machine, MARCUS, 1)
    answers(MARCUS, "no to all, pain is 5, about 75% better at its best", 2)
    machine.move_to(day(9, time(10)))
    _wait(machine, MARCUS, 3)
    answers(MARCUS, "No to all. pain 3, I'd say 60% gone", 4)
    machine.move_to(day(5, time(12)))
    enrol(rt, SOFIA, day(5, time(8, 30)))
    machine.move_to(day(4, time(10)))
    _wait(machine, MORALES, 1)
    answers(MORALES, "no", 2)
    machine.move_to(day(1, time(12)))
    enrol(rt, JORDAN, day(1, time(9, 30)))
    machine.move_to(this_morning)


def _wait(machine: Machine, number: str, count: int) -> None:
    ledger = machine.standin.ledger

    def arrived() -> list[Message] | None:
        texts = ledger.texts_to(number)
        return texts if len(texts) >= count else None

    if ledger.wait_for(arrived, 30) is None:
        raise StoryBroken(f"{number} did not get text {count}")
