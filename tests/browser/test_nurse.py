"""A nurse's day: paged at night on a phone, the work list at a desk in the morning."""

from __future__ import annotations

from tests.browser.conftest import Comes
from tests.story import Clinic, Telephone

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
