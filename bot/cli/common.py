"""What every command shares: clear errors, a runtime that is ready, input and output."""

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
