"""The work list: alerts, work items by due time, then what may wait; it writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from bot.planning.on_call import on_call
from bot.runtime import Runtime
from bot.services import health
from bot.services.desk import LEAST_AGE
from bot.services.rota import paged_tiers
from bot.storage import views
from bot.storage.alerts import Alert, list_open_alerts
from bot.storage.database import Tx
from bot.storage.rota import list_on_duty
from bot.storage.staff import StaffMember, list_staff
from bot.storage.views import Person
from bot.storage.work_items import WorkItem, list_open_items
from bot.vocabulary import AlertId, PatientId, PhoneId, TextId, WorkItemId

FRESH_FOR_S = 10  # so long a page may show the same ages


@dataclass(frozen=True, slots=True)
class Row:
    """An alert or a work item in the list: whose it is, what was said, where to call."""

    patient: Person | None
    number: str | None
    words: str


@dataclass(frozen=True, slots=True)
class AlertRow(Row):
    """An alert in the list."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class ItemRow(Row):
    """A work item in the list; what is due at once is overdue when nobody looked for ten minutes."""

    item: WorkItem
    overdue: bool


class Show(StrEnum):
    """Which part of the work list somebody wants to see."""

    ALL = "all"
    MINE = "mine"
    UNTAKEN = "untaken"
    ALERTS = "alerts"
    ITEMS = "items"
    QUIET = "quiet"

    @classmethod
    def read(cls, given: str | None) -> Show:
        """The one that an address or a form names, else everything."""
        return next((one for one in cls if one.value == given), cls.ALL)


@dataclass(frozen=True, slots=True)
class WorkList:
    """What needs a person, and whether the bot itself is well. `items` come before `quiet`, which may wait; `untaken`
    holds every alert that nobody has, whatever part of the list is shown; `names` maps a username to a name."""

    alerts: list[AlertRow]
    items: list[ItemRow]
    quiet: list[ItemRow]
    untaken: list[AlertId]
    counts: dict[Show, int]
    health: health.Health
    on_call: dict[int, list[str]]
    names: dict[str, str]

    @property
    def is_empty(self) -> bool:
        """Nothing is shown."""
        return not (self.alerts or self.items or self.quiet)

    @property
    def more_items(self) -> int:
        """Items that are open beyond those that were read: the least pressing."""
        return max(0, self.health.open_items - self.counts[Show.ITEMS] - self.counts[Show.QUIET])


def read_work_list(rt: Runtime, viewer: StaffMember, *, with_words: bool, show: Show = Show.ALL) -> WorkList:
    """Alerts first, then work items by due time, then what may wait; `with_words` opens what patients wrote."""
    now = rt.now()
    seen = health.look(rt)
    with rt.database.begin() as tx:
        staff = list_staff(tx)
        alerts, items = list_open_alerts(tx), list_open_items(tx)
        rows = _rows(tx, [*alerts, *items], with_words)
        on_duty = _on_duty(tx, rt, staff, now)
    alert_rows = [AlertRow(*rows[n], alert) for n, alert in enumerate(alerts)]
    item_rows = [ItemRow(*rows[n], item, _is_overdue(item, now)) for n, item in enumerate(items, len(alerts))]
    quiet = {item.id for item in items if item.kind in rt.content.work_list.quiet and item.due_at > now}
    parts = {one: _part(one, viewer.username, alert_rows, item_rows, quiet) for one in Show}
    chosen = parts[show]
    return WorkList(
        alerts=[row for row in chosen if isinstance(row, AlertRow)],
        items=[row for row in chosen if isinstance(row, ItemRow) and row.item.id not in quiet],
        quiet=[row for row in chosen if isinstance(row, ItemRow) and row.item.id in quiet],
        untaken=[alert.id for alert in alerts if alert.acknowledged_at is None],
        counts={one: len(part) for one, part in parts.items()},
        health=seen,
        on_call=on_duty,
        names={person.username: person.name for person in staff},
    )


def _is_overdue(item: WorkItem, now: datetime) -> bool:
    return item.due_at <= now and item.created_at <= now - LEAST_AGE


def _part(
    show: Show, username: str, alerts: list[AlertRow], items: list[ItemRow], quiet: set[WorkItemId]
) -> list[AlertRow | ItemRow]:
    match show:
        case Show.ALL:
            return [*alerts, *items]
        case Show.MINE:
            mine = [row for row in alerts if row.alert.acknowledged_by == username]
            return [*mine, *(row for row in items if row.item.claimed_by == username)]
        case Show.UNTAKEN:
            free = [row for row in alerts if row.alert.acknowledged_at is None]
            return [*free, *(row for row in items if row.item.claimed_by is None)]
        case Show.ALERTS:
            return [*alerts]
        case Show.ITEMS:
            return [row for row in items if row.item.id not in quiet]
        case Show.QUIET:
            return [row for row in items if row.item.id in quiet]


def _on_duty(tx: Tx, rt: Runtime, staff: list[StaffMember], now: datetime) -> dict[int, list[str]]:
    """The names of whoever has each tier now."""
    by_id = {person.id: person.name for person in staff}
    members = [person.member for person in staff]
    entries = list_on_duty(tx, now)
    return {tier: [by_id[m.staff_id] for m in on_call(entries, members, tier, now)] for tier in paged_tiers(rt)}


def mark_of_work(rt: Runtime, viewer: StaffMember, show: Show) -> str:
    """Stands for what `read_work_list` would show this viewer: while it is the same, so is the page. It changes every
    ten seconds at least, for the ages and for the bot's own health."""
    with rt.database.begin() as tx:
        mark = views.mark_of_work(tx)
    seconds = int(rt.now().timestamp()) // FRESH_FOR_S
    return sha256(f"{mark} {seconds} {show} {viewer.username} {viewer.role}".encode()).hexdigest()[:24]


def _rows(tx: Tx, found: list[Alert | WorkItem], with_words: bool) -> list[tuple[Person | None, str | None, str]]:
    patient_ids = {one.patient_id for one in found if one.patient_id is not None}
    people: dict[PatientId, Person] = {person.id: person for person in views.list_people(tx, patient_ids)}
    first = views.map_first_phones(tx, patient_ids)
    phone_ids: list[PhoneId | None] = [
        one.phone_id or (None if one.patient_id is None else first.get(one.patient_id)) for one in found
    ]
    numbers = views.map_numbers(tx, {phone_id for phone_id in phone_ids if phone_id is not None})
    text_ids: set[TextId] = {one.text_id for one in found if one.text_id is not None}
    words = views.map_words(tx, text_ids) if with_words else {}
    return [
        (
            None if one.patient_id is None else people.get(one.patient_id),
            None if phone_id is None else numbers.get(phone_id),
            "" if one.text_id is None else words.get(one.text_id, ""),
        )
        for one, phone_id in zip(found, phone_ids, strict=True)
    ]
