"""A patient is followed from the injection to the closed alert."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.services import conversations, staff_words
from bot.storage.conversations import list_conversations_of
from bot.storage.staff import find_staff
from bot.vocabulary import Level, PatientId
from tests.story import Clinic, Telephone


def test_a_check_in_with_normal_answers_ends_with_thanks_and_scores(
    clinic: Clinic, kim: Telephone, amy: Telephone
) -> None:
    """Four questions, four answers, no page."""
    clinic.it_is("2026-03-03 10:00")
    first = amy.hears("day 1")
    assert "Parkview Spine" in first.body
    amy.texts("No")
    amy.hears("2 of 4")
    amy.texts("nope")
    amy.hears("3 of 4")
    amy.texts("3")
    amy.hears("4 of 4")
    amy.texts("80")
    amy.hears("that is all for day 1")
    timeline = clinic.timeline("M-0111")
    assert timeline["check_ins"][0] == {
        "name": "day_1",
        "due_at": "2026-03-03T16:00:00+00:00",
        "state": "answered",
    }
    assert [(p["day"], p["score"]) for p in timeline["pain"]] == [(1, 3)]
    assert ("best_relief", 80) in [(r["source"], r["percent"]) for r in timeline["relief"]]
    assert kim.bodies == []


def test_several_answers_in_one_text_are_all_taken(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    """ "pain 2, no to all, about 80% better" ends the check-in at once."""
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    amy.texts("pain 2, no to all, about 80% better")
    amy.hears("that is all for day 1")
    timeline = clinic.timeline("M-0111")
    assert timeline["check_ins"][0]["state"] == "answered"
    assert timeline["pain"][0]["score"] == 2
    assert kim.bodies == []


def test_a_digit_never_answers_a_red_flag_question(clinic: Clinic, amy: Telephone) -> None:
    """Nor is it a score, which nobody has asked for: it is asked again, and only a no leads on."""
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    amy.texts("4")
    amy.hears("any of those problems now? Reply YES or NO")
    amy.texts("no")
    amy.hears("2 of 4")
    assert clinic.timeline("M-0111")["pain"] == []


def test_the_whole_road_of_a_red_flag(clinic: Clinic, kim: Telephone, rivera: Telephone) -> None:
    """Fever on day 5: the parent is answered, kim paged and called, rivera paged, ACK, closed."""
    dana = clinic.enrols(
        "Jordan Lee",
        "+19135550101",
        at="2026-03-02 09:30",
        born_on="2011-05-01",
        texter={"relation": "parent", "name": "Dana Lee"},
    )
    clinic.it_is("2026-03-07 10:00")
    assert "about Jordan" in dana.hears("day 5").body
    dana.texts("my son has a temp of 101.5 and chills")
    dana.hears("alerted our on-call team")
    page = kim.is_paged()
    for private in ("Jordan", "Lee", "fever", "chills", "101", "0101"):
        assert private not in page.body
    assert clinic.open_alerts[0].level is Level.URGENT
    assert {"fever", "chills"} <= set(clinic.open_alerts[0].flags)
    clinic.wait(minutes=10)
    kim.is_called()
    assert rivera.bodies == []
    clinic.wait(minutes=5)
    rivera.is_paged()
    rivera.is_called()
    rivera.texts(f"ack {clinic.code.lower()}")
    rivera.hears(f"You have ref {clinic.code}")
    kim.hears("taken by rivera")
    dana.hears("has seen your message")
    alert = clinic.open_alerts[0]
    assert (alert.acknowledged_by, alert.acknowledged_how) == ("rivera", "text")
    clinic.desk("rivera").closes(clinic.code, "office_today", note="seen")
    dana.hears("Thank you for talking with us")
    told = clinic.timeline("M-0101")["alerts"][0]
    assert (told["acknowledged_by"], told["outcome"]) == ("rivera", "office_today")
    assert told["opened_at"] <= told["paged_at"] <= told["acknowledged_at"] <= told["closed_at"]


def test_yes_to_question_a_is_an_emergency(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    """A plain YES to bladder, saddle or legs: 911 in the answer, a page at once."""
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    amy.texts("yes")
    assert "911" in amy.hears("emergency").body
    assert "EMERGENCY" in kim.is_paged().body


def test_yes_to_question_b_pages_and_asks_which(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    """The answer to "which one" joins the same alert."""
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    amy.texts("no")
    amy.hears("2 of 4")
    amy.texts("Yes")
    amy.hears("Which is it")
    kim.is_paged()
    amy.texts("fever")
    amy.hears("911")
    assert len(clinic.open_alerts) == 1


def test_a_red_flag_at_any_moment_pages(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    """At three at night, with no question open."""
    clinic.it_is("2026-03-05 03:12")
    amy.texts("I can't feel my groin and I can't pee")
    amy.hears("911")
    kim.is_paged()


def test_pages_go_on_until_somebody_answers(clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone) -> None:
    """An hour later everybody is still being paged, at least every ten minutes."""
    amy.texts("I can't move my leg")
    kim.is_paged()
    clinic.wait(minutes=6)
    rivera.is_paged()
    for _ in range(6):
        clinic.wait(minutes=9, seconds=1)
        before = len(kim.bodies)

        def paged_again(before: int = before) -> bool:
            return len(kim.bodies) > before

        assert clinic.standin.ledger.wait_for(paged_again), "no page in ten minutes"
    assert len(set(kim.bodies)) == len(kim.bodies)


def test_a_digit_on_the_phone_acknowledges_and_nothing_else_does(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """Picking up is not enough; 1 is."""
    amy.texts("I can't move my leg")
    kim.is_paged()
    clinic.wait(minutes=2)
    call = kim.is_called()
    clinic.standin.carrier.answer(call)
    assert any("Press 1" in words for words in call.heard)
    assert not any("Amy" in words or "leg" in words for words in call.heard)
    assert clinic.open_alerts[0].acknowledged_at is None
    clinic.standin.carrier.press(call, "1")
    assert clinic.open_alerts[0].acknowledged_how == "voice"


def test_a_page_that_is_refused_becomes_a_call_and_then_the_next_person(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """Kim's phone takes neither text nor call: rivera is paged at once."""
    clinic.standin.faults.refused[kim.number] = (400, 21211)
    clinic.standin.faults.calls_refused[kim.number] = (400, 21217)
    amy.texts("I can't move my leg")
    rivera.is_paged(within=5)


