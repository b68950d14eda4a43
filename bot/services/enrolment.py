"""Enrols a patient for a procedure and plans the check-ins, in one transaction or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot.exchange.enrolment import EnrolmentIn, InputError, TexterIn, check_dates
from bot.flows.effects import Due
from bot.planning.around import ADULT_AT, TextingDay, age_on, plan_notice, rule_for
from bot.planning.check_ins import PlannedCheckIn, plan_check_ins
from bot.runtime import Runtime
from bot.services import desk
from bot.services.party import GUARDIANS, list_follow_up
from bot.services.staff_words import open_threads
from bot.storage import check_ins, patients, phones, procedures
from bot.storage.audit import note
from bot.storage.check_ins import CheckIn
from bot.storage.conversations import keep_conversation
from bot.storage.database import Tx
from bot.storage.patients import Chart, Consent, Patient
from bot.storage.phones import Texter
from bot.storage.procedures import Procedure
from bot.vocabulary import CheckInState, LanguageCode, PatientId, ProcedureId, Relation


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What was written; `changed` is False where all of it was there before."""

    patient_id: PatientId
    procedure_id: ProcedureId
    check_ins: list[CheckIn]
    changed: bool


def enrol_all(rt: Runtime, documents: list[EnrolmentIn], by: str) -> list[Enrolled]:
    """Enrols every one of them, or none.

    :raises InputError: one line that names the field, and which item of a list.
    """
    now = rt.now()
    with rt.database.begin() as tx:
        enrolled = []
        for number, document in enumerate(documents, 1):
            try:
                enrolled.append(enrol_one(tx, rt, document, by, now))
            except InputError as error:
                raise InputError(f"item {number}: {error}" if len(documents) > 1 else str(error)) from None
        return enrolled


def enrol_one(tx: Tx, rt: Runtime, document: EnrolmentIn, by: str, now: datetime) -> Enrolled:
    """Enrols one of them in the caller's transaction.

    :raises InputError: one line that names the field.
    """
    _check(rt, document, now)
    known = patients.find_patient_by_mrn(tx, document.mrn)
    if known is not None:
        same = _same_procedure(tx, known.id, document)
        if same is not None:
            return Enrolled(known.id, same.id, list_follow_up(tx, rt, same), changed=False)
        _check_withdrawal(tx, known.id, document)
    patient = _patient(rt, document, known)
    if known is None:
        patients.keep_patient(tx, patient, now)
    else:
        patients.change_patient(tx, patient)
    consent = document.consent
    patients.keep_consent(tx, patient.id, Consent(consent.by, consent.method, consent.at, consent.wording), now)
    _keep_texters(tx, patient, document, now)
    if known is not None:  # a thread that was stopped by a withdrawn consent or a changed number is open again
        open_threads(tx, rt, patient.id, now)
    procedure = _keep_procedure(tx, patient, document, now)
    _plan(tx, rt, procedure, patient, now)
    note(tx, who=by, did="enrolled", now=now, patient_id=patient.id, about=str(procedure.id))
    if _lacks_guardian(document, now):
        key = f"enrol:{procedure.id}"
        desk.put(tx, rt, "guardian_consent", Due.NOON_NEXT_BUSINESS_DAY, key, now, patient_id=patient.id)
    return Enrolled(patient.id, procedure.id, list_follow_up(tx, rt, procedure), changed=True)


def _check(rt: Runtime, document: EnrolmentIn, now: datetime) -> None:
    if document.procedure.protocol not in rt.content.protocols:
        known = ", ".join(sorted(rt.content.protocols))
        raise InputError(f"procedure.protocol: {document.procedure.protocol!r} is unknown. Known: {known}")
    if document.language not in rt.content.messages:
        known = ", ".join(sorted(rt.content.messages))
        raise InputError(f"language: {document.language!r} is unknown. Known: {known}")
    check_dates(document, now)


def _check_withdrawal(tx: Tx, patient_id: PatientId, document: EnrolmentIn) -> None:
    """An old consent in a spreadsheet does not undo a withdrawal."""
    earlier = patients.list_consents(tx, patient_id)
    withdrawn = [consent.withdrawn_at for consent in earlier if consent.withdrawn_at is not None]
    if earlier and len(withdrawn) == len(earlier) and document.consent.at <= max(withdrawn):
        raise InputError("consent.at: the consent was withdrawn after that; a newer one is needed")


