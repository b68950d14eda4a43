"""What cannot be read, sorted or written: set aside, said plainly, put before a person; everybody else goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.content.load import ClinicContent
from bot.storage.outbox import Draft, Kind, keep_outgoing
from bot.vocabulary import Channel, LanguageCode
from tests.story import Clinic, Telephone, running_clinic

NONSENSE = b"\x01kNobodyCanOpenThis............."


def spoil(clinic: Clinic, statement: str) -> None:
    """Overwrites sealed values, as a lost key or a bad disk would."""
    with clinic.runtime.database.begin() as tx:
        assert tx.run(text(statement).bindparams(nonsense=NONSENSE)) > 0


def test_a_row_that_cannot_be_opened_holds_up_nobody(clinic: Clinic, amy: Telephone) -> None:
    """Its text is replaced by plain words, a person is asked, and the next row leaves."""
    bea = clinic.enrols("Bea Ray", "+19135550112", at="2026-03-02 09:30")
    with clinic.runtime.database.begin() as tx:
        now = clinic.runtime.now()
        amys, beas = (row.id for row in tx.list(text("SELECT id FROM phones ORDER BY created_at")))
        for phone_id, phone, words in ((amys, amy, "lost words"), (beas, bea, "kept words")):
            draft = Draft(words, Kind.REPLY, Channel.TEXT, phone.number, words, now.replace(year=2027), phone_id)
            keep_outgoing(tx, draft, now)
        tx.run(text("UPDATE outbox SET body_sealed = :n WHERE dedupe_key = 'lost words'").bindparams(n=NONSENSE))
    bea.hears("kept words")
    amy.hears("could not be written")
    assert clinic.has_work_item("cannot_be_sent").phone_id == amys
    amy.hears_nothing_more(within=0.5)


def test_a_page_that_cannot_be_opened_becomes_a_call(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    """The number is found with the member of staff."""
    clinic.standin.faults.change({"outage": "429", "outage_on": ["texts"], "retry_after_s": 3})
    clinic.standin.faults.calls_refused = {"*": (400, 39999)}
    amy.texts("I can't feel my legs")
    spoil(clinic, "UPDATE outbox SET to_sealed = :nonsense WHERE kind = 'page' AND channel = 'text'")
    clinic.standin.faults.clear()
    clinic.wait(minutes=2)
    kim.is_called()
    with clinic.runtime.database.begin() as tx:
        spoilt = tx.list(text("SELECT sid FROM outbox WHERE to_sealed = :n").bindparams(n=NONSENSE))
    assert [row.sid for row in spoilt] == [None], "a later page may be a text again, that one cannot"


def test_a_reply_that_triage_crashes_on_is_read_by_a_person(
    clinic: Clinic, kim: Telephone, amy: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried three times, then paged, and its writer is told."""

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("bot.services.hearing.sort_reply", crash)
    amy.texts("something that nobody thought of")
    kim.is_paged(within=30)
    amy.hears("could not read your message")
    assert clinic.open_alerts[0].reason == "unreadable"


def test_a_patient_whose_record_cannot_be_opened_is_paged_all_the_same(
    clinic: Clinic, kim: Telephone, amy: Telephone
) -> None:
    """Nothing is known but the phone, and that is enough. Others are answered meanwhile."""
    spoil(clinic, "UPDATE patients SET name_sealed = :nonsense")
    bea = clinic.enrols("Bea Ray", "+19135550112", at="2026-03-02 09:30")
    amy.texts("I can't feel my legs")
    bea.texts("all good")
    bea.hears("thank")
    kim.is_paged(within=30)
    amy.hears("could not be written")
    kim.texts(f"ACK {clinic.code}")
    kim.hears("You have ref")


def test_a_check_in_that_cannot_start_holds_up_nobody(clinic: Clinic, amy: Telephone) -> None:
    """A person is asked about one, the other is sent."""
    spoil(clinic, "UPDATE patients SET name_sealed = :nonsense")
    bea = clinic.enrols("Bea Ray", "+19135550112", at="2026-03-02 09:30")
    clinic.it_is("2026-03-03 10:00")
    bea.hears("day 1")
    clinic.has_work_item("check_in_failed")
    assert amy.bodies == []


def test_a_text_that_cannot_be_rendered_is_said_plainly(
    parts: dict[str, Any], content: ClinicContent, tmp_path: Path
) -> None:
    """A template with a name that nobody fills in: plain words go out, and a person hears of it."""
    english = content.messages[LanguageCode("en")]
    broken = english.model_copy(update={"questions": dict.fromkeys(english.questions, "x")}, deep=True)
    broken = broken.model_copy(update={"texts": english.texts | {"greeting": "Hello {nobody}"}})
    parts["content"] = replace(content, messages={**content.messages, LanguageCode("en"): broken})
    with running_clinic(parts, tmp_path) as clinic:
        amy = clinic.enrols("Amy Stone", "+19135550111", at="2026-03-02 09:30")
        clinic.it_is("2026-03-03 10:00")
        amy.hears("could not be written")
        clinic.has_work_item("cannot_be_sent")


def test_a_holder_who_cannot_be_reminded_counts_as_reminded_in_vain(
    clinic: Clinic, kim: Telephone, amy: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paging starts anew instead of waiting for a reminder that never leaves."""
    amy.texts("I can't feel my legs")
    kim.is_paged()
    kim.texts(f"ACK {clinic.code}")
    kim.hears("You have ref")

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("bot.services.paging.remind", crash)
    clinic.wait(minutes=16)
    kim.is_paged()
    assert clinic.open_alerts[0].acknowledged_at is None


def test_a_patient_who_cannot_be_told_to_wait_is_called_by_a_person(
    clinic: Clinic, kim: Telephone, amy: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text that fails does not fail for ever, and it is on the work list."""
    amy.texts("I can't feel my legs")
    kim.is_paged()

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("bot.services.telling.tell_patient", crash)
    clinic.wait(minutes=30)
    assert clinic.has_work_item("cannot_be_sent").phone_id == clinic.open_alerts[0].phone_id


def test_a_member_of_staff_who_cannot_be_read_hides_nobody_else(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone
) -> None:
    """The next one is paged, and the work list says that a tier has nobody."""
    spoil(clinic, "UPDATE staff SET phone_sealed = :nonsense WHERE username = 'kim'")
    amy.texts("I can't feel my legs")
    rivera.is_paged(within=30)
    assert kim.bodies == []
    clinic.has_work_item("nobody_on_call")
