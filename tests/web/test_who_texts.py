"""Who may answer for a patient, from which phone, in which language, and by whose consent: changed by staff."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

from bot.exchange.enrolment import InputError
from bot.flows.conversation import State
from bot.services import conversations
from bot.services.who_texts import make_first
from bot.storage.alerts import list_open_alerts
from bot.storage.conversations import list_conversations_of
from bot.storage.patients import get_patient, list_consents
from bot.storage.phones import find_phone, list_texters_of
from bot.storage.staff import find_staff
from bot.storage.texts import list_thread
from bot.vocabulary import PatientId, PhoneId
from tests.web.conftest import AMY, WAITS, Browser, Console

BO = "+19135550180"


@pytest.fixture
def amy(console: Console) -> PatientId:
    found = console.enrols("Amy Stone", texters=[{"relation": "parent", "name": "Bo Stone", "phone": BO}])
    console.it_is("2026-03-03 09:30")
    return found


@pytest.fixture
def kim(console: Console, amy: PatientId) -> Browser:
    browser = console.browser_of("kim")
    browser.opens(f"/patients/{amy}")
    return browser


def phone_of(console: Console, number: str) -> PhoneId:
    with console.begin() as tx:
        found = find_phone(tx, number)
        assert found is not None
        return found.id


def texters(console: Console, amy: PatientId) -> list[tuple[str, str, bool]]:
    with console.begin() as tx:
        return [(t.name, t.relation.value, t.is_first) for t in list_texters_of(tx, amy)]


def lines(console: Console, amy: PatientId, direction: str = "out") -> list[str]:
    rt = console.runtime
    with console.begin() as tx:
        talks = list_conversations_of(tx, amy, rt.content.questions())
        return [t.text.words for t in list_thread(tx, [t.id for t in talks]) if t.text.direction == direction]


def test_somebody_new_may_answer_and_is_heard(console: Console, amy: PatientId, kim: Browser) -> None:
    page = kim.posts(f"/patients/{amy}/texters", name="Cy Stone", relation="spouse", number="(913) 555-0190").text
    assert "they may answer from that number" in page
    assert ("Cy Stone", "spouse", False) in texters(console, amy)
    console.hears("she is doing fine, thanks", "+19135550190")
    assert lines(console, amy, "in") == ["she is doing fine, thanks"]


def test_a_name_is_corrected_and_the_check_ins_stay_where_they_are(
    console: Console, amy: PatientId, kim: Browser
) -> None:
    kim.posts(f"/patients/{amy}/texters", name="Amy Jane Stone", relation="self", number=AMY)
    assert texters(console, amy)[0] == ("Amy Jane Stone", "self", True)
    page = kim.posts(f"/patients/{amy}/texters", name="Amy Jane Stone", relation="self", number=AMY).text
    assert "That is how it stands already" in page


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"name": " "}, "Write who answers"),
        ({"name": "x" * 101}, "Write who answers"),
        ({"relation": "boss"}, "Choose what they are to the patient"),
        ({"number": "12"}, "Nothing was changed"),
    ],
)
def test_what_is_no_person_is_refused_and_stays_typed(
    console: Console, amy: PatientId, kim: Browser, fields: dict[str, Any], line: str
) -> None:
    before = texters(console, amy)
    given: dict[str, Any] = {"name": "Cy Stone", "relation": "spouse", "number": "+19135550190"} | fields
    page = kim.posts(f"/patients/{amy}/texters", **given).text
    assert line in page
    assert texters(console, amy) == before
    if "number" not in fields:
        assert 'value="+19135550190"' in page


def test_whoever_has_ended_is_a_stranger_whose_red_flag_still_pages(
    console: Console, amy: PatientId, kim: Browser
) -> None:
    console.hears("thank you", BO)
    page = kim.posts(f"/patients/{amy}/texters/{phone_of(console, BO)}/end").text
    assert "Ended:" in page
    assert "Bo Stone, (913) 555-0180: ended" in page
    console.hears("her leg is suddenly numb", BO)
    assert lines(console, amy, "in") == ["thank you"], "the old words stay, the new ones are nobody's"
    with console.begin() as tx:
        (alert,) = list_open_alerts(tx)
    assert (alert.patient_id, alert.reason) == (None, "unknown_number")
    kim.posts(f"/patients/{amy}/texters", name="Bo Stone", relation="parent", number=BO)
    console.hears("it is me again", BO)
    assert lines(console, amy, "in") == ["thank you", "it is me again"]


def test_whoever_gets_the_check_ins_does_not_end(console: Console, amy: PatientId, kim: Browser) -> None:
    page = kim.posts(f"/patients/{amy}/texters/{phone_of(console, AMY)}/end").text
    assert "They get the check-ins" in page
    assert texters(console, amy)[0] == ("Amy Stone", "self", True)


def test_the_check_ins_go_to_another_phone(console: Console, amy: PatientId, kim: Browser) -> None:
    bo = phone_of(console, BO)
    assert "go to that phone from now on" in kim.posts(f"/patients/{amy}/texters/{bo}/first").text
    assert "to this phone already" in kim.posts(f"/patients/{amy}/texters/{bo}/first").text
    console.it_is("2026-03-03 10:01")
    conversations.start_due(console.runtime)
    with console.begin() as tx:
        talks = list_conversations_of(tx, amy, console.runtime.content.questions())
    assert {talk.phone_id for talk in talks if talk.state is State.ASKING} == {bo}


def test_back_to_the_first_number_means_texts_again(console: Console, amy: PatientId, kim: Browser) -> None:
    """A number that was given up and is given again gets check-ins: its thread had been stopped."""
    kim.posts(f"/patients/{amy}/number", number="+19135550199")
    kim.posts(f"/patients/{amy}/number", number=AMY)
    console.it_is("2026-03-03 10:01")
    conversations.start_due(console.runtime)
    assert len(lines(console, amy)) == 1


def test_the_number_of_somebody_who_answers_already_is_nobody_elses(
    console: Console, amy: PatientId, kim: Browser
) -> None:
    before = texters(console, amy)
    page = kim.posts(f"/patients/{amy}/number", number=BO).text
    assert "Bo Stone answers from that number already" in page
    assert texters(console, amy) == before


def test_a_page_from_before_moves_nobody_elses_number(console: Console, amy: PatientId, kim: Browser) -> None:
    """The page shows Amy as the one who gets the check-ins; meanwhile they go to Bo, whose number stays."""
    shown = str(phone_of(console, AMY))
    kim.posts(f"/patients/{amy}/texters/{phone_of(console, BO)}/first")
    before = texters(console, amy)
    page = kim.posts(f"/patients/{amy}/number", number="+19135550199", instead_of=shown).text
    assert "go to another phone by now" in page
    assert texters(console, amy) == before
    assert f'name="instead_of" value="{phone_of(console, BO)}"' in page


@pytest.mark.parametrize(
    ("act", "line", "left"),
    [
        ("texters/{bo}/end", "They get the check-ins", [("Bo Stone", True), ("Amy Stone", False)]),
        ("texters/{bo}/first", "to this phone already", [("Bo Stone", True), ("Amy Stone", False)]),
        ("texters/{cy}/first", "go to that phone", [("Cy Stone", True), ("Amy Stone", False), ("Bo Stone", False)]),
        ("number", "go to another phone by now", [("Bo Stone", True), ("Amy Stone", False)]),
    ],
)
def test_of_two_clicks_at_once_the_second_sees_what_the_first_did(
    console: Console, amy: PatientId, kim: Browser, act: str, line: str, left: list[tuple[str, bool]]
) -> None:
    """Another desk gives the check-ins to Bo and has not committed: ours waits, and then decides."""
    bo = phone_of(console, BO)
    if "{cy}" in act:
        kim.posts(f"/patients/{amy}/texters", name="Cy Stone", relation="spouse", number="+19135550190")
        act = act.format(cy=phone_of(console, "+19135550190"))
    path, shown = f"/patients/{amy}/{act.format(bo=bo)}", str(phone_of(console, AMY))
    pages: list[str] = []
    ours = Thread(target=lambda: pages.append(kim.posts(path, number="+19135550199", instead_of=shown).text))
    with console.begin() as tx:
        lou = find_staff(tx, "kim")
        assert lou is not None
        make_first(tx, console.runtime, amy, lou, bo, console.runtime.now())
        ours.start()
        with console.begin() as looking:
            while not looking.connection.exec_driver_sql(WAITS).first():
                assert ours.is_alive()
    ours.join()
    assert line in pages[0]
    found = [(name, is_first) for name, _, is_first in texters(console, amy)]
    assert (found[0], sorted(found)) == (left[0], sorted(left))


def test_a_language_changes_what_the_bot_begins(console: Console, amy: PatientId, kim: Browser) -> None:
    page = kim.posts(f"/patients/{amy}/language", language="es").text
    assert "Changed:" in page
    with console.begin() as tx:
        assert get_patient(tx, amy).language == "es"
    console.it_is("2026-03-03 10:01")
    conversations.start_due(console.runtime)
    assert "Responda" in lines(console, amy)[-1]
    assert "That is the language already" in kim.posts(f"/patients/{amy}/language", language="es").text
    assert "Choose a language that the bot writes" in kim.posts(f"/patients/{amy}/language", language="tlh").text


def test_what_was_agreed_to_can_be_read_in_the_patients_language(
    console: Console, amy: PatientId, kim: Browser
) -> None:
    assert "Some of these texts are sent by a machine." in kim.opens(f"/patients/{amy}").text
    assert "Algunos los env" in kim.posts(f"/patients/{amy}/language", language="es").text


def test_a_withdrawn_consent_stops_this_patient_alone(console: Console, amy: PatientId, kim: Browser) -> None:
    bea = console.enrols("Bea Stone", AMY, mrn="M-2222")
    page = kim.posts(f"/patients/{amy}/withdraw", how="phone").text
    assert "No consent stands" in page
    assert "Withdrawn" in page
    console.it_is("2026-03-03 10:01")
    conversations.start_due(console.runtime)
    assert lines(console, amy) == []
    assert len(lines(console, bea)) == 1
    assert "consent_withdrawn" in [item.kind for item in console.items]
    assert "There is no consent that stands." in kim.posts(f"/patients/{amy}/withdraw").text


def test_a_new_consent_lets_texts_out_again(console: Console, amy: PatientId, kim: Browser) -> None:
    kim.posts(f"/patients/{amy}/withdraw", how="visit")
    kim.posts(f"/patients/{amy}/consent", by="patient", wording="2026-02", how="phone")
    with console.begin() as tx:
        newest, oldest = list_consents(tx, amy)
    assert (newest.withdrawn_at, oldest.withdrawn_at is None) == (None, False)
    console.it_is("2026-03-03 10:01")
    conversations.start_due(console.runtime)
    assert len(lines(console, amy)) == 1
    did = [entry.did for entry in console.entries(amy)]
    assert [name for name in did if "consent" in name] == ["withdrew_consent", "recorded_consent"]


def test_an_old_consent_in_a_spreadsheet_does_not_undo_a_withdrawal(
    console: Console, amy: PatientId, kim: Browser
) -> None:
    kim.posts(f"/patients/{amy}/withdraw", how="visit")
    console.it_is("2026-06-01 12:00")
    consent = {"by": "patient", "method": "paper", "at": "2026-02-27T10:01:00-06:00", "wording": "2026-01"}
    with pytest.raises(InputError, match="withdrawn after that"):
        console.enrols("Amy Stone", procedure={"at": "2026-06-01T09:30:00-05:00"}, consent=consent)


def test_enrolling_again_with_a_new_consent_lets_texts_out_again(
    console: Console, amy: PatientId, kim: Browser
) -> None:
    """Without this a repeat injection would be followed up by nobody: the thread was stopped."""
    kim.posts(f"/patients/{amy}/withdraw", how="visit")
    console.it_is("2026-06-01 12:00")
    consent = {"by": "patient", "method": "paper", "at": "2026-05-30T10:00:00-05:00", "wording": "2026-05"}
    console.enrols("Amy Stone", procedure={"at": "2026-06-01T09:30:00-05:00"}, consent=consent)
    console.it_is("2026-06-02 10:01")
    conversations.start_due(console.runtime)
    assert [words for words in lines(console, amy) if "day 1" in words]


@pytest.mark.parametrize("act", ["texters", "language", "withdraw"])
def test_who_may_not_act_changes_nobody(console: Console, amy: PatientId, act: str) -> None:
    console.employs("rex", "auditor")
    rex = console.browser_of("rex")
    rex.opens(f"/patients/{amy}")
    before = texters(console, amy)
    fields: dict[str, Any] = {"name": "X", "relation": "other", "number": "+19135550190", "language": "es"}
    assert rex.posts(f"/patients/{amy}/{act}", **fields).status_code == 403
    assert rex.posts(f"/patients/{amy}/texters/{phone_of(console, BO)}/end").status_code == 403
    assert rex.posts(f"/patients/{amy}/texters/{phone_of(console, BO)}/first").status_code == 403
    assert texters(console, amy) == before
