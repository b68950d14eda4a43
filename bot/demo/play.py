"""One patient's whole story, played through HTTP by the real processes and printed as a transcript."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import requests

from bot.demo.machine import Machine, Ports
from bot.demo.people import DANA, JORDAN, KIM, PASSWORD, PHONES, RIVERA, employ, enrol
from bot.demo.telling import Transcript
from bot.services.timeline import find_timeline, read_aloud

ZONE = ZoneInfo("America/Chicago")
INJECTED_AT = datetime(2026, 3, 2, 9, 30, tzinfo=ZONE)
DAY_1, DAY_5 = (datetime(2026, 3, day, 10, 0, tzinfo=ZONE) for day in (3, 7))


def play() -> None:
    """Plays the story; StoryBroken or RuntimeError if anything in it does not happen."""
    phones = tuple(phone for phone in PHONES if phone.number in (DANA, KIM, RIVERA))
    with Machine(INJECTED_AT + timedelta(hours=2), phones, Ports()) as machine:
        transcript = Transcript(machine.standin.ledger, phones, ZONE)
        _enrolment(machine)
        _day_1(machine, transcript)
        code = _day_5(machine, transcript)
        _acknowledge(machine, transcript, code)
        _close(machine, transcript, code)
        _timeline(machine)
    print("\nThe story is told: everything in it happened.")


def _title(words: str) -> None:
    print(f"\n== {words}", flush=True)


def _enrolment(machine: Machine) -> None:
    _title("Monday: Jordan Lee, 14, has had the injection and is enrolled; his mother Dana texts for him")
    employ(machine.runtime)
    enrolled = enrol(machine.runtime, JORDAN, INJECTED_AT)
    for check_in in enrolled.check_ins:
        print(f"  {check_in.name:8} {check_in.due_at.astimezone(ZONE):%a %b %d %H:%M}  {check_in.state}")


def _day_1(machine: Machine, transcript: Transcript) -> None:
    _title("Day 1: everything as expected")
    machine.move_to(DAY_1)
    transcript.wait_for_text(DANA, "day 1")
    for number, (answer, expected) in enumerate(
        (
            ("No", "2 of 4"),
            ("no, none of that", "3 of 4"),
            ("3, a little sore where the needle went in", "4 of 4"),
            ("about 80 percent", "that is all for day 1"),
        ),
        1,
    ):
        machine.standin.phone_texts(DANA, answer)
        transcript.wait_for_text(DANA, expected, after=number)


def _day_5(machine: Machine, transcript: Transcript) -> str:
    _title("Day 5: a red flag, and nobody answers the first page")
    machine.move_to(DAY_5)
    transcript.wait_for_text(DANA, "day 5")
    machine.standin.phone_texts(DANA, "my son has a temp of 101.5 and chills")
    transcript.wait_for_text(DANA, "alerted")
    page = transcript.wait_for_text(KIM, "ACK ")
    found = re.search(r"ACK ([A-Z0-9]+)", page.body)
    assert found is not None
    print("  ... nine minutes pass and nobody answers ...")
    machine.move_to(DAY_5 + timedelta(minutes=9, seconds=30))
    transcript.wait_for_call(KIM)
    print("  ... it rings out; fourteen minutes since the text ...")
    machine.move_to(DAY_5 + timedelta(minutes=14, seconds=30))
    transcript.wait_for_text(RIVERA, f"ACK {found[1]}")
    transcript.wait_for_call(RIVERA)
    return found[1]


def _acknowledge(machine: Machine, transcript: Transcript, code: str) -> None:
    _title("Dr. Rivera takes it")
    machine.standin.phone_texts(RIVERA, f"ACK {code}")
    transcript.wait_for_text(RIVERA, f"You have ref {code}")
    transcript.wait_for_text(KIM, "taken by rivera")
    transcript.wait_for_text(DANA, "has seen your message")


def _close(machine: Machine, transcript: Transcript, code: str) -> None:
    _title("She phones Dana, sends Jordan to be seen today, and closes the alert in the console")
    machine.move_to(DAY_5 + timedelta(minutes=31))
    console = requests.Session()
    console.trust_env = False
    sign_in = {"username": "rivera", "password": PASSWORD}
    _submit(console, f"{machine.console_url}/sign-in", "/sign-in", sign_in)
    outcome = {"outcome": "office_today", "note": "Seen at 2 pm. Site clean, throat red. Bloods taken."}
    _submit(console, f"{machine.console_url}/a/{code}", "/close", outcome)
    transcript.wait_for_text(DANA, "Thank you for talking with us")
    print("  outcome: office_today")


def _submit(console: requests.Session, page: str, action: str, fields: dict[str, str]) -> None:
    """Opens a page and submits its form as a browser would, the hidden token included."""
    shown = console.get(page, timeout=20)
    shown.raise_for_status()
    forms = re.findall(r"<form[^>]*?>.*?</form>", shown.text, re.DOTALL)
    form = next(f for f in forms if re.search(rf'action="[^"]*{re.escape(action)}[^"]*"', f))
    address = re.search(r'action="([^"]*)"', form)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert address is not None
    assert token is not None
    target = urljoin(shown.url, unescape(address[1]))
    console.post(target, fields | {"csrf_token": token[1]}, timeout=20).raise_for_status()


def _timeline(machine: Machine) -> None:
    _title("What the clinician sees")
    timeline = find_timeline(machine.runtime, JORDAN["mrn"])
    assert timeline is not None
    for line in read_aloud(timeline):
        print(f"  {line}")
