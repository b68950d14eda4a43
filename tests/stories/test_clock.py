"""Check-ins at the patient's wall clock, across both DST changes, and the clock's jumps."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tests.story import Clinic, Telephone

NEW_YORK, PHOENIX = ZoneInfo("America/New_York"), ZoneInfo("America/Phoenix")


@pytest.mark.parametrize(
    ("injected", "night_before", "due", "utc"),
    [
        ("2026-03-07 09:30", "2026-03-08 09:59", "2026-03-08 10:00", "2026-03-08T14:00:00+00:00"),
        ("2026-10-31 09:30", "2026-11-01 09:59", "2026-11-01 10:00", "2026-11-01T15:00:00+00:00"),
    ],
    ids=["spring", "autumn"],
)
def test_a_check_in_keeps_its_hour_on_the_day_the_clocks_change(
    clinic: Clinic, injected: str, night_before: str, due: str, utc: str
) -> None:
    """Ten o'clock stays ten o'clock: not a minute before, once, and 23 or 25 hours later in UTC."""
    clinic.it_is(injected, NEW_YORK)
    bea = clinic.enrols("Bea Ray", "+19135550112", at=injected, zone=NEW_YORK)
    assert clinic.timeline("M-0112")["check_ins"][0]["due_at"] == utc
    clinic.it_is(night_before, NEW_YORK)
    bea.hears_nothing_more()
    clinic.it_is(due, NEW_YORK)
    bea.hears("day 1")
    clinic.wait(minutes=30)
    bea.hears_nothing_more()


def test_patients_in_different_zones_are_texted_at_their_own_ten_o_clock(clinic: Clinic) -> None:
    """New York first, Phoenix (which has no DST) three hours later in March."""
    bea = clinic.enrols("Bea Ray", "+19135550112", at="2026-03-09 09:30", zone=NEW_YORK)
    cal = clinic.enrols("Cal Fox", "+19135550113", at="2026-03-09 09:30", zone=PHOENIX)
    clinic.it_is("2026-03-10 10:00", NEW_YORK)
    bea.hears("day 1")
    assert cal.bodies == []
    clinic.it_is("2026-03-10 10:00", PHOENIX)
    cal.hears("day 1")


def test_a_check_in_that_could_not_leave_on_its_day_is_dropped_and_put_before_a_person(
    clinic: Clinic, amy: Telephone
) -> None:
    """At eight in the evening it is too late: no text at night, a work item instead."""
    clinic.it_is("2026-03-03 20:00")
    clinic.has_work_item("check_in_too_late")
    assert amy.bodies == []
    assert clinic.timeline("M-0111")["check_ins"][0]["state"] == "missed"


def test_one_that_is_late_but_on_its_day_still_leaves(clinic: Clinic, amy: Telephone) -> None:
    """A minute before eight."""
    clinic.it_is("2026-03-03 19:55")
    amy.hears("day 1")


def test_an_unanswered_question_never_holds_back_the_next_check_in(clinic: Clinic, amy: Telephone) -> None:
    """Day 1 unanswered: missed, a person is asked to call, and day 5 comes."""
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    clinic.it_is("2026-03-05 11:00")
    clinic.has_work_item("not_reached")
    clinic.it_is("2026-03-07 10:00")
    amy.hears("day 5")
    assert clinic.timeline("M-0111")["check_ins"][0]["state"] == "missed"


def test_an_unclear_text_with_a_flag_word_pages_after_ten_silent_minutes(
    clinic: Clinic, kim: Telephone, amy: Telephone
) -> None:
    """Asked once; ten minutes of silence put it before a person."""
    amy.texts("I feel warm, no thermometer here")
    asked = amy.hears("911")
    assert "913-555-0142" in asked.body
    assert kim.bodies == []
    clinic.wait(minutes=11)
    kim.is_paged()
    amy.hears("a person from our team")


def test_yes_to_a_clarifying_question_pages(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    """The question was: is a leg or foot weak? One word answers it."""
    amy.texts("weak all over today")
    amy.hears("weak")
    amy.texts("yes")
    kim.is_paged()


def test_no_to_a_clarifying_question_settles_it(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    """And nobody is paged when its minutes are over."""
    amy.texts("weak all over today")
    amy.hears("weak")
    amy.texts("no")
    amy.hears("Thank")
    clinic.wait(minutes=31)
    kim.hears_nothing_more()
