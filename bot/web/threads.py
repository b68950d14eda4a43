"""What staff do in a patient's thread by hand: write, record a stop, a start, a consent, a new number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from bot.exchange.enrolment import InputError, read_number
from bot.runtime import Runtime
from bot.services import staff_words
from bot.services.staff_words import CannotWrite
from bot.storage.database import Tx
from bot.storage.patients import Consent, get_patient
from bot.storage.staff import StaffMember
from bot.vocabulary import PatientId
from bot.web.console import blueprint
from bot.web.here import runtime
from bot.web.sign_in import MAY_ACT, only, staff

__all__ = ["blueprint"]

HEARD = {"phone": "by phone", "visit": "in person", "letter": "by letter or e-mail"}
CONSENTING = ("patient", "parent", "guardian")
Deed = Callable[[Tx, Runtime, PatientId, StaffMember, datetime], None]


@blueprint.post("/patients/<uuid:patient_id>/write")
def write(patient_id: UUID) -> Response:
    """A text to the patient under the writer's name; the thread is then theirs."""
    words = " ".join(request.form.get("words", "").split())
    return _do(
        patient_id,
        lambda tx, rt, patient, person, now: staff_words.write(tx, rt, patient, person, words, now),
        "Sent. You hold the thread now: hand it back when you are done.",
    )


@blueprint.post("/patients/<uuid:patient_id>/stop-texts")
def stop_texts(patient_id: UUID) -> Response:
    """No more texts, as the patient has told a person."""
    how = _heard()
    return _do(
        patient_id,
        lambda tx, rt, patient, person, now: staff_words.record_stop(tx, rt, patient, person, how, now),
        "No more texts go to this patient.",
    )


@blueprint.post("/patients/<uuid:patient_id>/start-texts")
def start_texts(patient_id: UUID) -> Response:
    """Texts again, as the patient has told a person."""
    how = _heard()
    return _do(
        patient_id,
        lambda tx, rt, patient, person, now: staff_words.record_start(tx, rt, patient, person, how, now),
        "The check-ins go out again.",
    )


@blueprint.post("/patients/<uuid:patient_id>/consent")
def consent(patient_id: UUID) -> Response:
    """A consent that was given to a person, with its wording."""
    by, wording = request.form.get("by", ""), " ".join(request.form.get("wording", "").split())[:100]
    if by not in CONSENTING or not wording:
        flash("Say who agreed, and to which wording. Nothing was changed.")
        return redirect(url_for("console.patient", patient_id=patient_id))
    method = HEARD[_heard()]
    return _do(
        patient_id,
        lambda tx, _rt, patient, person, now: staff_words.record_consent(
            tx, patient, person, Consent(by, method, now, wording), now
        ),
        "The consent is recorded.",
    )


@blueprint.post("/patients/<uuid:patient_id>/number")
def number(patient_id: UUID) -> Response:
    """Another number for the check-ins."""
    try:
        given = read_number(request.form.get("number", ""))
    except InputError as error:
        flash(f"{error}. Nothing was changed.")
        return redirect(url_for("console.patient", patient_id=patient_id))
    return _do(
        patient_id,
        lambda tx, rt, patient, person, now: staff_words.change_number(tx, rt, patient, person, given, now),
        "The check-ins go to the new number from now on.",
    )


def _heard() -> str:
    how = request.form.get("how", "phone")
    return how if how in HEARD else "phone"


def _do(patient_id: UUID, deed: Deed, words: str) -> Response:
    """Carries it out in one transaction and says what came of it."""
    only(*MAY_ACT)
    rt = runtime()
    try:
        with rt.database.begin() as tx:
            get_patient(tx, PatientId(patient_id))
            deed(tx, rt, PatientId(patient_id), staff(), rt.now())
    except LookupError:
        abort(404)
    except CannotWrite as refusal:
        words = str(refusal)
    flash(words)
    return redirect(url_for("console.patient", patient_id=patient_id))
