"""Takes the pictures in docs/screenshots, of the demo and the console, at two widths, from the real processes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page, sync_playwright

from bench.seeding import seed_procedures
from bot.demo.machine import Machine, Ports
from bot.demo.people import BELL, DANA, JORDAN, KIM, MARCUS, MORALES, PASSWORD, PHONES, SOFIA, employ, enrol
from bot.demo.play import DAY_1, DAY_5, INJECTED_AT
from bot.storage.patients import find_patient_by_mrn

TARGET = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
WIDTHS = {1280: 900, 390: 844}
FLAGS = (  # PLATFORM.md 4.4
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def main() -> None:
    """A small clinic in which a red flag has just come in."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No chromium was found. Install it: apt-get install -y --no-install-recommends chromium")
    TARGET.mkdir(parents=True, exist_ok=True)
    with Machine(INJECTED_AT + timedelta(hours=2), PHONES, Ports()) as machine, sync_playwright() as playwright:
        _live(machine)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for width, height in WIDTHS.items():
            _shoot(machine, browser, width, height)
        _months_later(machine)
        for width, height in WIDTHS.items():
            _shoot_relief(machine, browser, width, height)
        browser.close()


def _live(machine: Machine) -> None:
    employ(machine.runtime)
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
    heard(KIM, 1)
    machine.move_to(DAY_5 + timedelta(minutes=9, seconds=30))
    assert ledger.wait_for(lambda: next((c for c in ledger.calls_to(KIM) if c.status == "ringing"), None), 30)


def _shoot(machine: Machine, browser: Browser, width: int, height: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(machine.standin.url)
    page.wait_for_selector("article.phone:visible")
    page.wait_for_timeout(1500)
    _save(page, f"demo-{width}")
    page.goto(f"{machine.console_url}/sign-in")
    _save(page, f"sign-in-{width}")
    page.fill("input[name=username]", "kim")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state()
    _save(page, f"console-{width}")
    code = machine.standin.ledger.texts_to(KIM)[0].body.split("ACK ")[1].split()[0]
    page.goto(f"{machine.console_url}/a/{code}")
    _save(page, f"alert-{width}", whole=True)
    page.click("a[href*='/patients/']")
    page.wait_for_load_state()
    _save(page, f"patient-{width}", whole=True)
    page.close()


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


def _shoot_relief(machine: Machine, browser: Browser, width: int, height: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{machine.console_url}/sign-in")
    page.fill("input[name=username]", "kim")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state()
    with machine.runtime.database.begin() as tx:
        jordan = find_patient_by_mrn(tx, JORDAN["mrn"])
    assert jordan is not None
    for name, address in (("relief", f"patients/{jordan.id}/relief"), ("cohort", "cohort")):
        page.goto(f"{machine.console_url}/{address}")
        page.wait_for_selector(".live:not([hidden]) svg", timeout=60_000)
        _save(page, f"{name}-{width}", whole=True)
        if width == max(WIDTHS):
            page.pdf(path=TARGET / f"{name}-print.pdf", prefer_css_page_size=True)
    page.close()


def _save(page: Page, name: str, *, whole: bool = False) -> None:
    page.screenshot(path=TARGET / f"{name}.png", full_page=whole)
    print(f"docs/screenshots/{name}.png")


main()
