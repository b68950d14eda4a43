"""What the page of one patient shows, read in one transaction with a fixed number of queries; it writes nothing but the
audit of who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.flows.conversation import Conversation, State
from bot.planning.by_hand import Slot, is_unsent
from bot.runtime import Runtime
from bot.services.by_hand import moveable, slot_for
from bot.services.party import current_procedure
from bot.services.timeline import timeline_of
from bot.storage import alerts, audit, conversations, patients, phones, procedures, texts, views, work_items
from bot.storage.alerts import Alert
from bot.storage.audit import Entry
from bot.storage.check_ins import CheckIn, list_check_ins
from bot.storage.corrections import Correction, map_corrections
from bot.storage.database import Tx
from bot.storage.findings import map_findings
from bot.storage.patients import Consent, Patient
from bot.storage.phones import Phone, Texter
from bot.storage.procedures import Procedure
from bot.storage.staff import StaffMember, list_staff
from bot.storage.texts import Line
from bot.storage.work_items import WorkItem
from bot.vocabulary import CheckInState, Finding, PatientId, PhoneId, Relation, TextId

LONGEST_THREAD = 500
FRESH_FOR_S = 60
HOLDING = ("took_thread", "wrote_to_patient", "handed_back")


@dataclass(frozen=True, slots=True)
class Planned:
    """A check-in in the list, and what staff may do with it. `slot`: when it may go out, if it may be moved."""

    check_in: CheckIn
    slot: Slot | None
    may_skip: bool
    may_send: bool


@dataclass(frozen=True, slots=True)
class Round:
    """One procedure with its check-ins."""

    procedure: Procedure
    planned: list[Planned]


@dataclass(frozen=True, slots=True)
class PatientPage:
    """Everything on one patient's page. `names` maps a username to a name, `texters` holds those who ended too."""

    patient: Patient
    procedure: Procedure | None
    texters: list[tuple[Texter, Phone]]
    consents: list[Consent]
    talks: list[Conversation]
    thread: list[Line]
    findings: dict[TextId, Finding]
    corrections: dict[TextId, list[Correction]]
    rounds: list[Round]
    alerts: list[Alert]
    tasks: list[WorkItem]
    timeline: dict[str, Any] | None
    held: Entry | None
    names: dict[str, str]

    @property
    def with_staff(self) -> bool:
        """Staff hold the thread: the bot is silent but for red flags."""
        return any(talk.state is State.WITH_STAFF for talk in self.talks)

    @property
    def can_be_taken(self) -> bool:
        """There is a thread that staff may take: one that was not stopped."""
        return any(talk.state not in (State.STOPPED, State.WITH_STAFF) for talk in self.talks)

    @property
    def texting(self) -> list[tuple[Texter, Phone]]:
        """Who may answer now."""
        return [(texter, phone) for texter, phone in self.texters if texter.ended_at is None]

    @property
    def standing(self) -> list[Consent]:
        """The consents that were not withdrawn."""
        return [consent for consent in self.consents if consent.withdrawn_at is None]

    @property
    def writers(self) -> dict[PhoneId, str]:
        """Who texts from which phone, where it is not the patient alone."""
        if all(texter.relation is Relation.SELF for texter, _ in self.texters):
            return {}
        return {phone.id: texter.name for texter, phone in self.texters}


def mark_of_patient(rt: Runtime, patient_id: PatientId, viewer: StaffMember) -> str:
    """Stands for what `patient_page` would show this viewer, for one query: while it is the same, so is the page. It
    changes once a minute at least, for the ages."""
    with rt.database.begin() as tx:
        mark = views.mark_of_patient(tx, patient_id)
    minutes = int(rt.now().timestamp()) // FRESH_FOR_S
    return sha256(f"{mark} {minutes} {viewer.username} {viewer.role}".encode()).hexdigest()[:24]


def patient_page(rt: Runtime, patient_id: PatientId, viewer: StaffMember, *, by_hand: bool = True) -> PatientPage:
    """The page; LookupError if there is no such patient. A line in the audit says that it was looked at, unless the
    page keeps itself fresh (`by_hand` False)."""
    now = rt.now()
    with rt.database.begin() as tx:
        patient = patients.get_patient(tx, patient_id)
        talks = conversations.list_conversations_of(tx, patient_id, rt.content.questions())
        found = procedures.list_procedures(tx, patient_id)
        procedure = current_procedure(found, now)
        texters = phones.list_all_texters_of(tx, patient_id)
        thread = texts.list_thread(tx, [talk.id for talk in talks], LONGEST_THREAD)
        heard = [line.text.id for line in thread if line.text.direction == "in"]
        acts = audit.list_acts(tx, patient_id, HOLDING)
        if by_hand:
            audit.note(tx, who=viewer.username, did="viewed_patient", now=now, patient_id=patient_id)
        return PatientPage(
            patient=patient,
            procedure=procedure,
            texters=texters,
            consents=patients.list_consents(tx, patient_id),
            talks=talks,
            thread=thread,
            findings=map_findings(tx, heard),
            corrections=map_corrections(tx, heard),
            rounds=_rounds(tx, rt, patient, [t for t, _ in texters if t.ended_at is None], found, now),
            alerts=alerts.list_alerts_of(tx, patient_id),
            tasks=[item for item in work_items.list_items_of(tx, patient_id) if item.done_at is None],
            timeline=None if procedure is None else timeline_of(tx, rt, patient),
            held=acts[-1] if acts and acts[-1].did != "handed_back" else None,
            names={person.username: person.name for person in list_staff(tx)},
        )


def _rounds(
    tx: Tx, rt: Runtime, patient: Patient, texters: list[Texter], newest_first: list[Procedure], now: datetime
) -> list[Round]:
    """The procedure that is followed, and those that lie ahead."""
    current = current_procedure(newest_first, now)
    shown = [p for p in reversed(newest_first) if current is not None and p.at >= current.at]
    check_ins = list_check_ins(tx, *(p.id for p in shown))
    today = now.astimezone(patient.zone).date()
    rounds = []
    for procedure in shown:
        rules = moveable(rt.content.protocols[procedure.protocol])
        planned = []
        for one in (c for c in check_ins if c.procedure_id == procedure.id):
            moves = one.name in rules and is_unsent(one.state, one.sent_at) and patient.died_at is None
            slot = slot_for(rt, patient, procedure, rules[one.name], texters) if moves else None
            slot = None if slot is None or slot.last_on < today else slot
            may_send = slot is not None and slot.first_on <= today
            planned.append(Planned(one, slot, one.state is CheckInState.PLANNED, may_send))
        rounds.append(Round(procedure, planned))
    return rounds
