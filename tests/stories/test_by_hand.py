"""What staff do on a patient's page, with the real worker and the patient's telephone at the other end."""

from __future__ import annotations

import re

from tests.story import Clinic, Telephone

BO = "+19135550180"


def _page(clinic: Clinic, amy: Telephone) -> str:
    """Where the console shows this patient."""
    desk = clinic.desk("kim")
    found = re.search(r'href="(/patients/[0-9a-f-]{36})"', desk.opens("/patients"))
    assert found is not None
    assert amy.number
    return found[1]


def _answers_day_1(clinic: Clinic, amy: Telephone) -> None:
    """So that no reminder comes between."""
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    _answers(amy)


def _answers(amy: Telephone) -> None:
    amy.waits_for_more(lambda: amy.texts("no to all, pain is 3, about 80% better"))
    if "YES or NO" in amy.bodies[-1]:
        amy.waits_for_more(lambda: amy.texts("no"))


def _act(page: str, check_in: str, act: str) -> str:
    """The address of an act on that check-in, as the page's own form has it."""
    part = page.partition(f"<strong>{check_in}</strong>")[2]
    found = re.search(rf'action="[^"]*(/check-ins/[0-9a-f-]{{36}}/{act})"', part)
    assert found is not None, f"nothing to {act} for {check_in}"
    return found[1]


def test_a_check_in_sent_now_reaches_the_phone_and_is_answered(clinic: Clinic, kim: Telephone) -> None:
    amy = clinic.enrols("Amy Stone", "+19135550111", at="2026-03-02 09:30")
    _answers_day_1(clinic, amy)
    clinic.it_is("2026-03-06 11:00")
    path, desk = _page(clinic, amy), clinic.desk("kim")
    assert "within seconds" in desk.submits(path, _act(desk.opens(path), "Day 5", "send-now"))
    amy.hears("day 5")
    assert "→ sent, no answer yet" in desk.opens(path)
    _answers(amy)
    clinic.it_is("2026-03-07 10:30")
    amy.hears_nothing_more()
    assert desk.opens(path).count("✓ answered") == 2


def test_a_moved_check_in_comes_then_and_not_before(clinic: Clinic, kim: Telephone) -> None:
    amy = clinic.enrols("Amy Stone", "+19135550111", at="2026-03-02 09:30")
    _answers_day_1(clinic, amy)
    path, desk = _page(clinic, amy), clinic.desk("kim")
    address = _act(desk.opens(path), "Day 5", "move")
    assert "Moved." in desk.submits(path, address, on="2026-03-08", at="16:00")
    clinic.it_is("2026-03-08 15:59")
    amy.hears_nothing_more()
    clinic.it_is("2026-03-08 16:00")
    amy.hears("day 5")


def test_a_red_flag_from_a_texter_who_has_ended_still_pages(clinic: Clinic, kim: Telephone) -> None:
    amy = clinic.enrols(
        "Amy Stone",
        "+19135550111",
        at="2026-03-02 09:30",
        texters=[{"relation": "parent", "name": "Bo Stone", "phone": BO}],
    )
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    path, desk = _page(clinic, amy), clinic.desk("kim")
    assert "Ended:" in desk.submits(path, "/end")
    clinic.phone(BO).texts("she can't feel when she wipes")
    kim.is_paged()