def _same_procedure(tx: Tx, patient_id: PatientId, document: EnrolmentIn) -> Procedure | None:
    wanted = (document.procedure.protocol, document.procedure.at)
    found = procedures.list_procedures(tx, patient_id)
    return next((p for p in found if (p.protocol, p.at) == wanted), None)


def _patient(rt: Runtime, document: EnrolmentIn, known: Patient | None) -> Patient:
    zone = ZoneInfo(document.time_zone) if document.time_zone else rt.content.clinic.zone
    return Patient(
        id=PatientId(uuid4()) if known is None else known.id,
        mrn=document.mrn,
        name=document.name,
        born_on=document.born_on,
        language=LanguageCode(document.language),
        zone=zone,
        chart=Chart(
            history=document.history,
            anticoagulant=document.anticoagulant,
            diabetes=document.diabetes,
            allergies=document.allergies,
            emergency_contact=document.emergency_contact,
        ),
        died_at=None if known is None else known.died_at,
    )


def _keep_texters(tx: Tx, patient: Patient, document: EnrolmentIn, now: datetime) -> None:
    first = document.texter or TexterIn(relation=Relation.SELF, name=document.name)
    phones.demote_texters(tx, patient.id)
    for number, texter in enumerate((first, *document.texters)):
        phone = phones.keep_phone(tx, texter.phone or document.phone, now)
        is_first = number == 0
        known = {t.phone_id for t in phones.list_texters_of(tx, patient.id) if t.is_first}
        if not is_first and phone.id in known:
            continue  # a second person on the first texter's phone changes nothing about who is greeted
        phones.keep_texter(tx, Texter(patient.id, phone.id, texter.relation, texter.name, is_first))
        keep_conversation(tx, patient.id, phone.id, now)


def _keep_procedure(tx: Tx, patient: Patient, document: EnrolmentIn, now: datetime) -> Procedure:
    """A new procedure, or the one that lay ahead at a new time."""
    given = document.procedure
    ahead = [p for p in procedures.list_procedures(tx, patient.id) if p.protocol == given.protocol and p.at > now]
    procedure = Procedure(
        id=ahead[0].id if ahead else ProcedureId(uuid4()),
        patient_id=patient.id,
        protocol=given.protocol,
        at=given.at,
        level=given.level,
        side=given.side,
        sedation=given.sedation,
        provider=given.provider,
        drug=given.drug,
        dose_mg=given.dose_mg,
        baseline_pain=document.baseline_pain,
        block_pain=document.block_pain,
    )
    if ahead:
        procedures.change_procedure(tx, procedure)
        check_ins.move_check_ins(tx, procedure.id)
    else:
        check_ins.skip_planned(tx, patient.id, now)  # a repeat injection starts the follow-up anew
        procedures.keep_procedure(tx, procedure, now)
    return procedure


def _plan(tx: Tx, rt: Runtime, procedure: Procedure, patient: Patient, now: datetime) -> None:
    """The follow-up, and what goes around the procedure as far as it still lies ahead."""
    protocol, zone = rt.content.protocols[procedure.protocol], patient.zone
    on = procedure.at.astimezone(zone).date()
    pupil = patient.born_on if _texts_alone(tx, patient) else None
    rules = [
        rule_for(r, protocol.until, procedure_on=on, pupil_born_on=pupil)
        for r in (*protocol.before, *protocol.check_ins)
    ]
    for planned in plan_check_ins(procedure.at, zone, rules, now):
        _keep(tx, procedure, planned, skipped=planned.skipped)
    texting = rt.content.clinic.texting
    day = TextingDay(texting.opens, texting.closes, protocol.until)
    for notice in protocol.notices:
        due = plan_notice(notice, procedure.at, zone, day)
        if due is not None:
            _keep(tx, procedure, due, skipped=due.due_at <= now)


def _keep(tx: Tx, procedure: Procedure, planned: PlannedCheckIn, *, skipped: bool) -> None:
    state = CheckInState.SKIPPED if skipped else CheckInState.PLANNED
    check_ins.keep_check_in(tx, procedure.id, planned.name, planned.due_at, planned.closes_at, state)


def _texts_alone(tx: Tx, patient: Patient) -> bool:
    """Whether the patient's own phone gets the check-ins."""
    first = next(iter(phones.list_texters_of(tx, patient.id)), None)
    return first is not None and first.relation is Relation.SELF


def _lacks_guardian(document: EnrolmentIn, now: datetime) -> bool:
    """A minor whose consent nobody with authority gave (PLATFORM.md 2, minors)."""
    return age_on(document.born_on, now.date()) < ADULT_AT and document.consent.by.lower() not in GUARDIANS
