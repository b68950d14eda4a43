"""The work list: what stands where, what a second look costs, filters, and trifles closed together."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from bot.content.load import ClinicContent
from bot.flows.effects import Due
from bot.services import desk
from bot.storage.audit import beat
from bot.storage.tables import audit
from bot.storage.work_items import claim_item
from bot.vocabulary import Flag, PatientId, WorkItemId
from bot.web.wording import KINDS
from tests.web.conftest import Browser, Console, counted


def put(console: Console, kind: str, due: Due = Due.IN_AN_HOUR, patient_id: PatientId | None = None) -> WorkItemId:
    """A work item; its id."""
    before = {item.id for item in console.items}
    with console.begin() as tx:
        desk.put(tx, console.runtime, kind, due, str(uuid4()), console.runtime.now(), patient_id=patient_id)
    (made,) = {item.id for item in console.items} - before
    return made


def looks_again(browser: Browser, mark: str, show: str = "") -> int:
    """What the page's script asks every second; the status of the answer."""
    headers = {"If-None-Match": mark, "X-Asked-By": "page"}
    return browser.client.get(f"/work-list?show={show}", headers=headers).status_code


def mark_of(page: str) -> str:
    found = re.search(r'data-mark="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def clinic(console: Console) -> Console:
    """Two alerts, one of them Kim's, and the next morning."""
    console.employs("rivera", "clinician")
    console.enrols("Amy Stone")
    console.enrols("Zoë Nuñez", "+19135550122")
    console.it_is("2026-03-03 10:30")
    console.beats()
    console.hears("I can't feel when I wipe")
    console.browser_of("kim").posts(f"/alerts/{console.alert.id}/acknowledge")
    console.hears("I have a fever of 102 and chills", "+19135550122")
    return console


def test_nothing_has_changed_so_nothing_is_sent(clinic: Console) -> None:
    browser = clinic.browser_of("kim")
    mark = mark_of(browser.opens("/").text)
    with counted(clinic) as statements:
        assert looks_again(browser, mark) == 304
    assert len(statements) <= 3, statements  # whose session it is, who that is, the mark
    assert looks_again(clinic.browser_of("rivera"), mark) == 200, "another viewer has another list"
    assert looks_again(browser, mark, "mine") == 200, "another part is another page"


def test_whatever_changes_is_sent_at_the_next_look(clinic: Console) -> None:
    browser = clinic.browser_of("kim")

    def mark() -> str:
        return mark_of(browser.opens("/").text)

    known = mark()
    item = put(clinic, "question")
    assert looks_again(browser, known) == 200, "a new item"
    known = mark()
    browser.posts(f"/items/{item}/claim")
    assert looks_again(browser, known) == 200, "it has changed hands"
    known = mark()
    clinic.hears("hello?", "+19135559999")
    assert looks_again(browser, known) == 200, "a text from a stranger"
    known = mark()
    clinic.hears("I can't breathe", "+19135550122")
    assert looks_again(browser, known) == 200, "an alert has risen"
    known = mark()
    clinic.it_is("2026-03-03 10:31")
    assert looks_again(browser, known) == 200, "ages are a minute older"


def test_each_part_of_the_list_shows_its_own(clinic: Console) -> None:
    put(clinic, "question")
    put(clinic, "old_signs", Due.NOON_NEXT_BUSINESS_DAY)
    browser = clinic.browser_of("kim")
    parts = {
        "": ("Amy Stone", "Zoë Nuñez", "A question", "Old numbness"),
        "mine": ("Amy Stone",),
        "untaken": ("Zoë Nuñez", "A question", "Old numbness"),
        "alerts": ("Amy Stone", "Zoë Nuñez"),
        "items": ("A question",),
        "quiet": ("Old numbness",),
        "nonsense": ("Amy Stone", "Zoë Nuñez", "A question", "Old numbness"),
    }
    for show, expected in parts.items():
        page = browser.opens(f"/?show={show}").text
        found = tuple(words for words in parts[""] if words in page)
        assert found == expected, show
    assert "1 alert that nobody has." in browser.opens("/?show=quiet").text
    clinic.browser_of("rivera").posts(f"/items/{clinic.items[0].id}/claim")
    assert "Nothing here." not in browser.opens("/?show=items").text


def test_an_act_leads_back_to_the_same_part(clinic: Console) -> None:
    item = put(clinic, "question")
    browser = clinic.browser_of("kim")
    browser.opens("/?show=items")
    assert browser.posts(f"/items/{item}/claim", follow=False, show="items").location == "/?show=items"
    assert browser.posts(f"/items/{item}/release", follow=False, show="//evil").location == "/"


def test_what_can_wait_stands_last_until_it_is_overdue(clinic: Console) -> None:
    put(clinic, "old_signs", Due.NOON_NEXT_BUSINESS_DAY)
    browser = clinic.browser_of("kim")
    page = browser.opens("/").text
    assert page.index("Zoë Nuñez") < page.index('id="quiet-title"') < page.index("Old numbness")
    assert "overdue" not in page
    clinic.it_is("2026-03-05 10:00")
    page = clinic.browser_of("kim").opens("/").text
    assert "quiet-title" not in page
    assert page.index('id="items-title"') < page.index("Old numbness") < page.index("overdue, was due")


def test_what_is_due_at_once_is_not_overdue_at_once(console: Console) -> None:
    put(console, "nobody_on_call", Due.NOW)
    assert "due now" in console.browser_of("kim").opens("/").text
    console.it_is("2026-03-02 12:11")
    assert "overdue, was due" in console.browser_of("kim").opens("/").text


def test_trifles_are_closed_together_each_with_its_line(console: Console) -> None:
    first, second, third = (put(console, "check_in_too_late") for _ in range(3))
    browser = console.browser_of("kim")
    assert browser.opens("/").text.count('form="together"') == 3
    answer = browser.client.post(
        "/items/done-together",
        data={
            "csrf_token": browser.token,
            "item": [str(first), str(second)],
            "outcome": "nothing_to_do",
            "show": "quiet",
        },
    )
    assert answer.location == "/?show=quiet"
    assert "2 done." in browser.opens("/").text
    assert [item.id for item in console.items] == [third]
    with console.begin() as tx:
        lines = tx.list(audit.select().where(audit.c.did == "finished_item").order_by(audit.c.id))
    assert sorted((line.who, line.about) for line in lines) == sorted(("kim", str(one)) for one in (first, second))


@pytest.mark.parametrize(
    ("outcome", "which", "line"),
    [
        ("nothing_to_do", [], "Tick at least one item first."),
        ("nothing_to_do", ["not-an-id"], "Tick at least one item first."),
        ("dropped", ["trifle"], "Choose what came of them first"),
        ("nothing_to_do", ["trifle", "question"], "One of these is closed by itself"),
    ],
)
def test_a_wrong_choice_closes_nothing(console: Console, outcome: str, which: list[str], line: str) -> None:
    ids = {"trifle": put(console, "check_in_too_late"), "question": put(console, "question")}
    browser = console.browser_of("kim")
    fields = {"csrf_token": browser.token, "item": [str(ids.get(one, one)) for one in which], "outcome": outcome}
    answer = browser.client.post("/items/done-together", data=fields, follow_redirects=True)
    assert line in answer.text
    assert len(console.items) == 2


def test_what_somebody_else_does_is_left_to_them(console: Console) -> None:
    console.employs("rivera", "clinician")
    mine, theirs = put(console, "check_in_too_late"), put(console, "check_in_too_late")
    with console.begin() as tx:
        assert claim_item(tx, theirs, "rivera", console.runtime.now())
    browser = console.browser_of("kim")
    fields = {"csrf_token": browser.token, "item": [str(mine), str(theirs)], "outcome": "nothing_to_do"}
    answer = browser.client.post("/items/done-together", data=fields, follow_redirects=True)
    assert "1 done. 1 left alone" in answer.text
    assert [item.id for item in console.items] == [theirs]


def test_only_those_who_may_act_can_tick(console: Console) -> None:
    item = put(console, "check_in_too_late")
    put(console, "check_in_too_late")
    for username, role in (("ada", "auditor"), ("robin", "receptionist")):
        console.employs(username, role)
        browser = console.browser_of(username)
        assert 'name="item"' not in browser.opens("/").text
        assert browser.posts("/items/done-together", item=str(item), outcome="nothing_to_do").status_code == 403
    assert len(console.items) == 2


def test_the_kinds_in_the_rules_are_kinds_that_there_are(content: ClinicContent) -> None:
    for kind in content.work_list.quiet | content.work_list.in_bulk:
        assert kind in KINDS or Flag(kind) in content.red_flags.flags, kind


def test_an_empty_list_says_when_the_audit_proved_that_paging_moves(console: Console) -> None:
    console.employs("rivera", "clinician")
    with console.begin() as tx:
        beat(tx, "audit", console.runtime.now(), "")
    page = console.browser_of("kim").opens("/").text
    for words in ("Nothing needs you.", "it proved it 0 s ago", "The audit proved 0 s ago that paging moves",
                  "On call first: Kim Gray", "Then: nobody"):  # by rows, not an item a line  # fmt: skip
        assert words in page, words


def test_the_number_of_queries_does_not_grow_with_the_list(clinic: Console) -> None:
    browser = clinic.browser_of("kim")
    with counted(clinic) as few:
        browser.opens("/")
    for number in range(12):
        patient_id = clinic.enrols(f"Patient {number}", f"+191355503{number:02}")
        clinic.hears("can I go swimming on friday?", f"+191355503{number:02}")
        clinic.hears("my legs are numb and I can't pee", f"+191355503{number:02}")
        put(clinic, "question", patient_id=patient_id)
    with counted(clinic) as many:
        page = browser.opens("/").text
    assert page.count('id="alert-') == 14
    assert len(many) == len(few) <= 25
