"""Shows that the times of CONTRACT.md hold on this machine: moves the clock file, kills a worker, stops the provider,
and reads the stand-in's ledger. Real processes, real database; a bound that does not hold makes it exit 1."""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.demo.machine import Machine, Ports
from bot.demo.people import BELL, DANA, JORDAN, KIM, MARCUS, MORALES, PHONES, RIVERA, SOFIA, employ, enrol
from bot.demo.play import DAY_1, INJECTED_AT, ZONE

ROWS: list[tuple[str, float, float]] = []


def took(machine: Machine, what: str, bound_s: float, look: Callable[[], object]) -> None:
    """Waits for what the ledger must show, and keeps how long it took."""
    start = time.monotonic()
    found = machine.standin.ledger.wait_for(lambda: look() or None, bound_s * 2 + 5)
    ROWS.append((what, bound_s, time.monotonic() - start if found else float("inf")))


def texts(machine: Machine, number: str) -> int:
    """How many texts the bot sent there."""
    return len(machine.standin.ledger.texts_to(number))


def calls(machine: Machine, number: str) -> int:
    """How many calls the bot made there."""
    return len(machine.standin.ledger.calls_to(number))


def more_than(machine: Machine, before: int) -> Callable[[], bool]:
    """Whether kim was paged again."""
    return lambda: texts(machine, KIM) + calls(machine, KIM) > before


def main() -> None:
    """One clinic, one run."""
    with Machine(INJECTED_AT + timedelta(hours=2), PHONES, Ports()) as m:
        employ(m.runtime)
        for person in (JORDAN, SOFIA, BELL):
            enrol(m.runtime, person, INJECTED_AT)
        _check_in_and_reply(m)
        _paging(m)
        _outage(m)
        _killed_worker(m)
        _readiness(m)
    print(f"\n{'what':58} {'bound':>8} {'took':>8}")
    for what, bound, seconds in ROWS:
        print(f"{what:58} {bound:6.0f} s {seconds:6.2f} s{'' if seconds <= bound else '   TOO LATE'}")
    sys.exit(any(seconds > bound for _, bound, seconds in ROWS))


def _check_in_and_reply(m: Machine) -> None:
    m.move_to(DAY_1)
    took(m, "a check-in that a clock move made due", 10, lambda: texts(m, DANA) == 1)
    took(m, "all three of them", 10, lambda: all(texts(m, n) == 1 for n in (DANA, MORALES, MARCUS)))
    m.standin.phone_texts(DANA, "no")
    took(m, "a reply", 10, lambda: texts(m, DANA) == 2)


def _paging(m: Machine) -> None:
    m.standin.phone_texts(DANA, "he can't feel his legs")
    took(m, "red flag received to first page requested", 1, lambda: texts(m, KIM) == 1)
    opened = m.runtime.now()
    m.move_to(opened + timedelta(minutes=2))
    took(m, "a page that a clock move made due: voice, emergency", 1, lambda: calls(m, KIM) == 1)
    m.move_to(opened + timedelta(minutes=5))
    took(m, "a page that a clock move made due: tier 2, emergency", 1, lambda: texts(m, RIVERA) == 1)
    for minutes in (15, 25, 35):
        before = texts(m, KIM) + calls(m, KIM)
        m.move_to(opened + timedelta(minutes=minutes))
        took(m, f"still a page after {minutes} minutes", 1, more_than(m, before))
    code = m.standin.ledger.texts_to(KIM)[0].body.split("ACK ")[1].split()[0]
    m.standin.phone_texts(KIM, f"ack {code}")
    took(m, "the answer to an acknowledgement", 10, lambda: "You have ref" in m.standin.ledger.texts_to(KIM)[-1].body)


def _outage(m: Machine) -> None:
    m.standin.faults.outage = "503"
    m.standin.phone_texts(MARCUS, "I have a fever of 102")
    m.move_to(datetime(2026, 3, 7, 10, 0, tzinfo=ZONE))
    time.sleep(15)
    pages, check_ins = texts(m, KIM) + calls(m, KIM), texts(m, MORALES)
    m.standin.faults.clear()
    took(m, "provider outage over: pages", 30, lambda: texts(m, KIM) + calls(m, KIM) > pages)
    took(m, "provider outage over: check-ins", 120, lambda: texts(m, MORALES) > check_ins)


def _killed_worker(m: Machine) -> None:
    m.standin.faults.outage, m.standin.faults.slow_s = "slow", 4.0
    before = texts(m, MORALES)
    m.standin.phone_texts(MORALES, "me arde un poco el piquete")
    time.sleep(1.2)  # its answer is being sent, and nobody will learn how that ended
    m.replace_worker()
    m.standin.faults.clear()
    took(m, "a worker killed while sending: found sent, or sent", 60, lambda: texts(m, MORALES) > before)
    time.sleep(30)
    rows = [text.callback for text in m.standin.ledger.texts_to(MORALES)[before:]]  # the address carries the row's id
    twice = len(rows) != len(set(rows))  # other rows may still come in from the outage before
    ROWS.append(("... and not sent twice", 1, float("inf") if twice else 0.0))


def _readiness(m: Machine) -> None:
    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"{m.console_url}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            return False

    for days in (30, -30):
        m.move_to(m.runtime.now() + timedelta(days=days))
        start = time.monotonic()
        while not ready() and time.monotonic() - start < 20:
            time.sleep(0.1)
        ROWS.append((f"ready again after the clock jumped {days:+} days", 10, time.monotonic() - start))


main()
