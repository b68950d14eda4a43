"""Enrolments from a spreadsheet saved as CSV: a patient a row, an error for each bad one. It writes nothing."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.exchange.enrolment import EnrolmentIn, InputError
from bot.exchange.fields import FieldError, FieldErrors, field_of, read_fields

# A column's name is the field's path in `enrol --json`, with _ or . between its parts; these short ones are known too.
SHORT = {
    "dob": "born_on", "birth_date": "born_on", "date_of_birth": "born_on", "record_number": "mrn", "patient": "name",
    "patient_name": "name", "mobile": "phone", "phone_number": "phone", "lang": "language", "at": "procedure_at",
    "procedure_date": "procedure_at", "procedure_time": "procedure_at", "relation": "texter_relation",
    "baseline": "baseline_pain", "block": "block_pain", "consent": "consent_by", "blood_thinner": "anticoagulant",
}  # by rows, not an item a line  # fmt: skip
PLAIN = (
    "mrn", "name", "born_on", "phone", "language", "time_zone", "baseline_pain", "block_pain", "history",
    "anticoagulant", "diabetes", "allergies", "emergency_contact",
)  # by rows, not an item a line  # fmt: skip
INSIDE = {
    "procedure": ("protocol", "at", "level", "side", "sedation", "provider", "drug", "dose_mg"),
    "texter": ("relation", "name", "phone"),
    "consent": ("by", "method", "at", "wording"),
}
NEEDED = (
    "mrn",
    "name",
    "born_on",
    "phone",
    "procedure_at",
    "consent_by",
    "consent_method",
    "consent_at",
    "consent_wording",
)
YES_NO = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
MOMENTS = ("%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%y %H:%M")  # as an American spreadsheet saves them
DAYS = ("%m/%d/%Y", "%m/%d/%y")


@dataclass(frozen=True, slots=True)
class RowError:
    """One cell that is wrong: the row as the spreadsheet counts it, the column, and what to do."""

    row: int
    path: str
    words: str

    @property
    def column(self) -> str:
        return self.path.replace(".", "_")


class RowErrors(Exception):
    """Rows that are wrong, each with all its cells that are."""

    def __init__(self, errors: list[RowError]) -> None:
        self.errors = errors
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> list[str]:
        """A line for each."""
        return [f"row {error.row}: {error.path}: {error.words}" for error in self.errors]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row; `number` is the spreadsheet's, its heading being row 1."""

    number: int
    enrolment: EnrolmentIn


def read_sheet(text: str, *, protocol: str, zone: ZoneInfo) -> list[SheetRow]:
    """Every row, or none.

    :param protocol: for rows that name none.
    :param zone: of times without an offset in rows without a time zone.
    :raises InputError: the heading is wrong.
    :raises RowErrors: a line for each bad row.
    """
    try:
        rows = list(csv.reader(io.StringIO(text), _dialect(text)))
    except csv.Error as error:
        raise InputError(f"input: is no CSV: {error}") from None
    if not any(_is_read(cells) for cells in rows[1:]):
        raise InputError("input: holds no row below its heading")
    columns = _columns(rows[0])
    found: list[SheetRow] = []
    wrong: list[RowError] = []
    for number, cells in enumerate(rows[1:], 2):
        if not _is_read(cells):
            continue
        try:
            found.append(SheetRow(number, _read(columns, cells, protocol, zone)))
        except FieldErrors as refused:
            wrong += [RowError(number, error.path, error.words) for error in refused.errors]
    if wrong:
        raise RowErrors(wrong)
    return found


def _is_read(cells: list[str]) -> bool:
    """Neither empty nor an explanation, which begins with #, as in the template."""
    return any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#")


def _read(columns: list[str], cells: list[str], protocol: str, zone: ZoneInfo) -> EnrolmentIn:
    if any(cell.strip() for cell in cells[len(columns) :]):
        words = "has more cells than the heading: a cell that holds a comma needs quotes around it"
        raise FieldErrors([FieldError("row", words)])
    try:
        document = _document(dict(zip(columns, cells, strict=False)), protocol, zone)
    except InputError as error:
        raise FieldErrors([field_of(error)]) from None
    return read_fields(EnrolmentIn, document)


def _dialect(text: str) -> type[csv.Dialect] | csv.Dialect:
    """Comma, semicolon or tab, by the heading."""
    dialect = csv.excel()
    heading = text.split("\n", 1)[0]
    dialect.delimiter = max(",;\t", key=heading.count)
    return dialect


def _columns(heading: list[str]) -> list[str]:
    known = {*PLAIN, *(f"{outer}_{name}" for outer, names in INSIDE.items() for name in names)}
    leaves = {name: f"procedure_{name}" for name in INSIDE["procedure"]}
    columns = []
    for title in heading:
        name = re.sub(r"[^a-z0-9]+", "_", title.strip().lower()).strip("_")
        name = name if name in known else SHORT.get(name, leaves.get(name, name))
        if name and name not in known:
            raise InputError(f"column {title.strip()!r}: is unknown. Known: {', '.join(sorted(known))}")
        columns.append(name)
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise InputError(f"column {twice[0]}: stands twice")
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise InputError(f"column {missing[0]}: is missing")
    return columns


def _document(row: dict[str, str], protocol: str, zone: ZoneInfo) -> dict[str, Any]:
    """The row as `enrol --json` would hold it; an empty cell is a missing field."""
    given: dict[str, Any] = {name: cell.strip() for name, cell in row.items() if name and cell.strip()}
    try:
        zone = ZoneInfo(given["time_zone"]) if "time_zone" in given else zone
    except (ValueError, OSError, LookupError):
        raise InputError(f"time_zone: {given['time_zone']!r} is no IANA time zone, like America/Chicago") from None
    for name in ("procedure_at", "consent_at"):
        if name in given:
            given[name] = _moment(given[name], zone)
    if "born_on" in given:
        given["born_on"] = _day(given["born_on"])
    if "procedure_sedation" in given:
        said = given["procedure_sedation"].lower()
        given["procedure_sedation"] = YES_NO.get(said, given["procedure_sedation"])
    if "history" in given:
        given["history"] = [part.strip() for part in given["history"].split(";") if part.strip()]
    document = {name: given[name] for name in PLAIN if name in given}
    for outer, names in INSIDE.items():
        inner = {name: given[f"{outer}_{name}"] for name in names if f"{outer}_{name}" in given}
        if inner:
            document[outer] = inner
    document.setdefault("procedure", {}).setdefault("protocol", protocol)
    if "texter" in document:
        document["texter"].setdefault("name", document.get("name", ""))
    return document


def _moment(cell: str, zone: ZoneInfo) -> str:
    """ISO 8601, or as a spreadsheet writes it; without an offset it is the wall clock in the zone."""
    found = _parsed(cell, MOMENTS)
    if found is None:
        return cell
    return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat()


def _day(cell: str) -> str:
    found = _parsed(cell, DAYS)
    return cell if found is None else found.date().isoformat()


def _parsed(cell: str, forms: tuple[str, ...]) -> datetime | None:
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        pass  # then as a spreadsheet writes it
    for form in forms:
        try:
            return datetime.strptime(cell, form)  # noqa: DTZ007 - the zone is the row's
        except ValueError:
            continue  # the next form
    return None
