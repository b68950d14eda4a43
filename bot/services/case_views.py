"""What the pages of one alert and of one patient show, each read in one transaction; it writes nothing but the audit of
who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.flows.conversation import Conversation, State
from bot.runtime import Runtime
from bot.services.party import Party, current_procedure, get_party
from bot.services.timeline import timeline_of
from bot.storage import alerts, audit, conversations, patients, phones, procedures, texts, work_items
from bot.storage.alerts import Alert
from bot.storage.audit import Entry
from bot.storage.check_ins import CheckIn, list_check_ins
from bot.storage.database import Tx
from bot.storage.findings import find_finding
from bot.storage.pages import PageLine, list_page_lines
from bot.storage.patients import Consent, Patient
from bot.storage.phones import Phone, Texter
from bot.storage.procedures import Procedure
from bot.storage.staff import StaffMember, list_staff
from bot.storage.texts import Line
from bot.storage.work_items import WorkItem
from bot.vocabulary import AlertId, ConversationId, Finding, PatientId, PhoneId, Relation, TextId

LAST_LINES = 12


@dataclass(frozen=True, slots=True)
class Words:
    """One text with how it was sorted."""

    at: datetime
    words: str
    media: int
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Everything on one alert's page. `names` maps a username to a name."""

    alert: Alert
    party: Party | None
    phone: Phone | None
    raised_by: list[Words]
    thread: list[Line]
    pages: list[PageLine]
    entries: list[Entry]
    day: int | None
    names: dict[str, str]

    @property
    def said_since(self) -> list[Line]:
        """What the bot and staff have told the patient since the alert opened."""
        first = self.raised_by[0].at if self.raised_by else self.alert.opened_at
        return [line for line in self.thread if line.text.direction == "out" and line.text.at >= first]


def alert_page(rt: Runtime, alert_id: AlertId, viewer: StaffMember) -> AlertPage:
    """The page, and a line in the audit that it was looked at; LookupError if there is no such alert."""
    now = rt.now()
    with rt.database.begin() as tx:
        alert = alerts.get_alert(tx, alert_id)
        party = None
        thread: list[Line] = []
        if alert.patient_id is not None and alert.phone_id is not None:
            party = get_party(tx, alert.patient_id, alert.phone_id, now)
            thread = _thread(tx, _talks(tx, rt, alert.patient_id), LAST_LINES)
        raised = [_words(tx, text_id) for text_id in alerts.list_alert_texts(tx, alert_id)]
        entries = audit.list_entries(tx, alert_id=alert_id)
        audit.note(tx, who=viewer.username, did="viewed_alert", now=now, patient_id=alert.patient_id, alert_id=alert_id)
        return AlertPage(
            alert=alert,
            party=party,
            phone=None if alert.phone_id is None else phones.get_phone(tx, alert.phone_id),
            raised_by=sorted(raised, key=lambda words: words.at),
            thread=thread,
            pages=list_page_lines(tx, alert_id),
            entries=entries,
            day=None if party is None else party.day(now),
            names=_names(tx),
        )


@dataclass(frozen=True, slots=True)
class PatientPage:
    """Everything on one patient's page. `names` maps a username to a name."""

    patient: Patient
    procedure: Procedure | None
    texters: list[tuple[Texter, Phone]]
    consents: list[Consent]
    talks: list[Conversation]
    thread: list[Line]
    check_ins: list[CheckIn]
    alerts: list[Alert]
    tasks: list[WorkItem]
    timeline: dict[str, Any] | None
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
    def writers(self) -> dict[PhoneId, str]:
        """Who texts from which phone, where it is not the patient alone."""
        if all(texter.relation is Relation.SELF for texter, _ in self.texters):
            return {}
        return {phone.id: texter.name for texter, phone in self.texters}


def patient_page(rt: Runtime, patient_id: PatientId, viewer: StaffMember) -> PatientPage:
    """The page, and a line in the audit that it was looked at; LookupError if there is no such patient."""
    now = rt.now()
    with rt.database.begin() as tx:
        patient = patients.get_patient(tx, patient_id)
        talks = _talks(tx, rt, patient_id)
        procedure = current_procedure(procedures.list_procedures(tx, patient_id), now)
        audit.note(tx, who=viewer.username, did="viewed_patient", now=now, patient_id=patient_id)
        return PatientPage(
            patient=patient,
            procedure=procedure,
            texters=[(t, phones.get_phone(tx, t.phone_id)) for t in phones.list_texters_of(tx, patient_id)],
            consents=patients.list_consents(tx, patient_id),
            talks=talks,
            thread=_thread(tx, talks, 500),
            check_ins=[] if procedure is None else list_check_ins(tx, procedure.id),
            alerts=alerts.list_alerts_of(tx, patient_id),
            tasks=[item for item in work_items.list_items_of(tx, patient_id) if item.done_at is None],
            timeline=None if procedure is None else timeline_of(tx, rt, patient),
            names=_names(tx),
        )


def conversation_ids(tx: Tx, rt: Runtime, patient_id: PatientId) -> list[ConversationId]:
    """The patient's conversations, on every phone; LookupError if there is no such patient."""
    patients.get_patient(tx, patient_id)
    return [talk.id for talk in _talks(tx, rt, patient_id)]


def _talks(tx: Tx, rt: Runtime, patient_id: PatientId) -> list[Conversation]:
    return conversations.list_conversations_of(tx, patient_id, rt.content.questions())


def _thread(tx: Tx, talks: list[Conversation], limit: int) -> list[Line]:
    return texts.list_thread(tx, [talk.id for talk in talks], limit)


def _words(tx: Tx, text_id: TextId) -> Words:
    text = texts.get_text(tx, text_id)
    return Words(text.at, text.words, text.media, find_finding(tx, text_id))


def _names(tx: Tx) -> dict[str, str]:
    return {person.username: person.name for person in list_staff(tx)}
