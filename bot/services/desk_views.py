"""What the console's lists show, each read in one transaction with a fixed number of queries; it writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.planning.on_call import on_call
from bot.runtime import Runtime
from bot.services import health
from bot.storage import views
from bot.storage.alerts import Alert, find_open_alert, list_open_alerts
from bot.storage.database import Tx
from bot.storage.rota import list_on_duty
from bot.storage.staff import list_staff
from bot.storage.views import Person
from bot.storage.work_items import WorkItem, list_open_items
from bot.vocabulary import PatientId, PhoneId, TextId

MOST_PEOPLE = 200


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
    """A work item in the list."""

    item: WorkItem


@dataclass(frozen=True, slots=True)
class WorkList:
    """What needs a person, and whether the bot itself is well. `names` maps a username to a name."""

    alerts: list[AlertRow]
    items: list[ItemRow]
    health: health.Health
    on_call: list[str]
    names: dict[str, str]

    @property
    def untaken(self) -> int:
        return sum(row.alert.acknowledged_at is None for row in self.alerts)


def work_list(rt: Runtime, *, with_words: bool) -> WorkList:
    """Alerts first, then work items by due time; `with_words` opens what patients wrote."""
    now = rt.now()
    seen = health.look(rt)
    with rt.database.begin() as tx:
        staff = list_staff(tx)
        by_id = {person.id: person.name for person in staff}
        first = on_call(list_on_duty(tx, now), [person.member for person in staff], 1, now)
        alerts, items = list_open_alerts(tx), list_open_items(tx)
        rows = _rows(tx, [*alerts, *items], with_words)
        return WorkList(
            alerts=[AlertRow(*rows[n], alert) for n, alert in enumerate(alerts)],
            items=[ItemRow(*rows[n], item) for n, item in enumerate(items, len(alerts))],
            health=seen,
            on_call=[by_id[member.staff_id] for member in first],
            names={person.username: person.name for person in staff},
        )


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


def find_alert_by_code(rt: Runtime, code: str) -> Alert | None:
    """The open alert that a page's link names."""
    with rt.database.begin() as tx:
        return find_open_alert(tx, code.upper())


@dataclass(frozen=True, slots=True)
class People:
    """Patients found, and how many there are beyond those that the page shows."""

    shown: list[Person]
    more: int


def find_people(rt: Runtime, search: str) -> People:
    """Patients whose name or record number holds every word; one clinic's are opened in memory."""
    with rt.database.begin() as tx:
        everybody = views.list_people(tx)
    wanted = search.casefold().split()
    found = [p for p in everybody if all(w in f"{p.name} {p.mrn}".casefold() for w in wanted)]
    return People(found[:MOST_PEOPLE], max(0, len(found) - MOST_PEOPLE))
