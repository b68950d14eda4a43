"""What happens on an open page without a reload: a tone, keys, two people before one alert, a session that ends."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bot.flows.effects import Due
from bot.services import desk
from tests.browser.conftest import Comes
from tests.story import Clinic, Telephone

pytestmark = pytest.mark.xdist_group("browser")
WIPE = "I can't feel when I wipe"
PLAYED = "() => Number(document.documentElement.dataset.played ?? 0)"


def put(clinic: Clinic, *kinds: str) -> None:
    """Work items of nobody, due in an hour."""
    with clinic.runtime.database.begin() as tx:
        for number, kind in enumerate(kinds):
            desk.put(tx, clinic.runtime, kind, Due.IN_AN_HOUR, f"browser:{number}", clinic.runtime.now())


def test_a_tone_is_played_for_whoever_switched_it_on(clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes) -> None:
    nurse = at("kim").signs_in()
    nurse.taps("Sound: off")
    nurse.sees("Sound: on")
    assert nurse.page.evaluate(PLAYED) == 1, "so that one knows it"
    nurse.opens("/?show=quiet")
    nurse.sees("Sound: on")
    nurse.page.mouse.click(5, 300)  # a browser plays nothing on a page that nobody touched
    amy.texts(WIPE)
    nurse.sees("1 alert that nobody has.")
    assert nurse.page.evaluate(PLAYED) == 1
    expect(nurse.page).to_have_title("(1) Work list · Parkview Spine")
    kim.is_paged()
    nurse.opens("/")
    nurse.sees(WIPE)
    assert nurse.page.evaluate(PLAYED) == 0, "it is not new any more"


def test_single_keys_move_tick_and_take(clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes) -> None:
    amy.texts(WIPE)
    kim.is_paged()
    put(clinic, "check_in_too_late", "texts_came_late", "question")
    nurse = at("kim").signs_in()
    nurse.sees("All that are ticked above")
    nurse.presses("j")
    nurse.has_focus("Amy Stone")
    nurse.presses("j", "ArrowDown", "ArrowUp", "k", "j", "x")
    expect(nurse.page.get_by_role("checkbox", name="Tick:").first).to_be_checked()
    nurse.presses("?")
    nurse.sees("Everything here can also be reached with")
    nurse.taps("Single keys do something on this computer")
    nurse.page.mouse.click(5, 300)
    nurse.presses("j", "a")
    nurse.opens("/")
    nurse.presses("j")
    expect(nurse.page.locator("[data-card]:focus")).to_have_count(0)
    nurse.presses("?")
    nurse.taps("Keys")
    nurse.taps("Single keys do something on this computer")
    nurse.page.mouse.click(5, 300)
    nurse.presses("j", "a")
    nurse.sees("You have this alert")
    assert clinic.open_alerts[0].acknowledged_by == "kim"


def test_trifles_are_ticked_and_closed_together(clinic: Clinic, kim: Telephone, at: Comes) -> None:
    assert kim
    put(clinic, "check_in_too_late", "question", "check_in_too_late")
    nurse = at("kim", phone=True).signs_in()
    boxes = nurse.page.get_by_role("checkbox", name="Tick:")
    expect(boxes).to_have_count(2)
    boxes.nth(0).tap()
    boxes.nth(1).tap()
    put(clinic, "consent_at_18")
    nurse.sees("Has turned 18")
    expect(boxes.nth(0)).to_be_checked()
    nurse.taps("Nothing to do", within="All that are ticked above")
    nurse.sees("2 done.")
    left = sorted(item.kind for item in clinic.work_list if item.kind != "alert_unreached")
    assert left == ["consent_at_18", "question"], "on a slow machine the first round of an earlier page is over by now"


def test_two_before_one_alert_see_each_other_and_what_the_other_does(
    clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes
) -> None:
    clinic.employs("rivera", "+19135550191", tier=2, role="clinician")
    amy.texts(WIPE)
    kim.is_paged()
    path = f"/alerts/{clinic.open_alerts[0].id}"
    nurse = at("kim").signs_in(path)
    doctor = at("rivera", phone=True).signs_in(path)
    doctor.sees("is looking at this too, since")
    nurse.sees("is looking at this too, since")
    nurse.taps("Write a text")
    nurse.fills("under your name", "I am calling")
    doctor.taps("acknowledge")
    doctor.sees("You have this alert")
    nurse.sees("has it since")
    nurse.sees_in("under your name", "I am calling")
    doctor.page.goto("/")
    nurse.page.wait_for_function("() => document.querySelector('#others').children.length === 0", timeout=25_000)


def test_a_page_that_is_signed_out_says_so_and_shows_nobody(
    clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes
) -> None:
    amy.texts(WIPE)
    kim.is_paged()
    nurse = at("kim").signs_in()
    nurse.sees(WIPE)
    with clinic.runtime.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE staff_sessions SET ended_at = now()")
    nurse.sees("You are signed out.")
    nurse.sees_nothing_of(WIPE)
    expect(nurse.page).to_have_title("✗ Signed out · Work list · Parkview Spine")
