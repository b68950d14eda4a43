"""Who may look, and for how long: a page left open is nobody at the desk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.services import people
from bot.storage.sign_ins import find_tries
from bot.storage.staff import find_staff
from bot.storage.tables import staff_sessions
from bot.web.app import create_app
from tests.web.conftest import PASSWORD, Browser, Console
from tests.web.test_on_call import words

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

    monkeypatch.setattr(people, "verify", verify)
    monkeypatch.setattr(people, "HASHER", None)  # hashing would take as long again
    for username in ("kim",) * (people.FREE_TRIES + 2) + ("nobody",):
        before = len(checked)
        assert people.sign_in(console.runtime, username, "wrong") is None
        assert len(checked) == before + 1


def test_many_failed_tries_from_one_address_wait_whatever_the_name(console: Console) -> None:
    """A list of names with one password each: no name ever gets to its own delay, the address does."""
    for number in range(people.FREE_TRIES_PER_ADDRESS + 1):
        assert people.sign_in(console.runtime, f"name{number}", "wrong", "203.0.113.7") is None
    assert people.sign_in(console.runtime, "kim", PASSWORD, "203.0.113.7") is None
    assert people.sign_in(console.runtime, "kim", PASSWORD, "203.0.113.8") is not None
    console.it_is("2026-03-02 12:02")
    assert people.sign_in(console.runtime, "kim", PASSWORD, "203.0.113.7") is not None
    with console.begin() as tx:
        assert find_tries(tx, "203.0.113.7") is None, "somebody got in: forgotten"


def test_an_address_that_waits_reads_as_a_wrong_password(console: Console) -> None:
    for number in range(people.FREE_TRIES_PER_ADDRESS + 1):
        last = console.browser().signs_in(f"name{number}", "wrong")
    waits = console.browser().signs_in("kim")
    assert "do not fit" in waits.text
    assert words(waits) == words(last)


def test_behind_a_proxy_that_nobody_told_us_of_names_alone_are_counted(console: Console) -> None:
    """Everybody seems to come from the proxy: counted so, one stranger would shut the whole clinic out."""
    through = {"X-Forwarded-For": "203.0.113.7"}
    for number in range(people.FREE_TRIES_PER_ADDRESS + 1):
        browser = console.browser()
        browser.opens("/sign-in")
        form = {"csrf_token": browser.token, "username": f"name{number}", "password": "wrong", "next": "/"}
        browser.client.post("/sign-in", data=form, headers=through)
    with console.begin() as tx:
        assert find_tries(tx, "127.0.0.1") is None
    assert console.browser().signs_in("kim").request.path == "/"


def test_a_proxy_that_we_were_told_of_hands_on_the_callers_address(console: Console) -> None:
    told = console.runtime.settings.model_copy(update={"trusted_proxies": 1})
    app = create_app(replace(console.runtime, settings=told))
    browser = Browser(app.test_client())
    browser.opens("/sign-in")
    form = {"csrf_token": browser.token, "username": "kim", "password": "wrong", "next": "/"}
    browser.client.post("/sign-in", data=form, headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
    with console.begin() as tx:
        assert find_tries(tx, "203.0.113.7") is not None
        assert find_tries(tx, "198.51.100.1") is None, "what the caller wrote there is worth nothing"


def test_a_header_that_a_far_caller_invents_switches_no_counting_off(console: Console) -> None:
    browser = console.browser()
    browser.opens("/sign-in")
    form = {"csrf_token": browser.token, "username": "kim", "password": "wrong", "next": "/"}
    lies = {"X-Forwarded-For": "198.51.100.1"}
    browser.client.post("/sign-in", data=form, headers=lies, environ_overrides={"REMOTE_ADDR": "8.8.4.4"})
    with console.begin() as tx:
        assert find_tries(tx, "8.8.4.4") is not None


def test_tries_at_once_are_counted_one_by_one(console: Console) -> None:
    with ThreadPoolExecutor(4) as many:
        list(many.map(lambda _: people.sign_in(console.runtime, "kim", "wrong"), range(4)))
    with console.begin() as tx:
        kim = find_staff(tx, "kim")
    assert kim is not None
    assert kim.failed_sign_ins == 4
