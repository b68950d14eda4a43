"""Takes the pictures in docs/screenshots, of the demo and the console, at two widths, from the real processes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.seeding import seed_procedures
from bot.demo.machine import Machine, Ports
from bot.demo.people import BELL, DANA, JORDAN, KIM, MARCUS, MORALES, PASSWORD, PHONES, SOFIA, employ, enrol
from bot.demo.play import DAY_1, DAY_5, INJECTED_AT
from bot.exchange.enrolment import RotaIn, StaffIn, read_list
from bot.services.people import add_staff, set_rota
from bot.standin.ledger import Message
from bot.storage.alerts import list_open_alerts
from bot.storage.patients import find_patient_by_mrn
from bot.storage.staff import find_staff
from tests.browser.chromium import LEFT_OUT, find_chromium, launch

TARGET = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
WIDTHS = {1280: 900, 390: 844}
COLOURS = 96  # of an octree: chosen by how often they come, the few dots of a chart lose theirs; under 150 KB
LONGEST_PX = 1900  # a whole page is cut off below
CODE = re.compile(r"ACK ([A-Z0-9]+)")
MORE_STAFF = [
    {"username": "root", "name": "Ada Bloom", "role": "admin", "phone": "+19135550192", "password": PASSWORD},
    {"username": "rosa", "name": "Rosa Lind", "role": "receptionist", "password": PASSWORD},
]
CHART = ".live:not([hidden]) svg"


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the page's address, and what is done there before it is taken."""

    name: str
    path: str
    whole: bool = True
    comes: str = "main h1"
    first: Callable[[Page], object] | None = None
    paper: bool = False


def main() -> None:
    """A small clinic in which a red flag has just come in, and the same clinic months later."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(LEFT_OUT.replace("the browser tests were left out: ", "").capitalize())
    TARGET.mkdir(parents=True, exist_ok=True)
    with Machine(INJECTED_AT + timedelta(hours=2), PHONES, Ports()) as machine, sync_playwright() as playwright:
        browser = launch(playwright, chromium)
        _live(machine)
        _shoot_demo(machine, browser)
        _shoot(machine, browser, "kim", _of_the_day(machine))
        _shoot(machine, browser, "rosa", [Shot("enrol", "enrol"), Shot("enrol-check", "enrol", first=_fill_in)])
        _shoot(machine, browser, "root", _of_the_house(machine))
        _shoot_dark(machine, browser)
        _months_later(machine)
        _shoot(machine, browser, "rivera", _of_the_months(machine))
        browser.close()


def _live(machine: Machine) -> None:
    employ(machine.runtime)
    add_staff(machine.runtime, read_list(StaffIn, MORE_STAFF), "demo")
    on_call = [{"username": name, "tier": tier} for name, tier in (("kim", 1), ("rivera", 2))]
    set_rota(machine.runtime, read_list(RotaIn, on_call), "demo")
    for person in (JORDAN, SOFIA, BELL):
        enrol(machine.runtime, person, INJECTED_AT)
    ledger = machine.standin.ledger

    def heard(number: str, count: int) -> None:
        found = ledger.wait_for(lambda: len(ledger.texts_to(number)) >= count or None, 30)
        assert found, f"{number} did not get text {count}"

    machine.move_to(DAY_1)
    for number in (DANA, MORALES, MARCUS):
        heard(number, 1)
    for number, words in (
        (DANA, "no to all, pain is 3, about 80% better"),
        (MORALES, "no"),
        (MARCUS, "No to all. 4, maybe 60 percent. Can I row on Friday?"),
    ):
        machine.standin.phone_texts(number, words)
        heard(number, 2)
    machine.move_to(DAY_5)
    heard(DANA, 3)
    machine.standin.phone_texts(DANA, "my son has a temp of 101.5 and chills")
    assert ledger.wait_for(lambda: _page_to_kim(machine), 30), "Kim was not paged"
    machine.move_to(DAY_5 + timedelta(minutes=9, seconds=30))
    assert ledger.wait_for(lambda: next((c for c in ledger.calls_to(KIM) if c.status == "ringing"), None), 30)


def _page_to_kim(machine: Machine) -> Message | None:
    """The text that pages her: others may have come before it."""
    return next((text for text in machine.standin.ledger.texts_to(KIM) if CODE.search(text.body)), None)


def _shoot_demo(machine: Machine, browser: Browser) -> None:
    for width, height in WIDTHS.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(machine.standin.url)
        page.wait_for_selector("article.phone:visible")
        page.wait_for_timeout(1500)
        _save(page, f"demo-{width}", whole=False)
        page.goto(f"{machine.console_url}/sign-in")
        _save(page, f"sign-in-{width}", whole=False)
        page.close()


def _of_the_day(machine: Machine) -> list[Shot]:
    """What a nurse sees while an alert is open."""
    with machine.runtime.database.begin() as tx:
        (alert,) = list_open_alerts(tx)
    return [
        Shot("console", "", whole=False),
        Shot("alert", f"alerts/{alert.id}", paper=True),
        Shot("patient", f"patients/{alert.patient_id}", paper=True),
        Shot("patients", "patients", whole=False),
        Shot("on-call", "on-call", paper=True),
        Shot("messages", "messages"),
        Shot("protocol", "protocol"),
        Shot("flags", "flags"),
        Shot("menu", "", whole=False, first=lambda page: page.locator(".more > summary").click()),
    ]


def _of_the_house(machine: Machine) -> list[Shot]:
    """What an administrator sees."""
    with machine.runtime.database.begin() as tx:
        kim = find_staff(tx, "kim")
    assert kim is not None
    return [
        Shot("rota", "on-call/rota"),
        Shot("staff", "staff"),
        Shot("staff-member", f"staff/{kim.id}"),
        Shot("audit", "audit"),
        Shot("csv", "enrol/csv"),
    ]


def _of_the_months(machine: Machine) -> list[Shot]:
    """What a clinician reads."""
    with machine.runtime.database.begin() as tx:
        jordan = find_patient_by_mrn(tx, JORDAN["mrn"])
    assert jordan is not None
    return [
        Shot("relief", f"patients/{jordan.id}/relief", comes=CHART, paper=True),
        Shot("cohort", "cohort", comes=CHART, paper=True),
        Shot("review", "review"),
    ]


def _fill_in(page: Page) -> None:
    """A receptionist's minute."""
    for label, words in (
        ("Record number", "A-1004"),
        ("Name", "Ines Duarte"),
        ("Birth date", "1993-04-17"),
        ("Mobile number for the texts", "(913) 555-0104"),
        ("Pain before it", "7"),
    ):
        page.get_by_label(label).first.fill(words)
    page.get_by_label("They were shown this wording").check()
    page.get_by_role("button", name="Check it").click()
    page.wait_for_load_state()


