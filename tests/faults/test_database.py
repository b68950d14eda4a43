"""The database restarted in the middle of things, and gone for a while: nothing that was answered 2xx is missing."""

from __future__ import annotations

import time

import pytest

from tests.faults.invariants import assert_all_hold
from tests.faults.plant import Plant
from tests.faults.server import OwnServer

pytestmark = pytest.mark.xdist_group("faults")  # one plant for all of them

RED_FLAG = "I can't feel my legs"


def test_an_immediate_restart_in_the_middle_of_things(plant: Plant, server: OwnServer) -> None:
    """Forty check-ins under way, texts coming in, every connection gone at once."""
    before = assert_all_hold(plant, 60)
    numbers = plant.enrols(40)
    for number in numbers[:10]:
        plant.standin.carrier.phone_texts_soon(number, RED_FLAG)
    time.sleep(0.5)
    server.restart_immediately()
    for number in numbers[10:15]:
        plant.standin.carrier.phone_texts_soon(number, RED_FLAG)
    counts = assert_all_hold(plant, 60)
    assert counts.check_ins == before.check_ins + 40
    assert counts.alerts == before.alerts + 15


def outage_without_database(plant: Plant, server: OwnServer, seconds: float, texts: int) -> list[int]:
    """What the webhook answered meanwhile."""
    numbers = plant.enrols(texts)
    assert_all_hold(plant, 60)
    server.stop_immediately()
    begun = time.monotonic()
    answers: list[int] = []
    for number in numbers:
        asked = time.monotonic()
        answers += plant.standin.phone_texts(number, RED_FLAG).webhook
        assert time.monotonic() - asked < 10, "CONTRACT.md: 5xx within 10 s"
    assert plant.is_live()
    assert not plant.is_ready()
    time.sleep(max(0.0, begun + seconds - time.monotonic()))
    server.start()
    return answers


def test_without_a_database_the_webhook_never_says_yes_and_afterwards_nothing_is_missing(
    plant: Plant, server: OwnServer
) -> None:
    """The texts are found in the provider's list; those who wrote them are paged about."""
    before = assert_all_hold(plant, 60)
    answers = outage_without_database(plant, server, seconds=8, texts=6)
    assert len(answers) == 6
    assert all(500 <= status <= 599 for status in answers), answers
    counts = assert_all_hold(plant, 60)
    assert counts.alerts == before.alerts + 6
