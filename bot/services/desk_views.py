"""What the console's list of patients shows, read in one transaction with a fixed number of queries; it writes
nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.runtime import Runtime
from bot.storage import views
from bot.storage.alerts import Alert, find_open_alert
from bot.storage.views import Person

A_PAGE = 100


def find_alert_by_code(rt: Runtime, code: str) -> Alert | None:
    """The open alert that a page's link names."""
    with rt.database.begin() as tx:
        return find_open_alert(tx, code.upper())


@dataclass(frozen=True, slots=True)
class People:
    """One page of patients, and how many there are in all."""

    shown: list[Person]
    total: int
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // A_PAGE))

    @property
    def first(self) -> int:
        """Which of all of them stands first on this page, counted from 1."""
        return (self.page - 1) * A_PAGE + 1


def list_people(rt: Runtime, page: int) -> People:
    """Everybody, newest first; a page that there is not is the nearest that there is."""
    with rt.database.begin() as tx:
        total = views.count_people(tx)
        nearest = min(max(1, page), People([], total).pages)
        return People(views.list_newest(tx, A_PAGE, (nearest - 1) * A_PAGE), total, nearest)


def find_people(rt: Runtime, search: str) -> People:
    """Patients whose name or record number holds every word; one clinic's are opened in memory."""
    wanted = search.casefold().split()
    with rt.database.begin() as tx:
        everybody = views.list_people(tx)
    found = [person for person in everybody if all(word in f"{person.name} {person.mrn}".casefold() for word in wanted)]
    return People(found[:A_PAGE], len(found))