_ANSWERS = {14: "", 28: "no", 42: "pain 2, no to all, 50% better", 84: "pain 3, no to all, 50% better"}


def _one_more(machine: Machine, act: Callable[[], object]) -> None:
    """Something is done, and a text reaches Dana."""
    ledger = machine.standin.ledger
    before = len(ledger.texts_to(DANA))
    act()
    assert ledger.wait_for(lambda: len(ledger.texts_to(DANA)) > before or None, 30)


def _months_later(machine: Machine) -> None:
    """Dana is silent in week 2 and answers again; three hundred patients whom nobody wrote surround her son."""
    machine.standin.phone_texts(KIM, "ACK")
    for days, words in _ANSWERS.items():
        _one_more(machine, partial(machine.move_to, INJECTED_AT + timedelta(days=days, hours=6, minutes=30)))
        if words:
            _one_more(machine, partial(machine.standin.phone_texts, DANA, words))
    now = INJECTED_AT + timedelta(days=86)
    seed_procedures(machine.runtime.database, 300, now=now)
    machine.move_to(now)


def _signed_in(machine: Machine, browser: Browser, username: str, width: int, scheme: str = "light") -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.goto(f"{machine.console_url}/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("header.bar")
    return page


def _shoot(machine: Machine, browser: Browser, username: str, shots: Sequence[Shot]) -> None:
    """Every picture of one member, at each width; on paper once."""
    for width in WIDTHS:
        page = _signed_in(machine, browser, username, width)
        for shot in shots:
            page.goto(f"{machine.console_url}/{shot.path}")
            page.wait_for_selector(shot.comes, timeout=60_000)
            if shot.first is not None:
                shot.first(page)
            _save(page, f"{shot.name}-{width}", whole=shot.whole)
            if shot.paper and width == max(WIDTHS):
                page.pdf(path=TARGET / f"{shot.name}-print.pdf", prefer_css_page_size=True)
        page.close()


def _shoot_dark(machine: Machine, browser: Browser) -> None:
    """The work list at night."""
    for width in WIDTHS:
        page = _signed_in(machine, browser, "kim", width, "dark")
        _save(page, f"console-dark-{width}", whole=False)
        page.close()


def _save(page: Page, name: str, *, whole: bool) -> None:
    path = TARGET / f"{name}.png"
    page.screenshot(path=path, full_page=whole)
    with Image.open(path) as taken:
        cut = taken.crop((0, 0, taken.width, min(taken.height, LONGEST_PX)))
        few = cut.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
    print(f"docs/screenshots/{name}.png  {path.stat().st_size // 1024} KB")


main()
