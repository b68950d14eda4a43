"""What the console's lists show, each read in one transaction with a fixed number of queries; it writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.runtime import Runtime
from bot.storage import views
from bot.storage.alerts import Alert, find_open_alert
from bot.storage.views import Person

MOST_PEOPLE = 200


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
