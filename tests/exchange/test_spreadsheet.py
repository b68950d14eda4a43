"""Enrolments from a spreadsheet: what its cells may look like, and an error for each bad row."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.exchange.enrolment import InputError
from bot.exchange.spreadsheet import RowErrors, SheetRow, read_sheet

HEADING = "mrn,name,born_on,phone,procedure_at,consent_by,consent_method,consent_at,consent_wording"
AMY = "A-1,Amy Stone,1999-05-01,913-555-0111,2026-03-02T09:30:00-06:00,patient,paper,2026-03-01T10:00:00-06:00,2026-01"


def read(*lines: str) -> list[SheetRow]:
    return read_sheet("\n".join(lines) + "\n", protocol="pars_injection", zone=ZoneInfo("America/Chicago"))


def test_a_row_is_what_enrol_json_takes() -> None:
    (row,) = read(HEADING, AMY)
    given = row.enrolment
    assert (row.number, given.mrn, given.phone, given.procedure.protocol) == (
        2,
        "A-1",
        "+19135550111",
        "pars_injection",
    )
    assert given.procedure.at.isoformat() == "2026-03-02T09:30:00-06:00"


def test_cells_as_an_american_spreadsheet_saves_them() -> None:
    """Semicolons, titles with spaces, dates with slashes, wall-clock times, yes and no."""
    (row,) = read(
        "MRN;Patient name;DOB;Mobile;Procedure date;Consent by;Consent method;Consent at;Consent wording;Sedation;"
        "History;Relation;Texter name;Time zone;Level;Dose mg",
        'B-2;"Lee, Jordan";5/1/2011;(913) 555-0101;3/2/2026 9:30;parent;paper;3/1/2026 10:00;2026-01;No;'
        '"old numbness; asthma";parent;Dana Lee;America/Denver;L5;40',
    )
    given = row.enrolment
    assert (given.name, given.born_on.isoformat()) == ("Lee, Jordan", "2011-05-01")
    assert given.procedure.at.isoformat() == "2026-03-02T09:30:00-07:00"
    assert (given.procedure.sedation, given.procedure.level, given.procedure.dose_mg) == (False, "L5", 40)
    assert given.history == ("old numbness", "asthma")
    assert given.texter is not None
    assert given.texter.relation.value == "parent"


def test_every_bad_row_has_its_line_and_none_is_taken() -> None:
    with pytest.raises(RowErrors) as caught:
        read(HEADING, AMY, AMY.replace("913-555-0111", "call me"), "", AMY.replace("1999-05-01", "1999-02-30"))
    assert [line.split(":")[:2] for line in caught.value.lines] == [["row 3", " phone"], ["row 5", " born_on"]]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ((HEADING + ",shoe size", AMY + ",44"), "column 'shoe size': is unknown"),
        ((HEADING.replace("mrn,", ""), AMY), "column mrn: is missing"),
        ((HEADING + ",mrn", AMY + ",A-1"), "column mrn: stands twice"),
        ((HEADING,), "holds no row"),
        ((), "holds no row"),
    ],
)
def test_a_wrong_heading_is_named(lines: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        read(*lines)
