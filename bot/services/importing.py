"""A spreadsheet of patients at the desk: what is wrong with which cell, who is there already, and then all rows or
none. It keeps nothing of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.exchange.enrolment import EnrolmentIn, InputError
from bot.exchange.places import why_not_textable
from bot.exchange.spreadsheet import RowError, RowErrors, SheetRow, read_sheet
from bot.exchange.template import Column, columns_of
from bot.runtime import Runtime
from bot.services.arrivals import enrol_rows
from bot.services.doubles import Doubles, find_doubles, note_shown
from bot.services.enrolment import Enrolled
from bot.storage.check_ins import CheckIn
from bot.storage.database import Tx
from bot.storage.views import list_people
from bot.vocabulary import CheckInState

MOST_BYTES = 100_000
MOST_ROWS = 200
LIMIT = f"At most {MOST_ROWS} patients and {MOST_BYTES // 1000} kB in one file."


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row that can be enrolled: what to know before it is. `first` is what is sent first."""

    number: int
    enrolment: EnrolmentIn
    doubles: Doubles
    twice: str
    changed: bool
    first: CheckIn | None


class Unseen(Exception):
    """Somebody is there now who was not when the file was looked at."""


@dataclass(frozen=True, slots=True)
class SheetReport:
    """Either errors, and nothing can be enrolled; or rows, and all of them can."""

    rows: list[RowReport]
    errors: list[RowError]

    @property
    def keys(self) -> list[str]:
        """Whom each row was shown to be or to be mixed up with: what enrolling it confirms."""
        return [row.doubles.key for row in self.rows]

    @property
    def new(self) -> int:
        return sum(row.changed for row in self.rows)


def read_upload(content: bytes) -> str:
    """The file as text.

    :raises InputError: it is too large, a workbook, or not UTF-8.
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"file: is too large. {LIMIT} Divide it")
    if content.startswith((b"PK", b"\xd0\xcf")):
        raise InputError("file: is a workbook. Save it as CSV UTF-8 and choose that file")
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        raise InputError("file: is not UTF-8. Save it as CSV UTF-8, so that no name is spoilt") from None


def look_at_sheet(rt: Runtime, text: str, by: str) -> SheetReport:
    """What enrolling it would do; nothing is written but the audit of who is shown to `by`.

    :raises InputError: the file as a whole cannot be read, in one line.
    """
    try:
        rows = _read(rt, text)
        enrolled = enrol_rows(rt, rows, by, dry_run=True)
    except RowErrors as refused:
        return SheetReport([], refused.errors)
    with rt.database.begin() as tx:
        report = SheetReport(list(_reports(tx, rows, enrolled, rt.now())), [])
        note_shown(tx, (row.doubles for row in report.rows), by, rt.now())
        return report


def enrol_sheet(rt: Runtime, text: str, by: str, *, confirmed: list[str]) -> int:
    """Enrols every row, or none; how many were not there before.

    :param confirmed: `SheetReport.keys` of what was shown.
    :raises InputError: the file as a whole cannot be read.
    :raises RowErrors: what was right when it was looked at is no longer.
    :raises Unseen: nothing was written.
    """
    rows = _read(rt, text)

    def compare(tx: Tx, now: datetime) -> None:
        people = list_people(tx)
        if [find_doubles(tx, row.enrolment, now, people).key for row in rows] != confirmed:
            raise Unseen

    return sum(one.changed for one in enrol_rows(rt, rows, by, dry_run=False, first=compare))


def template_columns(rt: Runtime) -> tuple[Column, ...]:
    """The columns of the template, with what is in force today."""
    content = rt.content
    today = rt.now().astimezone(content.clinic.zone).date()
    return columns_of(wording=content.consent.current, languages=sorted(content.messages), today=today)


def _read(rt: Runtime, text: str) -> list[SheetRow]:
    protocols = list(rt.content.protocols)
    only = protocols[0] if len(protocols) == 1 else ""
    rows = read_sheet(text, protocol=only, zone=rt.content.clinic.zone)
    if len(rows) > MOST_ROWS:
        raise InputError(f"file: holds {len(rows)} patients. {LIMIT} Divide it")
    wrong = [error for row in rows for error in _beyond(rt, row)]
    if wrong:
        raise RowErrors(wrong)
    return rows


def _beyond(rt: Runtime, row: SheetRow) -> Iterator[RowError]:
    """What the desk's form would not take either."""
    cannot = why_not_textable(row.enrolment.phone)
    if cannot:
        yield RowError(row.number, "phone", cannot)
    wordings = rt.content.consent.wordings
    if row.enrolment.consent.wording not in wordings:
        yield RowError(row.number, "consent.wording", f"is none of ours: {', '.join(sorted(wordings))}")


def _reports(tx: Tx, rows: list[SheetRow], enrolled: list[Enrolled], now: datetime) -> Iterator[RowReport]:
    people = list_people(tx)
    numbers = Counter(row.enrolment.phone for row in rows)
    records = Counter(row.enrolment.mrn for row in rows)
    for row, one in zip(rows, enrolled, strict=True):
        first = next((c for c in one.check_ins if c.state is CheckInState.PLANNED), None)
        twice = "record number" if records[row.enrolment.mrn] > 1 else ""
        twice = twice or ("number" if numbers[row.enrolment.phone] > 1 else "")
        doubles = find_doubles(tx, row.enrolment, now, people)
        yield RowReport(row.number, row.enrolment, doubles, twice, one.changed, first)
