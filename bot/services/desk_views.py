"""What the console's pages show, read in one transaction each; it writes nothing but the audit of who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.planning.on_call import on_call
from bot.runtime import Runtime
from bot.services import health
from bot.services.party import Party, current_procedure, get_party
from bot.services.timeline import timeline_of
from bot.storage import alerts, audit, conversations, patients, phones, procedures, texts, work_items
from bot.storage.alerts import Alert
from bot.storage.audit import Entry
from bot.storage.database import Tx
from bot.storage.findings import find_finding
from bot.storage.pages import PageLine, list_page_lines
from bot.storage.patients import Consent, Patient
from bot.storage.phones import Phone, Texter
from bot.storage.procedures import Procedure
from bot.storage.staff import StaffMember, list_rota, list_staff
from bot.storage.texts import Line
from bot.storage.work_items import WorkItem
from bot.vocabulary import AlertId, Finding, PatientId


@dataclass(frozen=True, slots=True)
class Words:
    """One text with how it was sorted."""

    at: datetime
    words: str
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert in the list: whose, and the words that raised it."""

    alert: Alert
    patient: Patient | None
    words: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A work item in the list."""

    item: WorkItem
    patient: Patient | None


@dataclass(frozen=True, slots=True)
class WorkList:
    """What needs a person, and whether the bot itself is well."""

    alerts: list[AlertRow]
    items: list[ItemRow]
    health: health.Health
    on_call: list[str]


def work_list(rt: Runtime, *, with_words: bool) -> WorkList:
    """Alerts first, then work items by due time."""
    now = rt.now()
    seen = health.look(rt)
    with rt.database.begin() as tx:
        staff = list_staff(tx)
        names = {person.id: person.name for person in staff}
        first = on_call(list_rota(tx), [person.member for person in staff], 1, now)
        return WorkList(
            alerts=[_alert_row(tx, alert, with_words) for alert in alerts.list_open_alerts(tx)],
            items=[_item_row(tx, item) for item in work_items.list_open_items(tx)],
            health=seen,
            on_call=[names[member.staff_id] for member in first],
        )


def _alert_row(tx: Tx, alert: Alert, with_words: bool) -> AlertRow:
    patient = None if alert.patient_id is None else patients.get_patient(tx, alert.patient_id)
    words = texts.get_text(tx, alert.text_id).words if with_words and alert.text_id is not None else ""
    return AlertRow(alert, patient, words)


def _item_row(tx: Tx, item: WorkItem) -> ItemRow:
    return ItemRow(item, None if item.patient_id is None else patients.get_patient(tx, item.patient_id))


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Everything on one alert's page: an SBAR."""

    alert: Alert
    party: Party | None
    phone: Phone | None
    raised_by: list[Words]
    thread: list[Line]
    pages: list[PageLine]
    entries: list[Entry]
    day: int | None


def alert_page(rt: Runtime, alert_id: AlertId, viewer: StaffMember) -> AlertPage:
    """The page, and a line in the audit that it was looked at; LookupError if there is no such alert."""
    now = rt.now()
    with rt.database.begin() as tx:
        alert = alerts.get_alert(tx, alert_id)
        party = phone = None
        thread: list[Line] = []
        if alert.phone_id is not None:
            phone = phones.get_phone(tx, alert.phone_id)
        if alert.patient_id is not None and alert.phone_id is not None:
            party = get_party(tx, alert.patient_id, alert.phone_id, now)
            thread = _thread(tx, rt, alert.patient_id)[-12:]
        raised = [_words(tx, text_id) for text_id in alerts.list_alert_texts(tx, alert_id)]
        audit.note(tx, who=viewer.username, did="viewed_alert", now=now, patient_id=alert.patient_id, alert_id=alert_id)
        return AlertPage(
            alert=alert,
            party=party,
            phone=phone,
            raised_by=sorted(raised, key=lambda words: words.at),
            thread=thread,
            pages=list_page_lines(tx, alert_id),
            entries=audit.list_entries(tx, alert_id=alert_id),
            day=None if party is None else party.day(now),
        )


def find_alert_by_code(rt: Runtime, code: str) -> Alert | None:
    """The open alert that a page's link names."""
    with rt.database.begin() as tx:
        return alerts.find_open_alert(tx, code.upper())


def _words(tx: Tx, text_id: Any) -> Words:
    text = texts.get_text(tx, text_id)
    return Words(text.at, text.words, find_finding(tx, text_id))


def _thread(tx: Tx, rt: Runtime, patient_id: PatientId) -> list[Line]:
    found = conversations.list_conversations_of(tx, patient_id, rt.content.questions())
    return texts.list_thread(tx, [conversation.id for conversation in found])


@dataclass(frozen=True, slots=True)
class PatientPage:
    """Everything on one patient's page."""

    patient: Patient
    procedure: Procedure | None
    texters: list[tuple[Texter, Phone]]
    consents: list[Consent]
    conversation_id: Any
    conversation_state: str
    thread: list[Line]
    alerts: list[Alert]
    items: list[WorkItem]
    timeline: dict[str, Any] | None


def patient_page(rt: Runtime, patient_id: PatientId, viewer: StaffMember) -> PatientPage:
    """The page, and a line in the audit that it was looked at; LookupError if there is no such patient."""
    now = rt.now()
    with rt.database.begin() as tx:
        patient = patients.get_patient(tx, patient_id)
        talks = conversations.list_conversations_of(tx, patient_id, rt.content.questions())
        procedure = current_procedure(procedures.list_procedures(tx, patient_id), now)
        audit.note(tx, who=viewer.username, did="viewed_patient", now=now, patient_id=patient_id)
        return PatientPage(
            patient=patient,
            procedure=procedure,
            texters=[(t, phones.get_phone(tx, t.phone_id)) for t in phones.list_texters_of(tx, patient_id)],
            consents=patients.list_consents(tx, patient_id),
            conversation_id=talks[0].id if talks else None,
            conversation_state=talks[0].state.value if talks else "idle",
            thread=_thread(tx, rt, patient_id),
            alerts=alerts.list_alerts_of(tx, patient_id),
            items=[item for item in work_items.list_items_of(tx, patient_id) if item.done_at is None],
            timeline=None if procedure is None else timeline_of(tx, rt, patient),
        )


def list_people(rt: Runtime, search: str) -> list[Patient]:
    """Patients whose name or record number holds the words; one clinic's are opened in memory."""
    with rt.database.begin() as tx:
        found = patients.list_patients(tx)
    wanted = search.casefold().strip()
    return [p for p in found if wanted in p.name.casefold() or wanted in p.mrn.casefold()][:200]
