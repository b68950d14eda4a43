"""Enrolling at the desk: what would happen, shown before it does, and then done by the one walk that enrols. It keeps
nothing of a preview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from bot.content.messages import GSM_7, fold_for_sms, segments, septets
from bot.exchange.enrolment import EnrolmentIn, InputError
from bot.flows.conversation import OpenCheckIn
from bot.runtime import Runtime
from bot.services.doubles import Doubles, find_doubles, keep_what_is_known, note_shown
from bot.services.enrolment import Enrolled, enrol_one
from bot.services.party import get_party
from bot.services.speaking import Voice
from bot.storage import phones
from bot.storage.audit import note
from bot.storage.check_ins import CheckIn, list_check_ins
from bot.storage.cohort import list_values
from bot.storage.database import AlreadyThere, Tx
from bot.storage.patients import Patient, get_patient
from bot.storage.procedures import Procedure, get_procedure
from bot.storage.staff import StaffMember
from bot.storage.views import list_people
from bot.vocabulary import CheckInState, ConversationId, LanguageCode, PatientId, ProcedureId


class Unconfirmed(Exception):
    """Somebody is there already, and nobody has confirmed that it is meant so."""


class _OnlyLooking(Exception):
    """Rolls a preview back."""


@dataclass(frozen=True, slots=True)
class SampleText:
    """A text as it would leave, and what it costs."""

    words: str
    length: int
    segments: int
    dear: bool

    @staticmethod
    def of(words: str) -> SampleText:
        sent = fold_for_sms(words)
        return SampleText(sent, septets(sent), segments(sent), not set(sent) <= GSM_7)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a patient will be sent: every check-in and notice, and the words of the first one."""

    patient: Patient
    procedure: Procedure
    check_ins: list[CheckIn]
    first: CheckIn | None
    first_texts: list[SampleText]

    @property
    def language(self) -> LanguageCode:
        return self.patient.language


@dataclass(frozen=True, slots=True)
class Preview:
    """What enrolling would do. `changed` is False where it would do nothing."""

    document: EnrolmentIn
    doubles: Doubles
    plan: Plan
    changed: bool


def preview(rt: Runtime, document: EnrolmentIn, by: str) -> Preview:
    """The enrolment, done and taken back: what the page shows is what would be. Kept is only whom it shows to `by`.

    :raises InputError: one line that names the field.
    """
    seen: Preview | None = None
    try:
        with rt.database.begin() as tx:
            now = rt.now()
            doubles = find_doubles(tx, document, now, list_people(tx))
            whole = keep_what_is_known(tx, document, doubles)
            enrolled = _enrol(tx, rt, whole, by, now)
            seen = Preview(whole, doubles, _plan(tx, rt, enrolled.procedure_id, now), enrolled.changed)
            raise _OnlyLooking
    except _OnlyLooking:
        assert seen is not None
    with rt.database.begin() as tx:
        note_shown(tx, [seen.doubles], by, rt.now())
    return seen


def enrol(rt: Runtime, document: EnrolmentIn, by: str, *, confirmed: str) -> Enrolled:
    """Enrols, unless somebody is there already whom nobody has confirmed.

    :param confirmed: `Doubles.key` of what was shown.
    :raises InputError: one line that names the field.
    :raises Unconfirmed: nothing was written.
    """
    try:
        with rt.database.begin() as tx:
            now = rt.now()
            doubles = find_doubles(tx, document, now, list_people(tx))
            if doubles.is_other_person and doubles.key != confirmed:
                raise Unconfirmed
            return _enrol(tx, rt, keep_what_is_known(tx, document, doubles), by, now)
    except AlreadyThere:
        raise Unconfirmed from None  # somebody enrolled the same record number at this moment


def plan_page(rt: Runtime, procedure_id: ProcedureId, viewer: StaffMember) -> Plan:
    """The plan of somebody who is enrolled, and a line in the audit; LookupError if there is no such procedure."""
    with rt.database.begin() as tx:
        now = rt.now()
        plan = _plan(tx, rt, procedure_id, now)
        note(tx, who=viewer.username, did="viewed_plan", now=now, patient_id=plan.patient.id)
        return plan


def known_values(rt: Runtime) -> dict[str, list[str]]:
    """Providers and levels that were written before, offered while somebody types."""
    with rt.database.begin() as tx:
        found = [list_values(tx, protocol) for protocol in rt.content.protocols]
    return {name: sorted({value for one in found for value in one[name]}) for name in ("provider", "level")}


def _enrol(tx: Tx, rt: Runtime, document: EnrolmentIn, by: str, now: datetime) -> Enrolled:
    if document.consent.wording not in rt.content.consent.wordings:
        raise InputError("consent.wording: is not one of ours. Open the form again and read the wording out anew")
    return enrol_one(tx, rt, document, by, now)


def _plan(tx: Tx, rt: Runtime, procedure_id: ProcedureId, now: datetime) -> Plan:
    procedure = get_procedure(tx, procedure_id)
    patient = get_patient(tx, procedure.patient_id)
    planned = list_check_ins(tx, procedure_id)
    first = next((one for one in planned if one.state is CheckInState.PLANNED), None)
    words = [] if first is None else _words(tx, rt, procedure, first, max(now, first.due_at))
    return Plan(patient, procedure, planned, first, [SampleText.of(one) for one in words])


def _words(tx: Tx, rt: Runtime, procedure: Procedure, check_in: CheckIn, at: datetime) -> list[str]:
    """What leaves first, as services/starting.py would say it."""
    texter = phones.list_texters_of(tx, PatientId(procedure.patient_id))[0]
    party = get_party(tx, procedure.patient_id, texter.phone_id, at)
    voice = Voice(rt.content, replace(party, procedure=procedure), ConversationId(uuid4()), at)
    protocol = rt.content.protocols[procedure.protocol]
    notice = protocol.notice(check_in.name)
    if notice is not None:
        awake = procedure.sedation is False and notice.says_unsedated is not None
        return [voice.message(key) for key in (notice.says_unsedated if awake else notice.says) or ()]
    questions, afterwards = protocol.asked_by()[check_in.name]
    opened = OpenCheckIn(check_in.id, check_in.name, questions, afterwards)
    return [voice.question(opened, questions[0], lead=None, again=False)]
