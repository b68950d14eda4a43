"""From the page to the outcome: who takes an alert, how, and what happens when nobody does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.content.escalation import AlsoRule
from bot.planning.paging import PageState
from bot.storage.audit import list_entries
from bot.storage.pages import change_state, fail_person, list_records
from bot.vocabulary import AlertId, Channel, PageId
from tests.story import BOT, PAGE, Clinic, Telephone, running_clinic

PAGER = "+19135550109"
LEG = "I can't move my leg"


def did(clinic: Clinic) -> list[str]:
    """What the audit holds about the one open alert."""
    with clinic.runtime.database.begin() as tx:
        return [entry.did for entry in list_entries(tx, alert_id=clinic.open_alerts[0].id)]


@pytest.mark.parametrize("words", ["ok", "Yes", "got it", "ack", "k 7 m 4", "'{code}'", "ack{code} calling now"])
def test_any_plain_answer_takes_the_only_alert(clinic: Clinic, kim: Telephone, amy: Telephone, words: str) -> None:
    """The code in any dress; without one, a yes while exactly one alert was paged to that phone."""
    amy.texts(LEG)
    kim.is_paged()
    kim.texts(" ".join(clinic.code) if words == "k 7 m 4" else words.format(code=clinic.code.lower()))
    kim.hears(f"You have ref {clinic.code}")
    assert clinic.open_alerts[0].acknowledged_by == "kim"


def test_a_wrong_code_and_an_ok_between_two_take_nothing_and_are_answered_with_the_list(
    clinic: Clinic, kim: Telephone, amy: Telephone
) -> None:
    amy.texts(LEG)
    kim.is_paged()
    first = clinic.code
    kim.texts("ACK Z9Z9")
    assert first in kim.hears("no open ref has that code").body
    assert len(kim.bodies) == 2
    bea = clinic.enrols("Bea Ray", "+19135550112", at="2026-03-02 09:30")
    bea.texts(LEG)
    kim.waits_for_more(lambda: None, than=2)
    second = PAGE.findall(kim.bodies[-1])[0]
    kim.texts("ok")
    asked = kim.hears("which one?").body
    assert first in asked
    assert second in asked
    kim.texts("no, not me")
    kim.hears("which one?")
    assert [alert.acknowledged_at for alert in clinic.open_alerts] == [None, None]
    kim.texts(second.lower())
    kim.hears(f"You have ref {second}")
    kim.texts("ok")
    kim.hears(f"You have ref {first}")


def test_a_phone_that_answers_by_itself_is_not_answered_for_ever(clinic: Clinic, kim: Telephone) -> None:
    for _ in range(4):
        kim.texts("I am driving and will see your message later")
        kim.hears("no ref is waiting")
    kim.texts("I am driving and will see your message later")
    kim.hears_nothing_more()


def test_four_ways_of_acknowledging_race_and_one_wins(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """Text with the code, bare text, the digit 1 and the console at once: one winner, everybody else is told."""
    sam = clinic.employs("sam", "+19135550192", tier=1)
    lou = clinic.employs("lou", "+19135550193", tier=1)
    amy.texts(LEG)
    for phone in (kim, sam, lou):
        phone.is_paged()
    clinic.wait(minutes=2)
    call = sam.is_called()
    clinic.standin.carrier.answer(call)
    desk = clinic.desk("lou")
    clinic.wait(minutes=3)
    rivera.is_paged()
    code, pages = clinic.code, []
    shown = desk.opens(f"/a/{code}")  # before the race: whoever looks later finds it taken and no button
    ways: list[Callable[[], object]] = [
        lambda: kim.texts(f"ACK {code}"),
        lambda: rivera.texts("ok"),
        lambda: clinic.standin.carrier.press(call, "1"),
        lambda: pages.append(desk.sends_late(shown, "/acknowledge")),
    ]
    start = threading.Barrier(len(ways))

    def run(way: Callable[[], object]) -> None:
        start.wait()
        way()

    threads = [threading.Thread(target=run, args=(way,)) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    winner = clinic.open_alerts[0].acknowledged_by
    assert did(clinic).count("acknowledged") == 1
    amy.hears("has seen your message")
    assert len([body for body in amy.bodies if "has seen your message" in body]) == 1
    for phone, name in ((kim, "kim"), (rivera, "rivera")):
        phone.hears("You have ref" if name == winner else f"taken by {winner}")
    told = {
        "kim": [b for b in kim.bodies if "You have ref" in b],
        "rivera": [b for b in rivera.bodies if "You have ref" in b],
        "sam": [w for w in call.heard if "It is yours" in w],
        "lou": [p for p in pages if "You have this alert" in p],
    }
    assert [name for name, won in told.items() if won] == [winner]
    for phone, name in ((kim, "kim"), (sam, "sam"), (lou, "lou"), (rivera, "rivera")):
        if name != winner:
            phone.seen = 0
            phone.hears(f"taken by {winner}")
    clinic.wait(minutes=14)
    for phone in (kim, sam, lou, rivera):
        before = len(phone.bodies)
        phone.hears_nothing_more(within=0.5)
        assert len(phone.bodies) == before


def test_voicemail_and_digit_2_acknowledge_nothing(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """A voicemail hears the page; two passes it on to the next person at once; a star says it again."""
    clinic.standin.faults.call_ends[kim.number] = "voicemail"
    amy.texts(LEG)
    kim.is_paged()
    clinic.wait(minutes=2)
    heard = kim.is_called().heard
    assert clinic.standin.ledger.wait_for(lambda: len(heard) > 0)
    assert clinic.open_alerts[0].acknowledged_at is None
    clinic.wait(minutes=3)
    call = rivera.is_called()
    clinic.standin.carrier.answer(call)
    said = len(call.heard)
    clinic.standin.carrier.press(call, "*")
    assert clinic.standin.ledger.wait_for(lambda: len(call.heard) > said)
    pages = len(kim.bodies)
    clinic.standin.carrier.press(call, "2")
    assert clinic.standin.ledger.wait_for(lambda: any("calling the next person" in words for words in call.heard))
    kim.waits_for_more(lambda: None, than=pages)
    assert clinic.open_alerts[0].acknowledged_at is None
    for private in ("Amy", "Stone", "leg", "0111"):
        assert not any(private in words for words in [*call.heard, *heard])


def test_a_receipt_that_comes_late_does_not_undo_a_pass(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """Two was pressed; that the call is then told as picked up, or the text as delivered, holds up nobody."""
    amy.texts(LEG)
    kim.is_paged()
    rt = clinic.runtime
    with rt.database.begin() as tx:
        (page,) = tx.list(text("SELECT id, alert_id FROM pages"))
        assert fail_person(tx, PageId(page.id)) == page.alert_id
        assert change_state(tx, PageId(page.id), PageState.CONFIRMED) is None
        (record,) = list_records(tx, AlertId(page.alert_id), clinic.open_alerts[0].round)
    assert record.state is PageState.FAILED


def test_an_alert_that_was_taken_and_forgotten_opens_again(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """Reminded after 15 minutes; 5 more and paging starts anew, with the same code, and the patient hears of both."""
    amy.texts(LEG)
    kim.is_paged()
    code = clinic.code
    kim.texts(f"ACK {code}")
    kim.hears("You have ref")
    clinic.wait(minutes=14, seconds=50)
    kim.hears_nothing_more(within=1)
    clinic.wait(seconds=10)
    assert code in kim.hears("still has no outcome").body
    kim.texts(f"ack {code}")
    kim.hears("15 minutes more")
    clinic.wait(minutes=14, seconds=50)
    kim.hears_nothing_more(within=1)
    clinic.wait(seconds=10)
    kim.hears("still has no outcome")
    clinic.wait(minutes=5)
    assert "open again" in kim.is_paged().body
    assert clinic.code == code
    alert = clinic.open_alerts[0]
    assert (alert.acknowledged_at, alert.acknowledged_by) == (None, None)
    amy.hears("have not reached you yet")
    clinic.wait(minutes=5)
    rivera.is_paged()
    rivera.texts("ok")
    rivera.hears(f"You have ref {code}")
    amy.hears("has seen your message")
    clinic.wait(minutes=10)
    assert "The alert is closed" in clinic.desk("rivera").closes(code, "ed_now", note="on the way")
    amy.hears("nearest ER now")
    clinic.wait(minutes=30)
    kim.hears_nothing_more()


def test_nobody_answers_at_all(clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone) -> None:
    """The patient is told to call at ten minutes, and of the silence at twenty; an alarm is raised; pages go on."""
    amy.texts(LEG)
    kim.is_paged()
    clinic.wait(minutes=9, seconds=50)
    rivera.is_paged()
    assert not any("have not reached you" in body for body in amy.bodies)
    clinic.wait(seconds=10)
    assert "911" in amy.hears("We have not reached you yet. Please call 913-555-0142").body
    clinic.wait(minutes=8, seconds=30)
    clinic.has_work_item("alert_unreached")
    assert clinic.open_alerts[0].unreached_at is not None
    assert "unreached" in did(clinic)
    assert "Nobody answers" in clinic.desk("kim").opens("/")
    clinic.wait(minutes=2)
    assert "Call 913-555-0142 now" in amy.hears("on-call team has not answered").body
    told = len(amy.bodies)
    for _ in range(3):
        kim.waits_for_more(lambda: clinic.wait(minutes=9, seconds=1))
    assert len(amy.bodies) == told
    rivera.texts("ok")
    rivera.hears("You have ref")
    assert [item.kind for item in clinic.work_list] == []


@pytest.mark.parametrize(
    ("outcome", "told"),
    [("called_911", "call 911 now"), ("home_care", "take care at home"), ("false_alarm", "no visit is planned")],
)
def test_closing_tells_the_patient_what_happens_next(
    clinic: Clinic, kim: Telephone, amy: Telephone, outcome: str, told: str
) -> None:
    amy.texts(LEG)
    kim.is_paged()
    desk = clinic.desk("kim")
    desk.acknowledges(clinic.code)
    desk.closes(clinic.code, outcome)
    amy.hears(told)
    assert clinic.open_alerts == []


def test_a_patient_who_was_not_reached_is_told_and_called_again(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    amy.texts(LEG)
    kim.is_paged()
    clinic.desk("kim").closes(clinic.code, "not_reached")
    amy.hears("did not reach you")
    item = clinic.has_work_item("call_again")
    assert 3500 <= (item.due_at - item.created_at).total_seconds() <= 3700


def test_a_policy_edited_while_an_alert_is_open_leaves_that_alert_alone(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """The alert keeps the policy with which it opened; the next one has the new one."""
    amy.texts(LEG)
    kim.is_paged()
    escalation = clinic.runtime.content.escalation
    policy = escalation.policies[clinic.open_alerts[0].level]
    steps = tuple(step.model_copy(update={"tier": 2}) for step in policy.steps)
    edited = {level: policy.model_copy(update={"steps": steps}) for level in escalation.policies}
    content = clinic.runtime.content
    object.__setattr__(content, "escalation", escalation.model_copy(update={"policies": edited}))
    try:
        clinic.wait(minutes=2)
        kim.is_called()
        assert rivera.bodies == []
        bea = clinic.enrols("Bea Ray", "+19135550112", at="2026-03-02 09:30")
        bea.texts(LEG)
        rivera.is_paged()
    finally:
        object.__setattr__(content, "escalation", escalation)


def test_several_people_of_one_step_are_paged_at_once(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """The first step names another tier beside its own: by text for the one, by voice for the other."""
    content, escalation = clinic.runtime.content, clinic.runtime.content.escalation
    also = AlsoRule(tier=2, channels=(Channel.VOICE,))
    both = {}
    for level, policy in escalation.policies.items():
        first = policy.steps[0].model_copy(update={"also": (also,)})
        both[level] = policy.model_copy(update={"steps": (first, *policy.steps[1:])})
    object.__setattr__(content, "escalation", escalation.model_copy(update={"policies": both}))
    try:
        amy.texts(LEG)
        kim.is_paged()
        rivera.is_called()
        assert rivera.bodies == []
    finally:
        object.__setattr__(content, "escalation", escalation)


def test_a_member_disabled_while_being_paged_is_passed_over(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """Kim leaves after her page: nobody rings her any more, and whoever comes next is paged at once."""
    amy.texts(LEG)
    kim.is_paged()
    clinic.disables("kim")
    clinic.wait(minutes=2)
    rivera.is_paged()
    assert clinic.standin.ledger.calls_to(kim.number) == []
    clinic.has_work_item("nobody_on_call")
    assert {"skipped_member", "skipped_tier"} <= set(did(clinic))


@pytest.mark.parametrize("night", ["2026-03-08 01:55", "2026-11-01 01:55"], ids=["spring", "autumn"])
def test_a_red_flag_in_the_night_of_the_clocks_is_paged_minute_by_minute(
    clinic: Clinic, kim: Telephone, rivera: Telephone, night: str
) -> None:
    """Five to two, as the clocks change: the steps are counted in seconds that pass, not on the wall."""
    clinic.it_is(night[:8] + "01 12:00" if night[8:10] != "01" else "2026-10-31 12:00")
    amy = clinic.enrols(
        "Amy Stone", "+19135550111", at=night[:8] + "01 09:30" if "-03-" in night else "2026-10-31 09:30"
    )
    clinic.it_is(night)
    amy.texts(LEG)
    kim.is_paged()
    clinic.wait(minutes=2)
    kim.is_called()
    assert rivera.bodies == []
    clinic.wait(minutes=3)
    rivera.is_paged()
    rivera.texts("ok")
    rivera.hears("You have ref")
    clinic.wait(minutes=15)
    rivera.hears("still has no outcome")


def test_the_same_flag_again_joins_the_alert_and_pages_nobody_twice(
    clinic: Clinic, kim: Telephone, amy: Telephone
) -> None:
    """Two patients are two alerts; one patient's repeated words are one, and its page is not repeated."""
    for _ in range(3):
        amy.texts(LEG)
        amy.hears("911")
    kim.is_paged()
    assert len(clinic.open_alerts) == 1
    assert len(kim.bodies) == 1
    bea = clinic.enrols("Bea Ray", "+19135550112", at="2026-03-02 09:30")
    bea.texts(LEG)
    assert clinic.standin.ledger.wait_for(lambda: len(kim.bodies) == 2)
    assert len(clinic.open_alerts) == 2


