"""What staff do with a check-in by hand: skip it, send it now, move it; when it may go out is planning's to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.content.protocols import CheckInRules, Protocol
from bot.flows.conversation import State
from bot.planning.around import ADULT_AT, TextingDay, age_on
from bot.planning.by_hand import Moved, No, Slot, is_unsent, move_to, slot_of
from bot.runtime import Runtime
from bot.services.errors import Refused
from bot.services.party import current_procedure
from bot.services.starting import lacks_consent
from bot.storage import check_ins, phones
from bot.storage.audit import note
from bot.storage.check_ins import CheckIn
from bot.storage.conversations import find_conversation
from bot.storage.database import Tx
from bot.storage.patients import Patient, get_patient, list_consents
from bot.storage.phones import Texter
from bot.storage.procedures import Procedure, list_procedures
from bot.storage.staff import StaffMember
from bot.vocabulary import CheckInId, CheckInState, PatientId, Relation

NOTHING = "Nothing was changed."
HOURS = "%H:%M"


def skip(tx: Tx, patient_id: PatientId, check_in_id: CheckInId, staff: StaffMember, now: datetime) -> None:
    """It is not sent.

    :raises Refused: it has gone out, or is skipped already.
    """
    check_in = _locked(tx, patient_id, check_in_id)
    if check_in.state is not CheckInState.PLANNED:
        raise Refused(f"Only what is still planned can be skipped. {NOTHING}")
    check_ins.end_check_in(tx, check_in.id, CheckInState.SKIPPED, now)
    note(tx, who=staff.username, did="skipped_check_in", now=now, patient_id=patient_id, about=check_in.name)


def send_now(
    tx: Tx, rt: Runtime, patient_id: PatientId, check_in_id: CheckInId, staff: StaffMember, now: datetime
) -> None:
    """It is due at once: a worker sends it within seconds.

    :raises Refused: it may not go out now, or would not get through.
    """
    check_in, patient = _locked(tx, patient_id, check_in_id), get_patient(tx, patient_id)
    moved = _moved(tx, rt, patient, check_in, now, now)
    _can_be_reached(tx, rt, patient, now)
    check_ins.replan(tx, check_in.id, moved.due_at, moved.closes_at)
    note(tx, who=staff.username, did="sent_check_in_now", now=now, patient_id=patient_id, about=check_in.name)


def move(
    tx: Tx, rt: Runtime, patient_id: PatientId, check_in_id: CheckInId, staff: StaffMember, at: datetime, now: datetime
) -> None:
    """It goes out then.

    :raises Refused: it may not.
    """
    check_in, patient = _locked(tx, patient_id, check_in_id), get_patient(tx, patient_id)
    moved = _moved(tx, rt, patient, check_in, at, now)
    check_ins.replan(tx, check_in.id, moved.due_at, moved.closes_at)
    about = f"{check_in.name} to {moved.due_at.isoformat()}"
    note(tx, who=staff.username, did="moved_check_in", now=now, patient_id=patient_id, about=about)


def _locked(tx: Tx, patient_id: PatientId, check_in_id: CheckInId) -> CheckIn:
    check_in = check_ins.lock_check_in(tx, check_in_id)
    if check_in.patient_id != patient_id:
        raise LookupError(f"check-in {check_in_id} belongs to somebody else")
    return check_in


def _moved(tx: Tx, rt: Runtime, patient: Patient, check_in: CheckIn, at: datetime, now: datetime) -> Moved:
    if not is_unsent(check_in.state, check_in.sent_at):
        raise Refused(f"This check-in has gone out already. {NOTHING}")
    if patient.died_at is not None:
        raise Refused(f"The patient is marked as dead: nothing is sent. {NOTHING}")
    procedures = list_procedures(tx, patient.id)
    current = current_procedure(procedures, now)
    if current is None or check_in.procedure_id not in {p.id for p in procedures if p.at >= current.at}:
        raise Refused(f"This belongs to an earlier procedure. {NOTHING}")
    procedure = next(p for p in procedures if p.id == check_in.procedure_id)
    rules = moveable(rt.content.protocols[check_in.protocol]).get(check_in.name)
    if rules is None:
        raise Refused(f"This text belongs to its own hour around the procedure: skip it, or let it go. {NOTHING}")
    slot = slot_for(rt, patient, procedure, rules, phones.list_texters_of(tx, patient.id))
    match move_to(slot, at, now):
        case Moved() as moved:
            return moved
        case No() as no:
            raise Refused(f"{_why(no, slot)} {NOTHING}")


def moveable(protocol: Protocol) -> dict[str, CheckInRules]:
    """The check-ins that staff may move, by name: all that ask, but for the diary."""
    return {rules.name: rules for rules in (*protocol.before, *protocol.check_ins)}


def slot_for(
    rt: Runtime, patient: Patient, procedure: Procedure, rules: CheckInRules, texters: Sequence[Texter]
) -> Slot:
    """When this check-in may go out."""
    protocol, texting = rt.content.protocols[procedure.protocol], rt.content.clinic.texting
    on = procedure.at.astimezone(patient.zone).date()
    hours = TextingDay(texting.opens, texting.closes, min(protocol.until, texting.closes))
    texts_alone = bool(texters) and texters[0].relation is Relation.SELF
    is_pupil = texts_alone and age_on(patient.born_on, on) < ADULT_AT
    every = tuple(moveable(protocol).values())
    return slot_of(rules, every, on, hours, patient.zone, is_pupil=is_pupil)


def _why(no: No, slot: Slot) -> str:
    days = f"{slot.first_on:%a %b} {slot.first_on.day} to {slot.last_on:%a %b} {slot.last_on.day}"
    hours = f"{slot.hours.opens:{HOURS}} to {slot.hours.until:{HOURS}}"
    match no:
        case No.PAST:
            return "That time is over: choose one that lies ahead."
        case No.OTHER_DAY:
            return f"By the protocol this check-in may go out from {days}."
        case No.QUIET:
            return f"Texts go out from {hours} where the patient lives."
        case No.LESSONS:
            until = "" if slot.lessons_until is None else f" before {slot.lessons_until:{HOURS}}"
            return f"The patient is at school on that day{until}."


def _can_be_reached(tx: Tx, rt: Runtime, patient: Patient, now: datetime) -> None:
    """Whether a text would get through and be answered.

    :raises Refused: it would not.
    """
    texter = next(iter(phones.list_texters_of(tx, patient.id)), None)
    if texter is None:
        raise Refused(f"Nobody has a phone for this patient. {NOTHING}")
    phone = phones.get_phone(tx, texter.phone_id)
    if phone.opted_out_at is not None:
        raise Refused(f"This phone has stopped texts: please call. {NOTHING}")
    if lacks_consent(patient, list_consents(tx, patient.id), now) is not None:
        raise Refused(f"There is no consent that stands: ask for it and record it first. {NOTHING}")
    talk = find_conversation(tx, patient.id, texter.phone_id, rt.content.questions())
    if talk is not None and talk.state is State.WITH_STAFF:
        raise Refused(f"Staff hold the thread: hand it back to the bot first. {NOTHING}")
    if talk is not None and talk.state is State.STOPPED:
        raise Refused(f"Texts to this patient are stopped: record first that they are wanted again. {NOTHING}")
