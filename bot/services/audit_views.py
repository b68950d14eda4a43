"""Searches the audit for who did what, and writes down that somebody looked; it changes nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.planning.check_ins import instant
from bot.runtime import Runtime
from bot.storage.audit import Line, Search, note, search_lines
from bot.storage.patients import find_patient_by_mrn
from bot.storage.staff import StaffMember, list_staff
from bot.storage.views import Person, list_people
from bot.vocabulary import PatientId

LINES_A_PAGE = 50
NO_STAFF = frozenset({"bot", "patient", "staff", "command line"})  # who did it, where no member of staff did


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of the audit; empty is everything. `kind` names the deeds in the audit's own line."""

    mrn: str = ""
    who: str = ""
    kind: str = ""
    deeds: Collection[str] = ()
    since: date | None = None
    until: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Lines, newest first; `older` goes on from there. `is_unknown`: no patient has that record number."""

    lines: list[Line]
    people: dict[PatientId, Person]
    staff: list[StaffMember]
    older: int | None
    is_unknown: bool

    @property
    def names(self) -> dict[str, str]:
        return {person.username: person.name for person in self.staff}


def search(rt: Runtime, asked: Asked, viewer: StaffMember) -> AuditPage:
    """What fits, on the clinic's days; that somebody looked, and for what, is a line itself, without the number."""
    now, zone = rt.now(), rt.content.clinic.zone
    with rt.database.begin() as tx:
        patient = find_patient_by_mrn(tx, asked.mrn) if asked.mrn else None
        is_unknown = bool(asked.mrn) and patient is None
        wanted = Search(
            patient_id=None if patient is None else patient.id,
            who=asked.who or None,
            deeds=frozenset(asked.deeds) if asked.kind else None,
            since=None if asked.since is None else instant(asked.since, time(0), zone),
            until=None if asked.until is None else instant(asked.until + timedelta(days=1), time(0), zone),
        )
        everybody = list_staff(tx)
        is_nobody = bool(asked.who) and asked.who not in {*NO_STAFF, *(person.username for person in everybody)}
        found = [] if is_unknown or is_nobody else search_lines(tx, wanted, LINES_A_PAGE + 1, asked.before)
        lines = found[:LINES_A_PAGE]
        ids = {line.patient_id for line in lines if line.patient_id is not None}
        note(
            tx,
            who=viewer.username,
            did="viewed_audit",
            now=now,
            patient_id=wanted.patient_id,
            about=_say(asked, "nobody" if is_nobody else asked.who),
        )
        return AuditPage(
            lines=lines,
            people={person.id: person for person in list_people(tx, ids)} if ids else {},
            staff=everybody,
            older=lines[-1].id if len(found) > LINES_A_PAGE else None,
            is_unknown=is_unknown,
        )


def _say(asked: Asked, who: str) -> str:
    """The search in words of ours: the record number is left out, the patient's id stands beside it."""
    days = [] if asked.since is None and asked.until is None else [f"{asked.since or '…'} to {asked.until or '…'}"]
    parts = [*(["one patient"] if asked.mrn else []), who, asked.kind, *days]
    return ", ".join(part for part in parts if part) or "everything"
