"""One patient's record as a tidy CSV: a row for each number, check-in and alert; and the dictionary of its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from bot.exchange.record import PatientRecord, ProcedureRecord

DICTIONARY = {
    "mrn": "record number of the patient",
    "procedure_at": "when the procedure began, ISO 8601 with its offset",
    "what": "baseline, block, pain, relief, pgic, sport, check_in or alert",
    "name": "the question it answers (none: told unasked); the check-in's name; the alert's flags, by ;",
    "at": "when it was said, fell due or was opened; empty for baseline and block",
    "day": "whole local days since the procedure, negative before it",
    "value": "the number; of a check-in its state; of an alert its level",
    "unit": "NRS (0-10), % of the usual pain, choice (the protocol's answers), or empty",
    "source": "stated, from_scores (score against baseline), best_relief (of the first six hours) or empty",
    "by": "who answered: self, parent, guardian, spouse, other; clinic for baseline and block; who took the alert",
    "outcome": "of an alert: with what a person closed it",
}
UNITS = {"pain": "NRS", "relief": "%"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_tidy(record: PatientRecord, relief: dict[str, list[tuple[datetime, int, int]]]) -> str:
    """The CSV.

    :param relief: procedure key -> (when, day, percent) of relief computed from scores.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, list(DICTIONARY), restval="", lineterminator="\n")
    writer.writeheader()
    for procedure in record.procedures:
        for row in _rows(procedure, relief.get(procedure.key, [])):
            full = {"mrn": record.mrn, "procedure_at": procedure.at.isoformat()} | row
            writer.writerow({name: _harmless(value) for name, value in full.items()})
    return out.getvalue()


def _rows(procedure: ProcedureRecord, relief: list[tuple[datetime, int, int]]) -> Iterator[dict[str, object]]:
    for what, value in (("baseline", procedure.baseline_pain), ("block", procedure.block_pain)):
        if value is not None:
            yield {"what": what, "value": value, "unit": "NRS", "by": "clinic"}
    for answer in procedure.answers:
        source = "" if answer.kind != "relief" else "best_relief" if answer.asked == "best_relief" else "stated"
        yield {
            "what": answer.kind, "name": answer.asked, "at": answer.at.isoformat(), "day": answer.day,
            "value": answer.value, "unit": UNITS.get(answer.kind, "choice"), "source": source, "by": answer.by or "",
        }  # by rows, not an item a line  # fmt: skip
    for at, day, percent in relief:
        yield {
            "what": "relief", "name": "none", "at": at.isoformat(), "day": day, "value": percent, "unit": "%",
            "source": "from_scores",
        }  # by rows, not an item a line  # fmt: skip
    for check_in in procedure.check_ins:
        yield {"what": "check_in", "name": check_in.name, "at": check_in.due_at.isoformat(), "value": check_in.state}
    for alert in procedure.alerts:
        yield {
            "what": "alert", "name": ";".join(alert.flags), "at": alert.opened_at.isoformat(), "value": alert.level,
            "by": alert.acknowledged_by or "", "outcome": alert.outcome or "",
        }  # by rows, not an item a line  # fmt: skip


def _harmless(value: object) -> object:
    """A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def write_dictionary() -> str:
    """The dictionary of the columns, as Markdown: docs/data_dictionary.md."""
    lines = ["# The columns of `export --format csv`", "", "| column | what it holds |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| `{name}` | {words} |" for name, words in DICTIONARY.items())]) + "\n"
