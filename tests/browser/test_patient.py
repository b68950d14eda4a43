"""A patient's page that stays open: the patient's words come in, and what a nurse is typing stays."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.story import Clinic, Telephone

pytestmark = pytest.mark.xdist_group("browser")


def test_words_come_in_while_a_nurse_types(clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes) -> None:
    clinic.it_is("2026-03-03 10:30")
    amy.hears("day 1")
    nurse = at("kim", phone=True).signs_in("/patients")
    nurse.taps("Amy Stone")
    nurse.taps("Change the language")
    nurse.fills("Write to the patient under your name", "Can I call you at")
    amy.texts("I can't feel when I wipe")
    nurse.sees("I can't feel when I wipe")
    nurse.sees("Open alert, ref")
    expect(nurse.page.get_by_label("Write to the patient under your name")).to_have_value("Can I call you at")
    nurse.sees("What is on its way stays as it is")
    assert kim.is_paged()


def test_a_check_in_is_moved_on_a_phone(clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes) -> None:
    assert kim
    clinic.it_is("2026-03-03 10:30")
    amy.hears("day 1")
    nurse = at("kim", phone=True).signs_in("/patients")
    nurse.taps("Amy Stone")
    nurse.taps("Change", within="Sat Mar 7")
    nurse.page.get_by_label("Move to this day, day 5").fill("2026-03-09")
    nurse.taps("Move", within="Sat Mar 7")
    nurse.sees("Moved.")
    nurse.sees("Mon Mar 9, 10:00 am")
