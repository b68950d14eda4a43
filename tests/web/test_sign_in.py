"""Who may look, and for how long: a page left open is nobody at the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.services import people
from bot.storage.tables import staff_sessions
from tests.web.conftest import Console

FRAGMENT = "/work-list"
BY_ITSELF = {"X-Asked-By": "page"}


def time_passes(console: Console, span: timedelta) -> None:
    """As if every session had last been seen so much earlier."""
    with console.runtime.database.begin() as tx:
        tx.run(update(staff_sessions).values(seen_at=staff_sessions.c.seen_at - span))


def test_a_page_that_asks_by_itself_does_not_keep_its_session_alive(console: Console) -> None:
    """The work list asks every two seconds for hours; after a quarter of an hour without a hand it is signed out."""
    kim = console.browser()
    kim.signs_in("kim")
    for _ in range(3):
        time_passes(console, timedelta(minutes=6))
        status = kim.client.get(FRAGMENT, headers=BY_ITSELF).status_code
    assert status == 302


def test_a_hand_keeps_it_alive(console: Console) -> None:
    kim = console.browser()
    kim.signs_in("kim")
    for _ in range(3):
        time_passes(console, timedelta(minutes=6))
        assert kim.client.get(FRAGMENT).status_code == 200


def test_a_name_that_nobody_has_costs_one_check_of_a_password(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So does a wrong password, and one within the delay: nothing tells them apart."""
    checked: list[str] = []

    def verify(password_hash: str, password: str) -> bool:
        checked.append(password_hash)
        return False

    monkeypatch.setattr(people, "_verify", verify)
    monkeypatch.setattr(people, "HASHER", None)  # hashing would take as long again
    for username in ("kim",) * (people.FREE_TRIES + 2) + ("nobody",):
        before = len(checked)
        assert people.sign_in(console.runtime, username, "wrong") is None
        assert len(checked) == before + 1
