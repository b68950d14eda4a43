"""What the page of one alert shows, read in one transaction; it writes who looked, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.runtime import Runtime
from bot.services.party import Party, get_party
from bot.storage import alerts, audit, conversations, looking, phones, texts
from bot.storage.alerts import Alert
from bot.storage.audit import Entry
from bot.storage.database import Tx
from bot.storage.findings import find_finding, list_scores
from bot.storage.looking import Looker
from bot.storage.pages import PageLine, list_page_lines
from bot.storage.phones import Phone
from bot.storage.staff import StaffMember, list_staff
from bot.storage.texts import Line
from bot.vocabulary import AlertId, Finding, PatientId, TextId

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
    """Everything on one alert's page. `others` have it open too; `names` maps a username to a name."""

    alert: Alert
    party: Party | None
    phone: Phone | None
    raised_by: list[Words]
    thread: list[Line]
    pages: list[PageLine]
    entries: list[Entry]
    day: int | None
    has_scores: bool
    others: list[Looker]
    names: dict[str, str]

    @property
    def said_since(self) -> list[Line]:
        """What the bot and staff have told the patient since the alert opened."""
        first = self.raised_by[0].at if self.raised_by else self.alert.opened_at
        return [line for line in self.thread if line.text.direction == "out" and line.text.at >= first]

    @property
    def has_written(self) -> bool:
        """Somebody on the staff has written to the patient since the alert opened."""
        return any(line.by for line in self.said_since)


def open_alert(rt: Runtime, alert_id: AlertId, viewer: StaffMember) -> AlertPage:
    """The page as somebody opens it, with a line in the audit; LookupError if there is no such alert."""
    now = rt.now()
    with rt.database.begin() as tx:
        alert = alerts.get_alert(tx, alert_id)
        looking.forget_looking(tx, now)
        did = "viewed_alert"
        audit.note(tx, who=viewer.username, did=did, now=now, patient_id=alert.patient_id, alert_id=alert_id)
        return _page(tx, rt, alert, viewer, now)


def keep_open(rt: Runtime, alert_id: AlertId, viewer: StaffMember) -> AlertPage:
    """The same as the open page asks for it by itself; LookupError if there is no such alert."""
    with rt.database.begin() as tx:
        return _page(tx, rt, alerts.get_alert(tx, alert_id), viewer, rt.now())


def _page(tx: Tx, rt: Runtime, alert: Alert, viewer: StaffMember, now: datetime) -> AlertPage:
    looking.note_looking(tx, alert.id, viewer.id, now)
    party = None
    if alert.patient_id is not None and alert.phone_id is not None:
        party = get_party(tx, alert.patient_id, alert.phone_id, now)
    procedure = None if party is None else party.procedure
    raised = [_words(tx, text_id) for text_id in alerts.list_alert_texts(tx, alert.id)]
    return AlertPage(
        alert=alert,
        party=party,
        phone=None if alert.phone_id is None else phones.get_phone(tx, alert.phone_id),
        raised_by=sorted(raised, key=lambda words: words.at),
        thread=[] if alert.patient_id is None else _thread(tx, rt, alert.patient_id),
        pages=list_page_lines(tx, alert.id),
        entries=audit.list_entries(tx, alert_id=alert.id),
        day=None if party is None else party.day(now),
        has_scores=procedure is not None and bool(list_scores(tx, procedure.id)),
        others=[one for one in looking.list_looking(tx, alert.id, now) if one.username != viewer.username],
        names={person.username: person.name for person in list_staff(tx)},
    )


def _thread(tx: Tx, rt: Runtime, patient_id: PatientId) -> list[Line]:
    talks = conversations.list_conversations_of(tx, patient_id, rt.content.questions())
    return texts.list_thread(tx, [talk.id for talk in talks], LAST_LINES)


def _words(tx: Tx, text_id: TextId) -> Words:
    text = texts.get_text(tx, text_id)
    return Words(text.at, text.words, text.media, find_finding(tx, text_id))
