"""Cuts a list of the API into pages and reads its filters by day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from bot.standin.ledger import Call, Message

Entry = TypeVar("Entry", Message, Call)
DEFAULT_SIZE, LARGEST_SIZE = 50, 1000


class BadFilter(Exception):
    """A day that is none."""


def filter_days(wanted: Mapping[str, str], name: str) -> Callable[[datetime | None], bool]:
    """Whether a moment lies on, up to (`name<`) or from (`name>`) the days that were asked for, in UTC.

    :raises BadFilter: a value that is no day.
    """
    on, until, since = (_day(wanted.get(key)) for key in (name, f"{name}<", f"{name}>"))
    if on is None and until is None and since is None:
        return lambda _at: True

    def is_right(at: datetime | None) -> bool:
        if at is None:  # what is not sent yet has no day: Twilio leaves it out
            return False
        day = at.astimezone(UTC).date()
        return (on is None or day == on) and (until is None or day <= until) and (since is None or day >= since)

    return is_right


def _day(told: str | None) -> date | None:
    if not told:
        return None
    try:
        return date.fromisoformat(told[:10])
    except ValueError as wrong:
        raise BadFilter(f"{told} is not a date") from wrong


def page_of(found: Sequence[Entry]) -> tuple[list[Entry], dict[str, Any]]:
    """The page that the request asks for, and the frame around it. Pages hold still while new entries come in."""
    size = _number("PageSize", DEFAULT_SIZE)
    size = max(1, min(size, LARGEST_SIZE))
    index, below = _number("Page", 0), request.args.get("PageToken", "")[2:]
    rest = [entry for entry in found if entry.number < int(below)] if below.isdigit() else list(found[index * size :])
    page = rest[:size]
    frame = {
        "page": index,
        "page_size": size,
        "start": index * size,
        "end": index * size + max(0, len(page) - 1),
        "uri": request.full_path.rstrip("?"),
        "first_page_uri": _uri(size, 0),
        "next_page_uri": _uri(size, index + 1, page[-1].number) if len(rest) > size else None,
        "previous_page_uri": _uri(size, index - 1) if index else None,
    }
    return page, frame


def _number(name: str, default: int) -> int:
    told = request.args.get(name, "")
    return int(told) if told.isdigit() else default


def _uri(size: int, index: int, below: int | None = None) -> str:
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in ("PageSize", "Page", "PageToken")]
    token = [] if below is None else [("PageToken", f"PA{below}")]
    return f"{request.path}?{urlencode([*kept, ('PageSize', size), ('Page', index), *token])}"
