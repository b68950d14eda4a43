"""What the page of one alert shows, read in one transaction; it writes nothing but the audit of who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.flows.conversation import Conversation
from bot.runtime import Runtime
from bot.services.party import Party, get_party
from bot.storage import alerts, audit, conversations, patients, phones, texts
from bot.storage.alerts import Alert
from bot.storage.audit import Entry
from bot.storage.database import Tx
from bot.storage.findings import find_finding
from bot.storage.pages import PageLine, list_page_lines
from bot.storage.phones import Phone
from bot.storage.staff import StaffMember, list_staff
from bot.storage.texts import Line
from bot.vocabulary import AlertId, ConversationId, Finding, PatientId, TextId

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
