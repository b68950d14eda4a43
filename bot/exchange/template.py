"""The spreadsheet to fill in: every column with what belongs into it, and an example. It reads nothing."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `needed` ones must not be empty."""

    name: str
    about: str
    example: str
    needed: bool = False


def columns_of(*, wording: str, languages: list[str], today: date) -> tuple[Column, ...]:
    """Every column of the template, in its order.

    :param wording: the version of the consent that is in force.
    """
    return (
        Column("mrn", "Record number in the clinic's own system", "A-1001", needed=True),
        Column("name", "First and last name", "Jordan Lee", needed=True),
        Column("born_on", "Birth date, like 1999-05-01 or 5/1/1999", "1999-05-01", needed=True),
        Column("phone", "US mobile number that gets the texts", "913-555-0101", needed=True),
        Column("language", f"Language of the texts: {' or '.join(languages)}; empty: {languages[0]}", languages[0]),
        Column("time_zone", "Where the patient lives, like America/Denver; empty: the clinic's", "America/Chicago"),
        Column("procedure_at", "Date and time, like 2026-03-02 09:30, on the clock of time_zone", f"{today} 09:30",
               needed=True),
        Column("procedure_level", "Level of the spine", "L5"),
        Column("procedure_side", "left, right or bilateral", "bilateral"),
        Column("procedure_sedation", "yes or no; empty: not known", "no"),
        Column("procedure_provider", "Who did it, or will", "Dr. Rivera"),
        Column("baseline_pain", "Pain before it, 0 to 10", "7"),
        Column("block_pain", "Lowest pain in the first hours, 0 to 10", ""),
        Column("history", "Old deficits, with a semicolon between them", ""),
        Column("anticoagulant", "Blood thinner", ""),
        Column("diabetes", "Diabetes", ""),
        Column("allergies", "Allergies", ""),
        Column("emergency_contact", "Name and number", ""),
        Column("texter_relation", "Who reads the texts: self, parent, guardian, spouse, other; empty: self", "self"),
        Column("texter_name", "Their name, if it is not the patient", ""),
        Column("consent_by", "patient; under 18: parent or guardian", "patient", needed=True),
        Column("consent_method", "paper, spoken or electronic", "paper", needed=True),
        Column("consent_at", "When they agreed, like 2026-03-01 10:00", f"{today} 09:00", needed=True),
        Column("consent_wording", f"Version of the wording that they were shown; now in force: {wording}", wording,
               needed=True),
    )  # by rows, not an item a line  # fmt: skip


def write_template(columns: tuple[Column, ...]) -> str:
    """The heading, then what belongs into each column, then an example: both begin with #, so that nobody
    enrols them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.name for column in columns])
    about = [column.about + (" (needed)" if column.needed else "") for column in columns]
    for row in (about, [column.example for column in columns]):
        writer.writerow([f"# {row[0]}", *row[1:]])
    return out.getvalue()
