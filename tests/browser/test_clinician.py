"""A clinician's day: what the injection did, what the bot made of a text, and what many injections did."""

from __future__ import annotations

import pytest

from bench.seeding import seed_procedures
from tests.browser.conftest import Comes
from tests.story import Clinic, Telephone

pytestmark = pytest.mark.xdist_group("browser")


def test_a_level_is_corrected_and_looked_at(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone, at: Comes
) -> None:
    assert rivera
    clinic.it_is("2026-03-03 10:30")
    amy.hears("day 1")
    amy.texts("I can't feel when I wipe")
    kim.is_paged()
    doctor = at("rivera").signs_in("/patients")
    doctor.taps("Amy Stone")
    doctor.taps("Why")
    doctor.sees("feel when I wipe")
    doctor.taps("Correct the level")
    doctor.is_at("/texts/")
    doctor.taps("Urgent")
    doctor.fills("Why", "Known for years, on the chart.")
    doctor.taps("Correct the level")
    doctor.sees("Known for years, on the chart.")
    doctor.goes_to("Review")
    doctor.sees("Known for years, on the chart.")
    doctor.taps("I have looked at it")
    doctor.sees("Nothing to look at")
    assert [alert.level for alert in clinic.open_alerts] == ["emergency"]  # a correction never closes or lowers a page


def test_the_timeline_and_the_cohort_are_read(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone, at: Comes
) -> None:
    assert kim
    assert rivera
    clinic.it_is("2026-03-03 10:30")
    amy.hears("day 1")
    amy.texts("no to all, pain is 3, about 80% better")
    amy.hears("day 1")
    doctor = at("rivera").signs_in("/patients")
    doctor.fills("Name or record number", "amy")
    doctor.taps("Search")
    doctor.taps("Amy Stone")
    doctor.taps("Timeline and chart")
    doctor.sees_a_chart()
    doctor.sees("3 of 10")
    doctor.goes_to("Cohort")
    doctor.sees("Fewer than")
    seed_procedures(clinic.runtime.database, 60, now=clinic.runtime.now())
    doctor.goes_to("Cohort")
    doctor.sees_a_chart()
    doctor.sees("Kaplan–Meier")
