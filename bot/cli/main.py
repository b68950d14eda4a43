"""The commands of `python -m bot`: parse, call one service, print. Imports wait until a command needs them."""

from __future__ import annotations

import click

from bot.cli.common import clear_errors, complain, open_bot, print_json, read_input, ready_bot
from bot.cli.content import check_content, describe_rules, describe_texts
from bot.cli.paging import doctor, page_test
from bot.cli.records import enrol, export
from bot.cli.triage import triage, triage_eval, triage_replay


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The follow-up bot of a spine and pain clinic."""


@main.command()
@clear_errors
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.services.schema import migrate as bring

    bring(open_bot())
    click.echo("The database is up to date.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@clear_errors
def web(host: str, port: int) -> None:
    """Run the web process (in production: gunicorn, see Procfile)."""
    from bot.web.serving import serve

    serve(open_bot(serves=True), host, port)


@main.command()
@clear_errors
def worker() -> None:
    """Run a worker; any number may run at once."""
    from bot.worker import run

    run(open_bot(serves=True))


@main.command()
@clear_errors
def auditor() -> None:
    """Run the audit: it proves every minute that paging moves."""
    from bot.auditor import run

    run(open_bot(serves=True))


@main.group()
def staff() -> None:
    """Add members of staff."""


@staff.command("add")
@click.option("--json", "source", metavar="FILE", required=True)
@clear_errors
def staff_add(source: str) -> None:
    """Add members of staff, or change those whose username exists."""
    from bot.exchange.enrolment import StaffIn, read_document, read_list
    from bot.services.people import add_staff

    wanted = read_list(StaffIn, read_document(read_input(source)))
    with ready_bot() as rt:
        print_json(add_staff(rt, wanted, "command line"))


@main.group()
def rota() -> None:
    """Say who is on call."""


@rota.command("set")
@click.option("--json", "source", metavar="FILE", required=True)
@click.option("--refuse-gaps", is_flag=True, help="save nothing if somebody is missing in the next 14 days")
@clear_errors
def rota_set(source: str, *, refuse_gaps: bool) -> None:
    """Replace the on-call rota: a list of lines, or an object with rotations, overrides and holidays too."""
    from bot.exchange.enrolment import read_document
    from bot.exchange.rota import read_rota
    from bot.services.rota import say_gap, set_rota

    document = read_document(read_input(source))
    wanted = read_rota(document)
    with ready_bot() as rt:
        ahead = set_rota(rt, wanted, "command line", refuse_gaps=refuse_gaps)
        for gap in ahead.gaps:
            click.echo(f"warning: {say_gap(gap, rt.content.clinic.zone)}; everybody would be paged", err=True)
        for on in ahead.holidays:
            click.echo(f"warning: {on} is a holiday and nobody is named for it", err=True)
    saved = wanted.model_dump(mode="json", by_alias=True)
    print_json(saved["entries"] if not isinstance(document, dict) or "username" in document else saved)


@main.command()
@click.option("--mrn", required=True)
@click.option("--json", "as_json", is_flag=True)
@clear_errors
def timeline(mrn: str, as_json: bool) -> None:
    """One patient's relief timeline."""
    from bot.services.timeline import find_timeline, read_aloud

    with ready_bot() as rt:
        found = find_timeline(rt, mrn)
    if found is None:
        complain(f"--mrn: no patient has the record number {mrn!r}")
    if as_json:
        print_json(found)
    else:
        for line in read_aloud(found):
            click.echo(line)


@main.command()
@clear_errors
def simulate() -> None:
    """Talk with the bot in this terminal: no database, no Twilio."""
    from bot.simulate import talk

    talk()


@main.command()
@click.option("--script", is_flag=True, help="play one patient's whole story and print it")
@click.option("--port", default=8080, show_default=True, help="where the page of phones is")
@clear_errors
def demo(script: bool, port: int) -> None:
    """Run the whole bot on this machine, with a stand-in for Twilio and a clock that can be moved."""
    from bot.demo import play, serve

    if script:
        play()
    else:
        serve(port)


for command in (
    enrol,
    export,
    check_content,
    describe_texts,
    describe_rules,
    triage,
    triage_eval,
    triage_replay,
    doctor,
    page_test,
):
    main.add_command(command)
