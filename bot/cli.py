"""The commands of `python -m bot`: parse, call one service, print. Imports wait until a command needs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

if TYPE_CHECKING:
    from bot.runtime import Runtime

WRONG_INPUT = 2


def complain(message: str) -> NoReturn:
    """One clear line on standard error, exit 2."""
    click.echo(" ".join(message.split()), err=True)
    sys.exit(WRONG_INPUT)


def clear_errors(command: Callable[..., None]) -> Callable[..., None]:
    """What is wrong with input, settings, content or database is said in one line, without a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        from bot.content.reading import ContentError
        from bot.settings import SettingsError

        try:
            command(*args, **kwargs)
        except (SettingsError, ContentError) as error:
            complain(str(error))
        except Exception as error:  # noqa: BLE001 - a bug is raised again by `_known`
            complain(_known(error))

    return run


def _known(error: Exception) -> str:
    """The line for an error that has one; anything else is a bug and keeps its traceback."""
    from bot.exchange.enrolment import InputError
    from bot.services.errors import NotReady
    from bot.storage.database import DatabaseAway
    from bot.storage.sealing import KeysError, SealError

    if isinstance(error, InputError | KeysError | NotReady):
        return str(error)
    if isinstance(error, SealError):
        return f"BOT_KEYS: {error}"
    if isinstance(error, DatabaseAway):
        return "DATABASE_URL: the database cannot be reached. Is it running, and is the address right?"
    raise error


def open_bot(*, serves: bool = False) -> Runtime:
    """The runtime from the environment; `serves` also asks for a provider and starts the logs."""
    from bot.logs import set_up_logs
    from bot.runtime import open_runtime
    from bot.settings import read_settings

    settings = read_settings()
    if serves:
        settings.require_provider()
    set_up_logs(settings.log_level if serves else "warning")
    return open_runtime(settings)


@contextmanager
def ready_bot(*, serves: bool = False) -> Iterator[Runtime]:
    """A runtime whose database has the newest schema."""
    from bot.services.errors import NotReady
    from bot.services.schema import is_newest

    rt = open_bot(serves=serves)
    try:
        if not is_newest(rt):
            raise NotReady("The database is not up to date. Run: python -m bot migrate")
        yield rt
    finally:
        rt.database.dispose()


def read_input(source: str) -> str:
    """A file, or `-` for standard input."""
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        complain(f"input: {source} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}")


def print_json(document: object, out: TextIO | None = None) -> None:
    """JSON on standard output, and nothing else there."""
    line = json.dumps(document, ensure_ascii=False, default=str)
    for breaker in "\x85\u2028\u2029":  # line ends to some readers, as `str.splitlines`; JSON escapes only the others
        line = line.replace(breaker, f"\\u{ord(breaker):04x}")
    print(line, file=out or sys.stdout)


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
@click.option("--json", "source", metavar="FILE", help="an object or a list; - reads standard input")
@clear_errors
def enrol(source: str | None) -> None:
    """Enrol patients for a procedure and plan their check-ins."""
    from bot.exchange.enrolment import EnrolmentIn, read_document, read_list
    from bot.services.enrolment import enrol_all

    if source is None:
        complain("--json: name a file with one patient or a list, or - for standard input")
    document = read_document(read_input(source))
    wanted = read_list(EnrolmentIn, document)
    with ready_bot() as rt:
        enrolled = enrol_all(rt, wanted, "command line")
    answers = [_enrolled_json(one) for one in enrolled]
    for given, one in zip(wanted, enrolled, strict=True):
        if not one.changed:
            click.echo(f"{given.mrn}: already enrolled for that procedure; nothing changed", err=True)
    print_json(answers if isinstance(document, list) else answers[0])


def _enrolled_json(one: Any) -> dict[str, Any]:
    return {
        "patient_id": str(one.patient_id),
        "procedure_id": str(one.procedure_id),
        "changed": one.changed,
        "check_ins": [
            {"id": str(c.id), "name": c.name, "at": c.due_at.isoformat(), "state": c.state.value} for c in one.check_ins
        ],
    }


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
@clear_errors
def rota_set(source: str) -> None:
    """Replace the on-call rota."""
    from bot.exchange.enrolment import RotaIn, read_document, read_list
    from bot.services.people import set_rota

    document = read_document(read_input(source))
    wanted = read_list(RotaIn, document) if document != [] else []
    with ready_bot() as rt:
        print_json(set_rota(rt, wanted, "command line"))


@main.command()
@click.argument("text", required=False)
@click.option("--jsonl", "source", metavar="FILE", help="one JSON object a line; - reads standard input")
@clear_errors
def triage(text: str | None, source: str | None) -> None:
    """Sort a text: level, flags, numbers, and which words fired which rule."""
    from bot.services import sorting

    if (text is None) == (source is None):
        complain("Give either a text or --jsonl FILE")
    lexicon = sorting.read_lexicon()
    if source is not None:
        for line in sorting.sort_lines(read_input(source), lexicon):
            print_json(line)
    elif text is not None:
        for said in sorting.show(sorting.sort_one({"text": text}, lexicon)):
            click.echo(said)


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


@main.command("check-content")
@clear_errors
def check_content() -> None:
    """Validate everything under config/."""
    from bot.content.load import load_content
    from bot.content.messages import fold_for_sms, segments
    from bot.settings import read_settings

    content = load_content(read_settings().config_dir)
    for code, messages in sorted(content.messages.items()):
        longest = max(segments(fold_for_sms(words)) for words in messages.texts.values())
        click.echo(
            f"{code}: {len(messages.texts)} texts, {len(messages.questions)} questions, at most {longest} segments"
        )
    click.echo(
        f"{len(content.protocols)} protocol(s), {len(content.red_flags.flags)} flags. Version {content.version}."
    )


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
