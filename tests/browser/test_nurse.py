"""A nurse's day: paged at night on a phone, the work list at a desk in the morning."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.story import Clinic, Telephone

pytestmark = pytest.mark.xdist_group("browser")
WIPE = "I can't feel when I wipe"


def test_from_the_text_of_a_page_to_the_alert_in_hand_in_three_taps(
    clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes
) -> None:
    clinic.it_is("2026-03-03 03:10")
    amy.texts(WIPE)
    page = kim.is_paged()
    assert "Amy" not in page.body
    link = page.body[page.body.index("http") :].split()[0]
    nurse = at("kim", phone=True).signs_in(link)
    nurse.sees("Amy Stone")
    nurse.sees(WIPE)
    nurse.taps("acknowledge")
    nurse.sees("You have this alert")
    assert nurse.taps_made <= 3
    assert clinic.open_alerts[0].acknowledged_by == "kim"
    amy.hears("has seen your message")


def test_a_new_alert_stands_on_an_open_work_list_within_two_seconds(
    clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes
) -> None:
    nurse = at("kim").signs_in()
    nurse.sees("Nothing needs you")
    nurse.sees("The bot is alive")
    nurse.sees("On call first: Kim")
    amy.texts(WIPE)
    nurse.sees(WIPE)
    seen_at = clinic.runtime.now()
    (alert,) = clinic.open_alerts
    assert (seen_at - alert.opened_at).total_seconds() < 2.0
    expect(nurse.page).to_have_title("(1) Work list · Parkview Spine")
    assert kim.is_paged()


def test_acknowledging_with_the_keyboard_alone(clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes) -> None:
    amy.texts(WIPE)
    kim.is_paged()
    nurse = at("kim")
    nurse.opens("/sign-in")
    nurse.types("kim", "Tab", "secret-secret", "Enter")
    nurse.sees("Nobody has it yet")
    nurse.presses("Tab")
    nurse.has_focus("Skip to the content")
    nurse.presses("Enter")
    nurse.tabs_to("I have it")
    nurse.presses("Enter")
    nurse.sees("You have this alert")
    assert clinic.open_alerts[0].acknowledged_by == "kim"


def test_a_nurses_morning_from_the_alert_to_an_empty_list(
    clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes
) -> None:
    clinic.it_is("2026-03-03 10:30")
    amy.hears("day 1")
    amy.texts(WIPE)
    kim.is_paged()
    nurse = at("kim").signs_in()
    nurse.taps("Amy Stone")
    nurse.is_at("/alerts/")
    nurse.taps("acknowledge")
    nurse.sees("You have this alert")
    nurse.can_call("+19135550111")
    nurse.taps("Amy Stone")
    nurse.is_at("/patients/")
    nurse.fills("Write to", "I am calling you now. Nurse Kim")
    nurse.taps("Send")
    amy.hears("I am calling you now")
    nurse.sees("Hand back to the bot")
    nurse.taps("Hand back to the bot")
    nurse.sees("The bot answers again")
    nurse.taps("Open alert")
    nurse.taps("Write it down")
    nurse.taps("Emergency department now")
    nurse.fills("Note", "Her husband drives her.")
    nurse.taps("Close the alert")
    nurse.sees("The alert is closed")
    nurse.sees("Her husband drives her.")
    nurse.goes_to("Work list")
    nurse.sees("Nothing needs you")
    clinic.phone("+19135559999").texts("hello, when do you open?")
    nurse.sees("A text from a number nobody knows")
    nurse.taps("I do it")
    nurse.sees("It is yours")
    nurse.taps("Done")
    nurse.taps("Spoke with them")
    nurse.sees("Nothing needs you")
    assert clinic.work_list == []
