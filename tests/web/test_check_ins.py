"""Check-ins by hand: skip one, send it now, move it; and when that makes no sense."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.services import conversations
from bot.storage.check_ins import CheckIn, list_check_ins
from bot.storage.conversations import list_conversations_of
from bot.storage.patients import mark_died
from bot.storage.procedures import list_procedures
from bot.storage.texts import list_thread
from bot.vocabulary import CheckInState, PatientId
from tests.story import CHICAGO
from tests.web.conftest import Browser, Console


@pytest.fixture
def amy(console: Console) -> PatientId:
    """Day 3: day 1 has gone out, day 5 lies ahead."""
    found = console.enrols("Amy Stone")
    console.it_is("2026-03-03 10:01")
    conversations.start_due(console.runtime)
    console.it_is("2026-03-05 11:00")
    conversations.expire_unanswered(console.runtime)
    return found


def one(console: Console, amy: PatientId, name: str) -> CheckIn:
    with console.begin() as tx:
        newest = list_procedures(tx, amy)[-1]
        return next(c for c in list_check_ins(tx, newest.id) if c.name == name)


def does(browser: Browser, amy: PatientId, check_in: CheckIn, act: str, **fields: Any) -> str:
    browser.opens(f"/patients/{amy}")
    return browser.posts(f"/patients/{amy}/check-ins/{check_in.id}/{act}", **fields).text


def said(console: Console, amy: PatientId) -> list[str]:
    rt = console.runtime
    with console.begin() as tx:
        talks = list_conversations_of(tx, amy, rt.content.questions())
        lines = list_thread(tx, [talk.id for talk in talks])
    return [line.text.words for line in lines if line.text.direction == "out"]


def did(console: Console, amy: PatientId) -> list[tuple[str, str | None]]:
    return [(e.did, e.about) for e in console.entries(amy) if e.did.endswith(("_check_in", "_now"))]


def test_a_skipped_check_in_is_not_sent(console: Console, amy: PatientId) -> None:
    kim = console.browser_of("kim")
    page = does(kim, amy, one(console, amy, "day_5"), "skip")
    assert "Skipped: it is not sent." in page
    before = said(console, amy)
    console.it_is("2026-03-07 10:30")
    conversations.start_due(console.runtime)
    assert said(console, amy) == before
    assert did(console, amy) == [("skipped_check_in", "day_5")]


def test_a_check_in_goes_out_now_and_asks_its_own_questions(console: Console, amy: PatientId) -> None:
    kim = console.browser_of("kim")
    assert "within seconds" in does(kim, amy, one(console, amy, "day_5"), "send-now")
    conversations.start_due(console.runtime)
    assert one(console, amy, "day_5").state is CheckInState.SENT
    assert "day 5" in said(console, amy)[-1]
    assert "has gone out already" in does(kim, amy, one(console, amy, "day_5"), "send-now")
    assert did(console, amy) == [("sent_check_in_now", "day_5")]
    console.it_is("2026-03-07 10:30")
    conversations.start_due(console.runtime)
    assert len([words for words in said(console, amy) if "day 5" in words]) == 1


def test_a_moved_check_in_goes_out_then(console: Console, amy: PatientId) -> None:
    kim = console.browser_of("kim")
    page = does(kim, amy, one(console, amy, "day_5"), "move", on="2026-03-08", at="12:15")
    assert "Moved." in page
    assert "Sun Mar 8, 12:15 pm" in page
    moved = one(console, amy, "day_5")
    assert moved.due_at == datetime(2026, 3, 8, 12, 15, tzinfo=CHICAGO)
    assert moved.closes_at == datetime(2026, 3, 8, 20, tzinfo=CHICAGO)
    console.it_is("2026-03-08 12:14")
    conversations.start_due(console.runtime)
    assert one(console, amy, "day_5").state is CheckInState.PLANNED
    console.it_is("2026-03-08 12:15")
    conversations.start_due(console.runtime)
    assert one(console, amy, "day_5").state is CheckInState.SENT


def test_what_was_skipped_may_still_be_sent(console: Console, amy: PatientId) -> None:
    kim = console.browser_of("kim")
    does(kim, amy, one(console, amy, "day_5"), "skip")
    does(kim, amy, one(console, amy, "day_5"), "send-now")
    conversations.start_due(console.runtime)
    assert one(console, amy, "day_5").state is CheckInState.SENT


@pytest.mark.parametrize(
    ("on", "at", "line"),
    [
        ("2026-03-20", "10:00", "By the protocol this check-in may go out from Wed Mar 4 to Sun Mar 15."),
        ("2026-03-07", "21:00", "Texts go out from 09:00 to 20:00 where the patient lives."),
        ("2026-03-04", "10:00", "That time is over"),
        ("2026-03-07", "", "Give a day and a time."),
        ("9999-12-31", "23:00", "Nothing was changed."),
        ("\0", "\0", "Give a day and a time."),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_and_stays_typed(
    console: Console, amy: PatientId, on: str, at: str, line: str
) -> None:
    before = one(console, amy, "day_5")
    page = does(console.browser_of("kim"), amy, before, "move", on=on, at=at)
    assert line in page
    assert "Nothing was changed." in page
    assert one(console, amy, "day_5") == before
    if at:
        assert f'value="{at.strip()}"' in page or "\0" in at
    assert did(console, amy) == []


def test_a_check_in_of_another_week_is_not_sent_today(console: Console, amy: PatientId) -> None:
    page = does(console.browser_of("kim"), amy, one(console, amy, "week_6"), "send-now")
    assert "may go out from Tue Mar 31" in page


def test_nothing_is_sent_in_quiet_hours(console: Console, amy: PatientId) -> None:
    console.it_is("2026-03-05 22:00")
    page = does(console.browser_of("kim"), amy, one(console, amy, "day_5"), "send-now")
    assert "Texts go out from 09:00 to 20:00" in page


def test_nothing_is_sent_that_would_not_get_through(console: Console, amy: PatientId) -> None:
    kim, day_5 = console.browser_of("kim"), one(console, amy, "day_5")
    kim.opens(f"/patients/{amy}")
    kim.posts(f"/patients/{amy}/take-over")
    assert "Staff hold the thread: hand it back" in does(kim, amy, day_5, "send-now")
    kim.posts(f"/patients/{amy}/hand-back")
    kim.posts(f"/patients/{amy}/withdraw")
    assert "no consent that stands" in does(kim, amy, day_5, "send-now")
    kim.posts(f"/patients/{amy}/consent", by="patient", wording="2026-02")
    console.hears("STOP")
    assert "has stopped texts: please call" in does(kim, amy, day_5, "send-now")
    console.hears("START")
    with console.begin() as tx:
        mark_died(tx, amy, console.runtime.now())
    assert "marked as dead" in does(kim, amy, day_5, "send-now")
    assert one(console, amy, "day_5") == day_5
    assert did(console, amy) == []


def test_what_has_gone_out_and_what_has_its_own_hour_stay(console: Console, amy: PatientId) -> None:
    kim = console.browser_of("kim")
    assert "Only what is still planned" in does(kim, amy, one(console, amy, "day_1"), "skip")
    assert "has gone out already" in does(kim, amy, one(console, amy, "day_1"), "move", on="2026-03-06", at="10:00")
    assert "belongs to its own hour" in does(kim, amy, one(console, amy, "prep_1"), "send-now")
    assert did(console, amy) == []


def test_an_earlier_follow_up_is_over(console: Console, amy: PatientId) -> None:
    console.it_is("2026-06-01 12:00")
    console.enrols("Amy Stone", procedure={"at": "2026-06-01T09:30:00-05:00"})
    page = does(console.browser_of("kim"), amy, one(console, amy, "week_12"), "move", on="2026-06-02", at="10:00")
    assert "belongs to an earlier procedure" in page


def test_a_check_in_of_somebody_else_is_not_there(console: Console, amy: PatientId) -> None:
    other = console.enrols("Bea Wood", "+19135550133")
    kim, day_5 = console.browser_of("kim"), one(console, amy, "day_5")
    kim.opens(f"/patients/{other}")
    for act in ("skip", "send-now", "move"):
        answer = kim.posts(f"/patients/{other}/check-ins/{day_5.id}/{act}", on="2026-03-08", at="12:00")
        assert answer.status_code == 404, act
    assert one(console, amy, "day_5") == day_5


def test_who_may_not_act_moves_nothing(console: Console, amy: PatientId) -> None:
    console.employs("rex", "auditor")
    rex, day_5 = console.browser_of("rex"), one(console, amy, "day_5")
    assert "Change<" not in rex.opens(f"/patients/{amy}").text
    for act in ("skip", "send-now", "move"):
        answer = rex.posts(f"/patients/{amy}/check-ins/{day_5.id}/{act}", on="2026-03-08", at="12:00")
        assert answer.status_code == 403, act
    assert one(console, amy, "day_5") == day_5
