"""How things are worded on a page: times, ages, numbers, marked words; it looks nothing up and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import groupby
from typing import cast
from zoneinfo import ZoneInfo

import phonenumbers
from flask import g
from flask.sansio.app import App

from bot.runtime import Runtime
from bot.storage.texts import Line
from bot.vocabulary import Evidence, Flag, LanguageCode, Level
from bot.web import wording
from bot.web.reasons import marked, reasons, telling

LONGEST_SHOWN = 160


def ago(at: datetime | None, now: datetime) -> str:
    """3 min ago, in 2 h: coarse, as people say it."""
    if at is None:
        return "never"
    seconds = (now - at).total_seconds()
    if abs(seconds) < 10:
        return "just now"
    words = span(abs(seconds))
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def lasted(at: datetime, now: datetime) -> str:
    """How long since then: just now, 1 min."""
    seconds = (now - at).total_seconds()
    return "just now" if seconds < 10 else span(seconds)


def span(seconds: float) -> str:
    """How long that is: 45 s, 12 min, 3 h, 4 days."""
    for limit, unit, name in ((90, 1, "s"), (5400, 60, "min"), (129_600, 3600, "h")):
        if seconds < limit:
            return f"{round(seconds / unit)} {name}"
    return f"{round(seconds / 86_400)} days"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """10:04 am on the clinic's wall."""
    return wall_words(at.astimezone(zone).time())


def wall_words(wall: time) -> str:
    """10:04 am."""
    return f"{wall.hour % 12 or 12}:{wall:%M} {'am' if wall.hour < 12 else 'pm'}"


def zoned_clock(at: datetime, zone: ZoneInfo) -> str:
    """1:30 am CST: for the nights in which a time comes twice."""
    return f"{clock(at, zone)} {at.astimezone(zone):%Z}"


def full_date(on: date) -> str:
    """Sat Mar 7 2026."""
    return f"{on:%a %b} {on.day} {on.year}"


def day_of(at: datetime, zone: ZoneInfo) -> str:
    """Sat Mar 7 in the clinic."""
    local = at.astimezone(zone)
    return f"{local:%a %b} {local.day}"


def wall(at: datetime, zone: ZoneInfo) -> str:
    """Tue Mar 3, 10:00 am on that person's wall."""
    return f"{day_of(at, zone)}, {clock(at, zone)}"


def birth(on: date) -> str:
    """May 1, 2010."""
    return f"{on:%b} {on.day}, {on.year}"


def date_words(on: date) -> str:
    """Sat Mar 7."""
    return f"{on:%a %b} {on.day}"


def exact(at: datetime | None, zone: ZoneInfo) -> str:
    """Sat Mar 7 2026, 10:04 am CST."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{day_of(at, zone)} {local.year}, {clock(at, zone)} {local:%Z}"


def age(born_on: date, now: datetime, zone: ZoneInfo) -> int:
    """Whole years."""
    today = now.astimezone(zone).date()
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def day_number(day: int | None) -> str:
    """Day 5; 2 days before it."""
    if day is None:
        return "not known"
    return f"day {day}" if day >= 0 else f"{-day} days before it"


def number(e164: str) -> str:
    """(913) 555-0111 for an American number, +44 20 7946 0000 for another."""
    try:
        read = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    home = read.country_code == 1
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(read, form))


def shortened(words: str, most: int = LONGEST_SHOWN) -> str:
    """The beginning of long words, cut between two of them."""
    flat = " ".join(words.split())
    return flat if len(flat) <= most else flat[:most].rsplit(" ", 1)[0] + " …"


def by_flag(evidence: Iterable[Evidence]) -> Iterator[tuple[str, list[Evidence]]]:
    """Evidence gathered under each flag, in the order in which the flags come."""
    gathered: dict[str, list[Evidence]] = {}
    for piece in evidence:
        gathered.setdefault(piece.flag, []).append(piece)
    yield from gathered.items()


def by_day(lines: Iterable[Line], zone: ZoneInfo) -> Iterator[tuple[str, list[Line]]]:
    """A thread cut where the clinic's date changes."""
    for day, run in groupby(lines, key=lambda line: day_of(line.text.at, zone)):
        yield day, list(run)


def install(app: App, rt: Runtime) -> None:
    """Gives the templates these words, on the bot's clock and in the clinic's zone."""
    zone = rt.content.clinic.zone
    flags = rt.content.red_flags.flags
    levels = {flag: rule.level for flag, rule in flags.items()}
    labels = {name: outcome.label for name, outcome in rt.content.outcomes.outcomes.items()}

    def label(flag: str) -> str:
        rule = flags.get(Flag(flag))
        return rule.label if rule is not None else flag.replace("_", " ")

    def window(flag: str) -> str:
        rule = flags.get(Flag(flag))
        return "" if rule is None else rule.window

    def check_in(name: str) -> str:
        """Day 1, as staff read it; a notice has no name but its own."""
        short = next(iter(rt.content.messages.values())).short
        return short.get(name) or name.rsplit("_", 1)[0].capitalize()

    def language(code: LanguageCode) -> str:
        messages = rt.content.messages.get(code)
        return code if messages is None else messages.name

    def serious(evidence: Iterable[Evidence]) -> list[Evidence]:
        """What raised the level, the gravest first; numbers and good news are left out."""
        levels = {piece: flags[Flag(piece.flag)].level for piece in evidence if piece.flag in flags}
        grave = [piece for piece, level in levels.items() if level is not Level.NORMAL]
        return sorted(grave, key=lambda piece: (-levels[piece].rank, piece.start))

    def shown_at() -> datetime:
        """A page shows one instant, however long it takes to write it."""
        if "shown_at" not in g:
            g.shown_at = rt.now()
        return cast(datetime, g.shown_at)

    app.jinja_env.filters.update(
        serious=serious,
        reasons=lambda finding: reasons(finding, label, levels),
        telling=telling,
        ago=lambda at: ago(at, shown_at()),
        lasted=lambda at: lasted(at, shown_at()),
        exact=lambda at: exact(at, zone),
        clock=lambda at: clock(at, zone),
        zoned_clock=lambda at: zoned_clock(at, zone),
        full_date=full_date,
        wall_words=wall_words,
        day_of=lambda at: day_of(at, zone),
        wall=wall,
        birth=birth,
        check_in=check_in,
        clock_in=clock,
        date_words=date_words,
        by_flag=by_flag,
        by_day=lambda lines: by_day(lines, zone),
        age=lambda born_on: age(born_on, shown_at(), zone),
        overdue=lambda at: at <= shown_at(),
        day_number=day_number,
        number=number,
        span=span,
        shortened=shortened,
        label=label,
        window=window,
        language=language,
        outcome=wording.plain({**wording.ITEM_OUTCOMES, **labels}),
        **wording.FILTERS,
    )
    app.jinja_env.globals.update(
        marked=marked,
        clinic=rt.content.clinic,
        outcomes=rt.content.outcomes,
        item_outcomes=wording.ITEM_OUTCOMES,
        levels=wording.LEVELS,
        texters=wording.TEXTERS,
        red_flags=flags,
        parts_of_the_list=wording.SHOWN,
        in_bulk=rt.content.work_list.in_bulk,
    )