def test_with_an_empty_rota_everyone_who_may_be_paged_is_paged(clinic: Clinic, amy: Telephone) -> None:
    """Nobody is on call; both hear of it at once."""
    sam = clinic.employs("sam", "+19135550192", tier=None)
    lou = clinic.employs("lou", "+19135550193", tier=None, role="admin")
    clinic.employs("rex", "+19135550194", tier=None, role="receptionist")
    amy.texts("I can't move my leg")
    sam.is_paged()
    lou.is_paged()
    assert clinic.phone("+19135550194").bodies == []


@pytest.mark.parametrize("act", ["takes over", "writes"])
def test_a_yes_pages_whoever_holds_the_thread(clinic: Clinic, kim: Telephone, amy: Telephone, act: str) -> None:
    """The red-flag question is on the phone; that a nurse has come in between changes nothing about its answer."""
    clinic.it_is("2026-03-03 10:00")
    amy.hears("YES or NO")
    rt = clinic.runtime
    with rt.database.begin() as tx:
        nurse = find_staff(tx, "kim")
        assert nurse is not None
        (patient,) = (PatientId(row.id) for row in tx.list(text("SELECT id FROM patients")))
        if act == "writes":
            staff_words.write(tx, rt, patient, nurse, "Shall we call you at three?", rt.now())
        else:
            for talk in list_conversations_of(tx, patient, rt.content.questions()):
                conversations.let_staff_write(tx, rt, talk.id, nurse, rt.now())
    amy.texts("yes")
    kim.is_paged()
    assert clinic.open_alerts[0].level is Level.EMERGENCY
