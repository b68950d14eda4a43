"""One browser, and one clinic of real processes, for every test of this folder; each begins with nobody in it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.exc import OperationalError

from bot.services.health import beat
from bot.storage.tables.base import metadata
from tests.browser.chromium import LEFT_OUT, find_chromium, launch, must_run
from tests.browser.person import Person
from tests.conftest import fresh_database
from tests.faults.plant import QUICK, Plant, running_plant
from tests.story import Clinic

Comes = Callable[..., Person]
START = "2026-03-02 12:00"
SENDING = {
    **QUICK,
    "sweep": {"every_s": 3600, "overlap_minutes": 10, "late_after_minutes": 2},
}  # finds nothing of others
KEPT = {"heartbeats", "lanes"}  # of the processes, not of the clinic


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Every test that is left out says so from the same place: pytest folds them into one line."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and LEFT_OUT in report.longrepr[2]:
        report.longrepr = (__file__, 1, LEFT_OUT)
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine; without one its tests are left out, unless they must run: then they fail."""
    path = find_chromium()
    if path is None:
        (pytest.fail if must_run() else pytest.skip)(LEFT_OUT)
    with sync_playwright() as playwright:
        opened = launch(playwright, path)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def plant(browser: Browser, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """gunicorn, a worker, an auditor, the stand-in."""
    assert browser
    with (
        fresh_database(postgres) as url,
        running_plant(
            url, tmp_path_factory.mktemp("plant"), workers=1, sending=SENDING, staff=None, auditor=True
        ) as running,
    ):
        yield running


@pytest.fixture
def clinic(plant: Plant) -> Clinic:
    """The running clinic at noon of Monday, March 2nd 2026, with nobody in it."""
    return emptied(plant)


def emptied(plant: Plant) -> Clinic:
    """The same processes, a clinic of which nobody knows anything yet."""
    running = Clinic(plant.runtime, plant.standin, plant.clock_file)
    running.it_is(START)
    plant.wait_until(lambda: not _is_sending(plant), 10, "the last story's texts have left")
    plant.standin.ledger.forget()
    plant.wait_until(lambda: _emptied(plant), 10, "nobody else is at the tables")
    beat(plant.runtime)
    return running


def _emptied(plant: Plant) -> bool:
    """Empties every table; False if a process that is at work was in the way (a deadlock, which PostgreSQL ends)."""
    names = ", ".join(table.name for table in metadata.sorted_tables if table.name not in KEPT)
    try:
        with plant.runtime.database.engine.begin() as connection:
            connection.exec_driver_sql(f"TRUNCATE {names}")
    except OperationalError:
        return False
    return True


def _is_sending(plant: Plant) -> bool:
    with plant.runtime.database.engine.begin() as connection:
        return bool(connection.exec_driver_sql("SELECT 1 FROM outbox WHERE state IN ('claimed', 'sending')").first())


@pytest.fixture
def at(browser: Browser, clinic: Clinic) -> Iterator[Comes]:
    """Brings a member of staff before a browser of their own; whatever a browser complained of fails the test."""
    here: list[Person] = []

    def comes(username: str, *, phone: bool = False) -> Person:
        here.append(Person.before(browser, clinic, username, phone=phone))
        return here[-1]

    yield comes
    for person in here:
        person.page.context.close()
    trouble = [f"{person.username}: {line}" for person in here for line in person.complaints()]
    assert not trouble, "\n".join(trouble)