def test_a_level_that_rises_pages_anew_at_once(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    amy.texts("I have a fever of 101.5")
    assert "URGENT" in kim.is_paged().body
    amy.texts("now I can't pee and my groin is numb")
    assert clinic.standin.ledger.wait_for(lambda: any("EMERGENCY" in body for body in kim.bodies))
    assert len({code for body in kim.bodies for code in PAGE.findall(body)}) == 1


def test_pages_leave_from_their_own_number_and_an_answer_to_it_counts_without_a_webhook(
    parts: dict[str, Any], tmp_path: Path
) -> None:
    """TWILIO_PAGE_FROM; the patient's answer leaves from the other one, and the sweep looks at both."""
    with running_clinic(parts | {"settings": {"twilio_page_from": PAGER}}, tmp_path) as clinic:
        kim = clinic.employs("kim", "+19135550190", tier=1)
        amy = clinic.enrols("Amy Stone", "+19135550111", at="2026-03-02 09:30")
        amy.texts(LEG)
        assert kim.is_paged().sender == PAGER
        assert amy.hears("911").sender == BOT
        asked = list(clinic.runtime.gateway.list_inbound(clinic.runtime.now() - timedelta(days=3650)))
        assert [text.body for text in asked] == [LEG]


def test_a_text_that_no_carrier_confirms_for_a_minute_becomes_a_call_and_then_the_next_person(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """Accepted and never heard of again; the call is busy: rivera is paged at once, long before her step."""
    clinic.standin.faults.silent.add(kim.number)
    clinic.standin.faults.call_ends[kim.number] = "busy"
    amy.texts(LEG)
    kim.is_paged()
    clinic.wait(seconds=55)
    assert clinic.standin.ledger.calls_to(kim.number) == []
    clinic.wait(seconds=6)
    rivera.is_paged(within=8)
    assert len(clinic.standin.ledger.calls_to(kim.number)) == 1


def test_the_alert_page_is_an_sbar_over_http(clinic: Clinic, kim: Telephone) -> None:
    """What whoever opens the page's link needs to call within seconds."""
    dana = clinic.enrols(
        "Jordan Lee", "+19135550101", at="2026-03-02 09:30", born_on="2011-05-01", language="es",
        allergies="penicillin", texter={"relation": "parent", "name": "Dana Lee"}, history=["old left foot numbness"],
    )  # by rows, not an item a line  # fmt: skip
    clinic.it_is("2026-03-03 11:00")
    dana.texts("mi hijo tiene fiebre de 39 y escalofrios")
    kim.is_paged()
    desk = clinic.desk("kim")
    page = desk.opens(f"/a/{clinic.code}")
    for words in (
        "Situation", "Background", "Assessment", "Recommendation", "mi hijo tiene", "Dana Lee", "parent of Jordan Lee",
        "14 years", "old left foot numbness", "penicillin", "an interpreter may be needed", "(913) 555-0101",
        "What they have been told", "Why it fired", "911 now", "Office within 2 hours", "Seen within 2 weeks",
        "Not reached", "False alarm",
    ):  # by rows, not an item a line  # fmt: skip
        assert words in page, words
    assert page.count('name="outcome"') == 11
    assert page.index("Seen today") < page.index("911 now"), "what fits an urgent alert is offered first"
