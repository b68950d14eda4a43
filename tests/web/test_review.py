"""Staff correct how a text was sorted: it stands beside the text and on a list, and moves nothing else."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from bot.services.laboratory import read_labels
from bot.storage.alerts import list_open_alerts
from bot.storage.conversations import list_conversations_of
from bot.storage.texts import list_thread
from bot.vocabulary import PatientId, TextId
from tests.web.conftest import Browser, Console

WORDS = "Amy here, the site is a bit sore"


@pytest.fixture
def amy(console: Console) -> PatientId:
    found = console.enrols("Amy Stone")
    console.it_is("2026-03-03 10:30")
    console.hears(WORDS)
    console.it_is("2026-03-03 10:35")
    return found


@pytest.fixture
def text_id(console: Console, amy: PatientId) -> TextId:
    rt = console.runtime
    with console.begin() as tx:
        talks = list_conversations_of(tx, amy, rt.content.questions())
        return next(line.text.id for line in list_thread(tx, [t.id for t in talks]) if line.text.direction == "in")


def correct(browser: Browser, text_id: TextId, **fields: Any) -> str:
    """Opens the text's page and sends its form."""
    browser.opens(f"/texts/{text_id}")
    given: dict[str, Any] = {"level": "urgent", "flag": "new_weakness", "reason": "The foot drags, Amy says."} | fields
    return browser.posts(f"/texts/{text_id}/correct", **given).text


def test_a_correction_stands_beside_the_text_and_moves_nothing(
    console: Console, amy: PatientId, text_id: TextId
) -> None:
    kim = console.browser_of("kim")
    before = kim.opens(f"/patients/{amy}").text
    assert f"/texts/{text_id}" in before
    assert "<mark>sore</mark>" in before
    items = console.items
    page = correct(kim, text_id)
    assert "it stands beside the text" in page
    for words in ("Kim Gray says:", "Urgent", "New weakness of a leg", "The foot drags, Amy says."):
        assert words in page, words
    with console.begin() as tx:
        assert list_open_alerts(tx) == []
    assert console.items == items
    assert [(e.who, e.about) for e in console.entries(amy) if e.did == "corrected_level"] == [
        ("kim", f"normal to urgent, text {text_id}")
    ]


def test_an_open_alert_stays_open_when_its_text_is_called_harmless(console: Console) -> None:
    amy = console.enrols("Amy Stone")
    console.it_is("2026-03-03 10:30")
    console.hears("I can't feel when I wipe")
    alert = console.alert
    assert alert.text_id is not None
    kim = console.browser_of("kim")
    correct(kim, alert.text_id, level="normal", flag="", reason="She meant a wet wipe.")
    assert console.alert == alert
    assert "Open alert, ref" in kim.opens(f"/patients/{amy}").text


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"level": ""}, "Choose what it should have been."),
        ({"level": "catastrophe"}, "Choose what it should have been."),
        ({"flag": "headless"}, "Choose what it is about from the list."),
        ({"reason": "  "}, "Say why, in up to 500 characters."),
        ({"reason": "x" * 501}, "Say why, in up to 500 characters."),
        ({"level": "normal", "flag": ""}, "That is how it stands already."),
    ],
)
def test_what_makes_no_sense_is_refused_and_stays_typed(
    console: Console, text_id: TextId, fields: dict[str, Any], line: str
) -> None:
    page = correct(console.browser_of("kim"), text_id, **fields)
    assert line in page
    assert "Kim Gray says" not in page
    if "reason" not in fields:
        assert "The foot drags, Amy says.</textarea>" in page
    if "level" not in fields:
        assert 'value="urgent" required checked' in page


def test_the_newest_correction_counts(console: Console, amy: PatientId, text_id: TextId) -> None:
    console.employs("rivera", "clinician")
    correct(console.browser_of("kim"), text_id)
    console.it_is("2026-03-03 10:40")
    rivera = console.browser_of("rivera")
    correct(rivera, text_id, level="routine", flag="", reason="Old and known.")
    page = rivera.opens("/review").text
    assert "Old and known." in page
    assert "The foot drags" not in page
    assert "Kim Gray says" not in rivera.opens(f"/patients/{amy}").text
    assert "The foot drags" in rivera.opens(f"/texts/{text_id}").text


def test_the_list_shows_both_opinions_and_is_worked_off(console: Console, amy: PatientId, text_id: TextId) -> None:
    console.employs("rivera", "clinician")
    correct(console.browser_of("kim"), text_id)
    rivera = console.browser_of("rivera")
    page = rivera.opens("/review").text
    for words in (
        "<mark>sore</mark>", "The bot said", "Normal", "Kim Gray says", "Urgent", "New weakness of a leg",
        "The foot drags, Amy says.", "Amy Stone", "rule “sore”",
    ):  # by rows, not an item a line  # fmt: skip
        assert words in page, words
    action = page.partition('action="/review/')[2].partition('action="/review/')[2].partition('"')[0]
    assert "Marked as looked at." in rivera.posts(f"/review/{action}").text
    assert "already; nothing was changed" in rivera.posts(f"/review/{action}").text
    page = rivera.opens("/review").text
    assert "Nothing to look at." in page
    assert "by Rivera Gray" in page


def test_the_corpus_learns_from_it_without_names(console: Console, text_id: TextId) -> None:
    console.employs("rivera", "clinician")
    correct(console.browser_of("kim"), text_id)
    rivera = console.browser_of("rivera")
    rivera.opens("/review")
    answer = rivera.posts("/review/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    (line,) = read_labels(answer.text)
    assert line == json.loads(answer.text) | {
        "text": "Alex here, the site is a bit sore", "accept": ["urgent"], "must_page": True,
        "flags": ["new_weakness"], "flags_optional": ["expected_soreness"], "label_by": "nurse",
        "context": {"day": 1, "asked": "none", "baseline": 7, "hours": 25.0},
        "note": "the bot said normal: The foot drags, Alex says.",
    }  # by rows, not an item a line  # fmt: skip
    assert "Amy" not in answer.text


def test_who_may_correct_and_who_may_review(console: Console, amy: PatientId, text_id: TextId) -> None:
    for name, role in (("ada", "admin"), ("rex", "auditor"), ("recep", "receptionist")):
        console.employs(name, role)
        browser = console.browser_of(name)
        reads = role != "receptionist"
        assert browser.opens(f"/texts/{text_id}").status_code == (200 if reads else 403), role
        assert browser.opens("/review").status_code == (200 if reads else 403), role
        assert browser.posts(f"/texts/{text_id}/correct", level="urgent", reason="x").status_code == 403, role
        assert browser.posts("/review/export").status_code == (200 if role == "admin" else 403), role
    assert console.browser_of("kim").posts("/review/export").status_code == 403
    assert not [entry for entry in console.entries(amy) if entry.did == "corrected_level"]


def test_what_was_not_sorted_has_no_page(console: Console, amy: PatientId) -> None:
    rt = console.runtime
    with console.begin() as tx:
        talks = list_conversations_of(tx, amy, rt.content.questions())
        said = [line.text.id for line in list_thread(tx, [t.id for t in talks]) if line.text.direction == "out"]
    kim = console.browser_of("kim")
    for text_id in (*said, uuid4()):
        assert kim.opens(f"/texts/{text_id}").status_code == 404
        assert kim.posts(f"/texts/{text_id}/correct", level="urgent", reason="x").status_code == 404
