"""The bar: what each role is offered is what it may open, and one place says where one is."""

from __future__ import annotations

import re

import pytest

from bot.storage.database import DatabaseAway
from bot.vocabulary import Role
from bot.web import console as views
from bot.web.navigation import ENTRIES, Entry
from tests.web.conftest import Console


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_offered_what_it_may_open_and_nothing_else(console: Console, role: Role) -> None:
    console.employs("gray", role.value)
    browser = console.browser_of("gray")
    bar = browser.opens("/").text.partition('aria-label="Pages"')[2].partition("</header>")[0]
    offered = set(re.findall(r'href="([^"]+)" class="rank', bar))
    with console.app.test_request_context():
        paths = {console.app.url_for(entry.endpoint) for entry in ENTRIES}
    assert offered <= paths
    for path in paths:
        assert browser.opens(path).status_code == (200 if path in offered else 403), path


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.endpoint)
def test_the_bar_says_where_one_is(console: Console, entry: Entry) -> None:
    assert all(endpoint in console.app.view_functions for endpoint in entry.covers)
    with console.app.test_request_context():
        path = console.app.url_for(entry.endpoint)
    console.employs("root", "admin")
    browser = console.browser_of("root")
    page = browser.opens(path).text
    marked = set(re.findall(r'href="([^"]+)"[^>]*aria-current="page"', page))
    assert marked == {path}


def test_a_page_below_another_is_marked_there(console: Console) -> None:
    patient_id = console.enrols("Amy Stone")
    page = console.browser_of("kim").opens(f"/patients/{patient_id}").text
    assert re.search(r'href="/patients"[^>]*aria-current="true"', page)


def test_signing_out_is_offered_in_the_bar_and_in_the_menu(console: Console) -> None:
    assert console.browser_of("kim").opens("/").text.count('action="/sign-out"') == 2


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [(DatabaseAway("gone"), 503, "The database cannot be reached"), (ValueError("x"), 500, "Something went wrong")],
)
def test_what_breaks_is_a_page_in_plain_words(
    console: Console, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: int, words: str
) -> None:
    browser = console.browser_of("kim")

    def broken(*_given: object, **_more: object) -> None:
        raise failure

    monkeypatch.setattr(views, "read_work_list", broken)
    answer = browser.opens("/")
    assert answer.status_code == code
    assert f"<h1>{words}" in answer.text
    assert "If a patient waits, phone them." in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/cohort?protocol=nothing", "/patients/nobody/relief"])
def test_an_address_of_nothing_is_a_page_too(console: Console, path: str) -> None:
    answer = console.browser_of("kim").opens(path)
    assert answer.status_code == 404
    assert "<h1>Nothing here</h1>" in answer.text
