"""Who is paged follows the rota of that moment: rotations over a DST night, overrides, holidays; and proved numbers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.exchange.enrolment import InputError
from bot.exchange.rota import read_rota
from bot.services.numbers import test_monthly as send_monthly_tests
from bot.services.rota import look_ahead, say_gap, set_rota
from bot.services.testing import run_test
from bot.storage.audit import list_entries
from bot.vocabulary import Channel
from tests.story import Clinic, Telephone

LEG = "I can't move my leg"
WEEKLY: dict[str, Any] = {
    "rotations": [{"tier": 1, "usernames": ["kim", "rivera"], "every": "week", "weekday": "sunday",
                   "hand_over_at": "01:30", "from": "2026-10-19"}],
}  # by rows, not an item a line  # fmt: skip


@pytest.fixture
def pair(clinic: Clinic) -> tuple[Telephone, Telephone]:
    """Kim and Rivera, on no rota yet."""
    return clinic.employs("kim", "+19135550190", tier=None), clinic.employs("rivera", "+19135550191", tier=None)


def test_a_rotation_hands_over_in_the_night_of_the_clocks(clinic: Clinic, pair: tuple[Telephone, Telephone]) -> None:
    """Sunday half past one comes twice on November 1st: kim before, both in the hour between, rivera after."""
    kim, rivera = pair
    clinic.it_is("2026-10-31 12:00")
    set_rota(clinic.runtime, read_rota(WEEKLY), "story")
    patients = [clinic.enrols(f"Amy {n}", f"+1913555011{n}", at="2026-10-31 09:30") for n in range(3)]
    clinic.it_is("2026-11-01 01:29")
    patients[0].texts(LEG)
    kim.is_paged()
    assert rivera.bodies == []
    clinic.desk("kim").closes(clinic.code, "home_care")
    clinic.wait(minutes=2)
    patients[1].texts(LEG)
    rivera.is_paged()
    kim.waits_for_more(lambda: None, than=1)
    clinic.desk("kim").closes(clinic.code, "home_care")
    clinic.wait(minutes=65)
    patients[2].texts(LEG)
    rivera.waits_for_more(lambda: None, than=1)
    kim.hears_nothing_more()


def test_a_holiday_and_an_override_are_followed_at_page_time(clinic: Clinic, pair: tuple[Telephone, Telephone]) -> None:
    kim, rivera = pair
    sam = clinic.employs("sam", "+19135550192", tier=None)
    rules = {
        "entries": [{"username": "kim", "tier": 1}],
        "holidays": [{"on": "2026-03-03", "tier": 1, "usernames": ["rivera"]}],
        "overrides": [{"change": "replace", "username": "sam", "tier": 1,
                       "from": "2026-03-04T08:00:00-06:00", "to": "2026-03-04T20:00:00-06:00"}],
    }  # by rows, not an item a line  # fmt: skip
    set_rota(clinic.runtime, read_rota(rules), "story")
    for number, (when, phone) in enumerate((("2026-03-03 12:00", rivera), ("2026-03-04 12:00", sam))):
        clinic.it_is(when)
        patient = clinic.enrols(f"Amy {number}", f"+1913555011{number}", at="2026-03-02 09:30")
        patient.texts(LEG)
        phone.is_paged()
        phone.texts("ok")
        phone.hears("You have ref")
    assert kim.bodies == []


def test_gaps_are_shown_ahead_and_refused_where_asked(clinic: Clinic, pair: tuple[Telephone, Telephone]) -> None:
    ends = {"entries": [{"username": "kim", "tier": 1, "to": "2026-03-10T08:00:00-05:00"}]}
    with pytest.raises(InputError, match="tier 2 has nobody from 2026-03-02 12:00"):
        set_rota(clinic.runtime, read_rota(ends), "story", refuse_gaps=True)
    assert [gap.tier for gap in look_ahead(clinic.runtime).gaps] == [1, 2]
    assert not look_ahead(clinic.runtime).shifts[0].staff_ids, "a refused rota must not be saved"
    ahead = set_rota(clinic.runtime, read_rota(ends), "story")
    told = [say_gap(gap, clinic.zone) for gap in ahead.gaps]
    assert told[1].startswith("tier 1 has nobody from 2026-03-10 08:00")
    page = clinic.desk("kim").opens("/on-call")
    assert page.count("has nobody</strong>") == 2
    assert "untested" in page


def test_a_number_is_proved_by_a_code_on_both_channels(clinic: Clinic, kim: Telephone) -> None:
    """Text and call; a wrong code proves nothing and takes nobody off paging."""
    desk = clinic.desk("kim")
    desk.submits("/on-call", "/on-call/code", channel="text")
    pin = re.findall(r"code is (\d{6})", kim.hears("your code is").body)[0]
    assert "not the code" in desk.submits("/on-call", "/on-call/confirm", pin="000000" if pin != "000000" else "1")
    assert "pages by text reach you" in desk.submits("/on-call", "/on-call/confirm", pin=pin)
    assert "not the code" in desk.submits("/on-call", "/on-call/confirm", pin=pin)
    desk.submits("/on-call", "/on-call/code", channel="voice")
    call = kim.is_called()
    clinic.standin.carrier.answer(call)
    spoken = re.findall(r"code is ((?:\d, ){5}\d)", " ".join(call.heard))[0]
    assert "pages by call reach you" in desk.submits("/on-call", "/on-call/confirm", pin=spoken)
    amy = clinic.enrols("Amy Stone", "+19135550111", at="2026-03-02 09:30")
    amy.texts(LEG)
    kim.is_paged()


def test_a_test_page_is_answered_by_its_code_or_by_the_digit_1_and_comes_back_monthly(
    clinic: Clinic, kim: Telephone
) -> None:
    """It holds no ACK; answered, it proves the number, and a month later the next one comes in office hours."""
    for channel in Channel:
        assert [row.left for row in run_test(clinic.runtime, ["kim"], [channel], 0)] == [True]
    page = kim.hears("TEST page, no patient").body
    assert "ACK" not in page
    kim.texts(re.findall(r"T\d{4}", page)[0])
    kim.hears("Your test page is answered")
    call = kim.is_called()
    clinic.standin.carrier.answer(call)
    assert any("No patient is waiting" in words for words in call.heard)
    clinic.standin.carrier.press(call, "1")
    assert clinic.standin.ledger.wait_for(lambda: any("test is answered" in words for words in call.heard))
    clinic.it_is("2026-04-04 12:00")
    assert send_monthly_tests(clinic.runtime) == 0
    clinic.it_is("2026-04-06 12:00")
    clinic.standin.ledger.wait_for(lambda: None, 0.2)
    send_monthly_tests(clinic.runtime)
    kim.hears("TEST page, no patient")
    clinic.wait(hours=25)
    send_monthly_tests(clinic.runtime)
    clinic.has_work_item("test_unanswered")
    with clinic.runtime.database.begin() as tx:
        assert "verified_number" not in [entry.did for entry in list_entries(tx)]


def test_page_me_now_reaches_the_phone_twice_and_the_console_shows_what_was_proved(
    clinic: Clinic, kim: Telephone
) -> None:
    desk = clinic.desk("kim")
    assert "You are being paged by text and call." in desk.submits("/on-call", "/on-call/page-me")
    page = kim.hears("TEST page, no patient").body
    call = kim.is_called()
    assert "proved</span>" not in desk.opens("/on-call")
    kim.texts(re.findall(r"T\d{4}", page)[0])
    kim.hears("Your test page is answered")
    clinic.standin.carrier.answer(call)
    clinic.standin.carrier.press(call, "1")
    assert clinic.standin.ledger.wait_for(lambda: any("test is answered" in words for words in call.heard))
    assert desk.opens("/on-call").count("✓ proved</span>") == 2


def test_cover_entered_in_the_console_is_followed_by_the_next_page(
    clinic: Clinic, pair: tuple[Telephone, Telephone]
) -> None:
    """Rivera takes two hours of Kim's night by form; the page goes to her, and after them to Kim."""
    kim, rivera = pair
    set_rota(clinic.runtime, read_rota([{"username": "kim", "tier": 1}]), "story")
    saved = clinic.desk("rivera").submits(
        "/on-call/rota/cover", "/on-call/rota/cover", **_version(clinic), who="rivera", whom="kim", tier="1",
        **{"from": "2026-03-02T13:00", "to": "2026-03-02T15:00"},
    )  # by rows, not an item a line  # fmt: skip
    assert "covers" in saved
    for when, phone in (("2026-03-02 14:00", rivera), ("2026-03-02 15:00", kim)):
        clinic.it_is(when)
        clinic.enrols("Amy", f"+1913555011{len(clinic.phones)}", at="2026-03-02 09:30").texts(LEG)
        phone.is_paged()
        phone.texts("ok")
        phone.hears("You have ref")


def _version(clinic: Clinic) -> dict[str, str]:
    found = re.search(r'name="version" value="([^"]+)"', clinic.desk("rivera").opens("/on-call/rota/cover"))
    assert found is not None
    return {"version": found[1]}


def test_a_landline_is_called_instead_of_texted(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    clinic.employs("desk", "+19135550195", tier=1, channels=["voice"])
    amy.texts(LEG)
    kim.is_paged()
    clinic.phone("+19135550195").is_called()
    assert clinic.phone("+19135550195").bodies == []
