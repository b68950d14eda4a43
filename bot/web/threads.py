"""What staff do in a patient's thread by hand: write, record a stop, a start, a consent, a new number."""

from __future__ import annotations

from uuid import UUID

from flask import request

from bot.exchange.enrolment import InputError, read_number
from bot.services import staff_words
from bot.storage.patients import Consent
from bot.vocabulary import PhoneId
from bot.web.console import blueprint
from bot.web.patient import Shown, carry_out, refuse

__all__ = ["blueprint"]

HEARD = {"phone": "by phone", "visit": "in person", "letter": "by letter or e-mail"}
CONSENTING = ("patient", "parent", "guardian")


@blueprint.post("/patients/<uuid:patient_id>/write")
def write(patient_id: UUID) -> Shown:
    """A text to the patient under the writer's name; the thread is then theirs."""
    words = said("words")
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: staff_words.write(tx, rt, patient, person, words, now),
        "Sent. You hold the thread now: hand it back when you are done.",
    )


@blueprint.post("/patients/<uuid:patient_id>/stop-texts")
def stop_texts(patient_id: UUID) -> Shown:
    """No more texts, as the patient has told a person."""
    how = _heard()
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: staff_words.record_stop(tx, rt, patient, person, how, now),
        "No more texts go to this patient.",
        "consent",
    )


@blueprint.post("/patients/<uuid:patient_id>/start-texts")
def start_texts(patient_id: UUID) -> Shown:
    """Texts again, as the patient has told a person."""
    how = _heard()
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: staff_words.record_start(tx, rt, patient, person, how, now),
        "The check-ins go out again.",
        "consent",
    )


@blueprint.post("/patients/<uuid:patient_id>/consent")
def consent(patient_id: UUID) -> Shown:
    """A consent that was given to a person, with its wording."""
    by, wording = request.form.get("by", ""), said("wording")[:100]
    if by not in CONSENTING or not wording:
        return refuse(patient_id, "Say who agreed, and to which wording. Nothing was changed.")
    method = HEARD[_heard()]
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: staff_words.record_consent(
            tx, rt, patient, person, Consent(by, method, now, wording), now
        ),
        "The consent is recorded.",
        "consent",
    )


@blueprint.post("/patients/<uuid:patient_id>/withdraw")
def withdraw(patient_id: UUID) -> Shown:
    """The consent does not stand any more, as the patient has told a person."""
    how = _heard()
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: staff_words.withdraw_consent(tx, rt, patient, person, how, now),
        "The consent is withdrawn: nothing automatic goes to this patient any more.",
        "consent",
    )


@blueprint.post("/patients/<uuid:patient_id>/number")
def number(patient_id: UUID) -> Shown:
    """Another number for the check-ins."""
    try:
        given = read_number(said("number"))
    except InputError as error:
        return refuse(patient_id, f"{error}. Nothing was changed.")
    shown = request.form.get("instead_of", type=UUID)
    instead_of = None if shown is None else PhoneId(shown)
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: staff_words.change_number(
            tx, rt, patient, person, given, now, instead_of=instead_of
        ),
        "The check-ins go to the new number from now on.",
        "people",
    )


def said(name: str) -> str:
    """What was typed into that field, on one line; PostgreSQL takes no NUL."""
    return " ".join(request.form.get(name, "").replace("\0", "").split())


def _heard() -> str:
    how = request.form.get("how", "phone")
    return how if how in HEARD else "phone"
