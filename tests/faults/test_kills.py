"""kill -9 at every failpoint of every walk, with real processes on a real PostgreSQL; then the invariants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.failpoints import Failpoint
from bot.runtime import set_clock_file
from tests.faults.invariants import assert_all_hold
from tests.faults.plant import KIM, Plant

pytestmark = pytest.mark.xdist_group("faults")  # one plant for all of them

SETTLES_S = 40  # the promise is 120 s for pages and 60 s for rows; leases are short here
HALF_DONE = text("SELECT id FROM outbox WHERE state IN ('claimed', 'sending', 'unknown')")
RED_FLAG = "I can't feel my legs"


def a_red_flag(plant: Plant) -> None:
    """A patient texts what must be paged."""
    plant.standin.phone_texts(plant.enrols()[0], RED_FLAG)


def a_check_in(plant: Plant) -> None:
    """A patient whose day has come."""
    plant.enrols()


def a_later_page(plant: Plant) -> None:
    """Two minutes pass, and the worker plans the call."""
    a_red_flag(plant)
    set_clock_file(plant.clock_file, plant.runtime.now() + timedelta(minutes=2))


def an_acknowledgement(plant: Plant) -> None:
    """Kim takes the newest alert by text; told twice if need be."""
    a_red_flag(plant)
    before = len(plant.ledger.texts_to(KIM))
    page = plant.wait_until(
        lambda: next((m for m in plant.ledger.texts_to(KIM)[before - 1 :] if "ACK " in m.body), None), 10, "a page"
    )
    plant.standin.phone_texts(KIM, f"ACK {page.body.split('ACK ')[1].split()[0]}")


def a_text_without_webhook(plant: Plant) -> None:
    """The provider has it, and nobody was told."""
    plant.standin.carrier.texting.take(plant.enrols()[0], RED_FLAG)


WALKS: dict[Failpoint, Callable[[Plant], None]] = {
    Failpoint.TEXT_ARRIVED: a_red_flag,
    Failpoint.TEXT_KEPT: a_red_flag,
    Failpoint.TEXT_SORTED: a_red_flag,
    Failpoint.ALERT_OPENED: a_red_flag,
    Failpoint.TEXT_ANSWERED: a_red_flag,
    Failpoint.CHECK_IN_WRITTEN: a_check_in,
    Failpoint.CHECK_IN_STARTED: a_check_in,
    Failpoint.ROW_CLAIMED: a_check_in,
    Failpoint.ROW_BEGUN: a_check_in,
    Failpoint.ROW_REQUESTED: a_check_in,
    Failpoint.ROW_RECORDED: a_check_in,
    Failpoint.ROW_LOOKED_UP: a_check_in,
    Failpoint.RECEIPT_ARRIVED: a_check_in,
    Failpoint.RECEIPT_KEPT: a_check_in,
    Failpoint.PAGE_PLANNED: a_later_page,
    Failpoint.PAGES_WRITTEN: a_later_page,
    Failpoint.ALERT_TAKEN: an_acknowledgement,
    Failpoint.SWEEP_FOUND: a_text_without_webhook,
}


@pytest.mark.parametrize("point", list(Failpoint))
def test_a_kill_loses_nothing_and_doubles_nothing(plant: Plant, point: Failpoint) -> None:
    """Killed there once; everything else goes on, and what was begun is finished by somebody."""
    if point in (Failpoint.ROW_LOOKED_UP, Failpoint.ROW_REQUESTED):  # only a look-up can tell what was sent
        plant.standin.faults.change({"outage": "500_accepted", "outage_on": ["texts"], "outage_times": 1})
        plant.standin.faults.no_callbacks = True
    plant.arm(point)
    WALKS[point](plant)
    plant.wait_until(lambda: not plant.is_armed(point), 30, f"{point} was passed")
    counts = assert_all_hold(plant, SETTLES_S)
    assert counts.check_ins > 0


@pytest.mark.parametrize("point", [Failpoint.ROW_BEGUN, Failpoint.ROW_REQUESTED, Failpoint.TEXT_SORTED])
def test_a_killed_page_is_paged(plant: Plant, point: Failpoint) -> None:
    """The same on the pages' lane."""
    plant.arm(point)
    a_red_flag(plant)
    plant.wait_until(lambda: not plant.is_armed(point), 30, f"{point} was passed")
    assert_all_hold(plant, SETTLES_S)


def test_workers_that_are_asked_to_stop_finish_what_they_began(plant: Plant) -> None:
    """SIGTERM in the middle of slow requests: they end by themselves, and nothing has to be looked up."""
    plant.standin.faults.answer_delay_s = 1.0
    plant.enrols(30)
    before = len(plant.ledger.sent)
    plant.wait_until(lambda: len(plant.ledger.sent) > before + 4, 20, "sending is under way")
    with plant.workers_asked_to_stop() as codes, plant.runtime.database.begin() as tx:
        assert codes == [0, 0]
        assert tx.find(HALF_DONE) is None
    plant.standin.faults.clear()
    assert_all_hold(plant, SETTLES_S)


def test_the_killed_were_started_again(plant: Plant) -> None:
    """Otherwise nothing above would have been a kill."""
    assert plant.killed >= 3  # which process comes to a point first is chance: a web is started again by gunicorn
    assert not list(plant.points.iterdir())
