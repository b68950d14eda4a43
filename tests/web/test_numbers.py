"""Whose number is proved, as the pages about staff and being on call show it: for many at the cost of one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.services.numbers import list_proofs
from bot.storage import checks
from bot.storage.checks import CheckKind
from bot.storage.staff import find_staff
from bot.vocabulary import Channel
from tests.web.conftest import Browser, Console, counted


@pytest.fixture
def root(console: Console) -> Browser:
    console.employs("root", "admin")
    return console.browser_of("root")


def pages_everybody(browser: Browser) -> None:
    browser.opens("/on-call")
    for channel in Channel:
        browser.posts("/on-call/test", channel=channel.value)


@pytest.mark.parametrize("path", ["/on-call", "/staff"])
def test_the_number_of_queries_does_not_grow_with_the_members(console: Console, root: Browser, path: str) -> None:
    pages_everybody(root)
    with counted(console) as few:
        root.opens(path)
    for number in range(12):
        console.employs("x" * (number + 6), "clinician" if number % 2 else "nurse")
    console.it_is("2026-03-02 12:05")  # a test page a minute ago is not sent again
    pages_everybody(root)
    with counted(console) as many:
        page = root.opens(path).text
    assert page.count("Xxxxxx") >= 12
    assert len(many) == len(few) <= 12


def test_nobody_who_can_be_paged_is_no_error(console: Console, root: Browser) -> None:
    with console.begin() as tx:
        assert checks.map_checks(tx, {}) == {}
        assert list(checks.map_checks(tx, {p.person.id: None for p in list_proofs(tx, console.runtime.now())}))


def test_everybody_has_their_own_newest_in_order_and_none_of_an_old_number(console: Console, root: Browser) -> None:
    now = console.runtime.now()
    with console.begin() as tx:
        kim, admin = find_staff(tx, "kim"), find_staff(tx, "root")
        assert kim is not None
        assert admin is not None
        assert kim.phone is not None
        for minutes in range(4):
            at = now + timedelta(minutes=minutes)
            checks.keep_check(tx, kim.id, kim.phone, Channel.TEXT, CheckKind.TEST, f"T{minutes}", at)
        checks.keep_check(tx, kim.id, "+19135550999", Channel.TEXT, CheckKind.TEST, "old", now)
        found = checks.map_checks(tx, {kim.id: kim.phone, admin.id: admin.phone}, limit=3)
        assert [check.pin for check in found[kim.id]] == ["T1", "T2", "T3"]
        assert found[admin.id] == []
