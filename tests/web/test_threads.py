"""What staff do in a thread by hand: write, record a stop, a start, a consent, a new number; and who may not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.flows.conversation import State
from bot.storage.conversations import list_conversations_of
from bot.storage.patients import list_consents
from bot.storage.phones import find_phone, list_texters_of
from bot.storage.texts import Line, list_thread
from bot.vocabulary import PatientId
from tests.web.conftest import AMY, Browser, Console

NEW = "+19135550112"


@pytest.fixture
def patient(console: Console) -> PatientId:
    """Amy, the day after."""
    found = console.enrols("Amy Stone")
    console.it_is("2026-03-03 10:30")
    return found


@pytest.fixture
def kim(console: Console, patient: PatientId) -> Browser:
    return console.browser_of("kim")


def does(browser: Browser, patient: PatientId, act: str, **fields: Any) -> str:
    """Sends a form of the patient's page; what the next page says."""
    browser.opens(f"/patients/{patient}")
    return browser.posts(f"/patients/{patient}/{act}", **fields).text


def thread(console: Console, patient: PatientId) -> list[Line]:
    rt = console.runtime
    with rt.database.begin() as tx:
        talks = list_conversations_of(tx, patient, rt.content.questions())
        return list_thread(tx, [talk.id for talk in talks])


def states(console: Console, patient: PatientId) -> list[State]:
    rt = console.runtime
    with rt.database.begin() as tx:
        return [talk.state for talk in list_conversations_of(tx, patient, rt.content.questions())]


def test_a_nurse_writes_under_her_name_and_holds_the_thread(console: Console, patient: PatientId, kim: Browser) -> None:
    answer = does(kim, patient, "write", words="  When can   you talk? ")
    assert "You hold the thread now" in answer
    assert [line.text.words for line in thread(console, patient)] == ["Kim Gray: When can you talk?"]
    assert states(console, patient) == [State.WITH_STAFF]
    console.hears("in ten minutes")
    assert len([line for line in thread(console, patient) if line.text.direction == "out"]) == 1
    does(kim, patient, "hand-back")
    console.hears("thank you!")
    assert "welcome" in thread(console, patient)[-1].text.words


@pytest.mark.parametrize("words", ["", "x" * 481])
def test_nothing_and_a_novel_are_refused(console: Console, patient: PatientId, kim: Browser, words: str) -> None:
    assert "Nothing was sent" in does(kim, patient, "write", words=words)
    assert thread(console, patient) == []
    assert states(console, patient) == [State.IDLE]


def test_nobody_writes_to_a_phone_that_stopped_texts(console: Console, patient: PatientId, kim: Browser) -> None:
    console.hears("STOP")
    assert "please call" in does(kim, patient, "write", words="Hello?")
    assert all("Hello" not in line.text.words for line in thread(console, patient))


def test_a_stop_said_aloud_holds_at_once_and_can_be_taken_back(
    console: Console, patient: PatientId, kim: Browser
) -> None:
    assert "No more texts" in does(kim, patient, "stop-texts", how="phone")
    assert states(console, patient) == [State.STOPPED]
    with console.runtime.database.begin() as tx:
        phone = find_phone(tx, AMY)
        assert phone is not None
        assert phone.opted_out_at is not None
    assert "go out again" in does(kim, patient, "start-texts", how="visit")
    assert states(console, patient) == [State.IDLE]


def test_a_consent_is_kept_with_its_wording(console: Console, patient: PatientId, kim: Browser) -> None:
    assert "recorded" in does(kim, patient, "consent", by="guardian", wording="2026-04", how="visit")
    with console.runtime.database.begin() as tx:
        newest = list_consents(tx, patient)[0]
    assert (newest.by, newest.method, newest.wording) == ("guardian", "in person", "2026-04")
    assert "Nothing was changed" in does(kim, patient, "consent", by="a friend", wording="2026-04")


def test_a_new_number_gets_the_check_ins_and_the_old_one_peace(
    console: Console, patient: PatientId, kim: Browser
) -> None:
    assert "new number" in does(kim, patient, "number", number="(913) 555-0112")
    with console.runtime.database.begin() as tx:
        first, second = list_texters_of(tx, patient)
        new = find_phone(tx, NEW)
        assert new is not None
        assert (first.phone_id, first.is_first, second.is_first) == (new.id, True, False)
    assert sorted(states(console, patient)) == [State.IDLE, State.STOPPED]
    assert "not a phone number" in does(kim, patient, "number", number="12")
    assert "already" in does(kim, patient, "number", number=NEW)


@pytest.mark.parametrize("act", ["write", "stop-texts", "start-texts", "consent", "number"])
def test_who_may_not_act_does_not(console: Console, patient: PatientId, act: str) -> None:
    console.employs("rex", role="auditor")
    browser = console.browser_of("rex")
    browser.opens(f"/patients/{patient}")
    fields: dict[str, Any] = {"words": "hi", "how": "phone", "by": "patient", "wording": "x", "number": NEW}
    assert browser.posts(f"/patients/{patient}/{act}", **fields).status_code == 403
    assert thread(console, patient) == []
