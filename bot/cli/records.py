"""The commands by which patients come in and their records go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.cli.common import clear_errors, complain, print_json, read_input, ready_bot

if TYPE_CHECKING:
    from bot.runtime import Runtime
    from bot.services.enrolment import Enrolled

BY = "command line"


@click.command()
@click.option("--json", "source", metavar="FILE", help="an object or a list; - reads standard input")
@click.option("--csv", "sheet", metavar="FILE", help="a spreadsheet saved as CSV, a patient a row")
@click.option("--fhir", "bundle", metavar="FILE", help="a FHIR R4 Bundle: Patient, Consent, Procedure or Appointment")
@click.option("--dry-run", is_flag=True, help="say what would happen, and write nothing (with --csv and --fhir)")
@clear_errors
def enrol(source: str | None, sheet: str | None, bundle: str | None, dry_run: bool) -> None:
    """Enrol patients for a procedure and plan their check-ins."""
    given = [one for one in (source, sheet, bundle) if one is not None]
    if len(given) != 1:
        complain("--json, --csv or --fhir: name one file, or - for standard input")
    if source is not None:
        if dry_run:
            complain("--dry-run: goes with --csv or --fhir")
        _from_json(source)
    elif sheet is not None:
        _from_sheet(sheet, dry_run=dry_run)
    elif bundle is not None:
        _from_bundle(bundle, dry_run=dry_run)


def _from_json(source: str) -> None:
    from bot.exchange.enrolment import EnrolmentIn, read_document, read_list
    from bot.services.enrolment import enrol_all

    document = read_document(read_input(source))
    wanted = read_list(EnrolmentIn, document)
    with ready_bot() as rt:
        enrolled = enrol_all(rt, wanted, BY)
    answers = _told([given.mrn for given in wanted], enrolled)
    print_json(answers if isinstance(document, list) else answers[0])


def _from_sheet(source: str, *, dry_run: bool) -> None:
    from bot.exchange.spreadsheet import RowErrors, read_sheet
    from bot.services.arrivals import enrol_rows

    text = read_input(source)
    with ready_bot() as rt:
        try:
            rows = read_sheet(text, protocol=_only_protocol(rt), zone=rt.content.clinic.zone)
            enrolled = enrol_rows(rt, rows, BY, dry_run=dry_run)
        except RowErrors as error:
            for line in error.lines[:-1]:
                click.echo(" ".join(line.split()), err=True)
            complain(error.lines[-1])
    print_json(_told([row.enrolment.mrn for row in rows], enrolled, dry_run=dry_run))


def _from_bundle(source: str, *, dry_run: bool) -> None:
    from bot.exchange.enrolment import read_document
    from bot.exchange.fhir_in import read_bundle
    from bot.services.arrivals import enrol_arrivals

    document = read_document(read_input(source))
    with ready_bot() as rt:
        arrivals = read_bundle(document, protocol=_only_protocol(rt))
        enrolled = enrol_arrivals(rt, arrivals, BY, dry_run=dry_run)
    print_json(_told([arrival.enrolment.mrn for arrival in arrivals], enrolled, dry_run=dry_run))


def _only_protocol(rt: Runtime) -> str:
    """For rows and codes that name none: the protocol, if there is only one."""
    known = list(rt.content.protocols)
    return known[0] if len(known) == 1 else ""


def _told(mrns: list[str], enrolled: list[Enrolled], *, dry_run: bool = False) -> list[dict[str, Any]]:
    for mrn, one in zip(mrns, enrolled, strict=True):
        if not one.changed:
            click.echo(f"{mrn}: already enrolled for that procedure; nothing changed", err=True)
    if dry_run:
        click.echo(f"dry run: {len(enrolled)} would be enrolled; nothing was written", err=True)
    return [_enrolled_json(one) | ({"dry_run": True} if dry_run else {}) for one in enrolled]


def _enrolled_json(one: Enrolled) -> dict[str, Any]:
    return {
        "patient_id": str(one.patient_id),
        "procedure_id": str(one.procedure_id),
        "changed": one.changed,
        "check_ins": [
            {"id": str(c.id), "name": c.name, "at": c.due_at.isoformat(), "state": c.state.value} for c in one.check_ins
        ],
    }


@click.command()
@click.option("--mrn", required=True)
@click.option("--format", "form", type=click.Choice(["json", "csv", "fhir"]), default="json", show_default=True)
@clear_errors
def export(mrn: str, form: str) -> None:
    """One patient's record: JSON, tidy CSV (docs/data_dictionary.md) or a FHIR R4 Bundle."""
    from bot.exchange.fhir_check import check_bundle
    from bot.exchange.fhir_out import write_bundle
    from bot.exchange.tidy import write_tidy
    from bot.services.records import find_record

    with ready_bot() as rt:
        found = find_record(rt, mrn, BY)
        now = rt.now()
    if found is None:
        complain(f"--mrn: no patient has the record number {mrn!r}")
    if form == "csv":
        click.echo(write_tidy(found.record, found.relief), nl=False)
    elif form == "fhir":
        bundle = write_bundle(found.record, now)
        check_bundle(bundle)
        print_json(bundle)
    else:
        print_json(found.as_json())
