"""Who may answer for a patient, from which phone, in which language: added, ended, changed by form."""

from __future__ import annotations

from uuid import UUID

from bot.services import who_texts
from bot.vocabulary import PhoneId
from bot.web.console import blueprint
from bot.web.patient import Shown, carry_out
from bot.web.threads import said

PLACE = "people"


@blueprint.post("/patients/<uuid:patient_id>/texters")
def keep_texter(patient_id: UUID) -> Shown:
    """Somebody may answer from a number; of a known number name and relation are corrected."""
    name, relation, number = said("name"), said("relation"), said("number")
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: who_texts.keep_texter(
            tx, rt, patient, person, name=name, relation=relation, number=number, now=now
        ),
        "Recorded: they may answer from that number.",
        PLACE,
    )


@blueprint.post("/patients/<uuid:patient_id>/texters/<uuid:phone_id>/end")
def end_texter(patient_id: UUID, phone_id: UUID) -> Shown:
    """They do not speak for the patient any more."""
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: who_texts.end_texter(tx, rt, patient, person, PhoneId(phone_id), now),
        "Ended: what comes from that number is read as a stranger’s from now on.",
        PLACE,
    )


@blueprint.post("/patients/<uuid:patient_id>/texters/<uuid:phone_id>/first")
def make_first(patient_id: UUID, phone_id: UUID) -> Shown:
    """The check-ins go to that phone."""
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: who_texts.make_first(tx, rt, patient, person, PhoneId(phone_id), now),
        "The check-ins go to that phone from now on.",
        PLACE,
    )


@blueprint.post("/patients/<uuid:patient_id>/language")
def change_language(patient_id: UUID) -> Shown:
    """The language in which the patient is written to."""
    code = said("language")
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: who_texts.change_language(tx, rt, patient, person, code, now),
        "Changed: the next text that the bot begins is in that language.",
        "language",
    )
