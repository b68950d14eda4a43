"""Which check-ins staff may move, and to when: never out of their place in the protocol, never into quiet hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.content.protocols import CheckInRules
from bot.planning.around import TextingDay
from bot.planning.check_ins import instant
from bot.vocabulary import CheckInState

FIRST_BEFORE = 7  # days that a check-in before the procedure may come early


class No(StrEnum):
    """Why a check-in may not go out then."""

    PAST = "past"
    OTHER_DAY = "other_day"
    QUIET = "quiet"
    LESSONS = "lessons"


@dataclass(frozen=True, slots=True)
class Slot:
    """When one check-in may go out: these days, both included, within the texting hours, and not during lessons."""

    first_on: date
    last_on: date
    hours: TextingDay
    zone: ZoneInfo
    lessons_until: time | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A check-in's new hour, and until when it may leave."""

    due_at: datetime
    closes_at: datetime


def is_unsent(state: CheckInState, sent_at: datetime | None) -> bool:
    """Whether nothing of it has gone out: planned, skipped, or dropped because it was too late."""
    waits = state in (CheckInState.PLANNED, CheckInState.SKIPPED, CheckInState.MISSED)
    return waits and sent_at is None


def days_of(rules: CheckInRules, all_of_them: Sequence[CheckInRules]) -> tuple[int, int]:
    """The first and last day on which it may go out: after the check-in before it and before the one that follows;
    the last one may come as late again as it is far from the one before."""
    days = sorted(r.day for r in all_of_them if (r.day < 0) == (rules.day < 0))
    at = days.index(rules.day)
    if rules.day < 0:
        first = days[at - 1] + 1 if at else rules.day - FIRST_BEFORE
        return first, days[at + 1] - 1 if at + 1 < len(days) else -1
    before = days[at - 1] if at else 0
    return before + 1, days[at + 1] - 1 if at + 1 < len(days) else 2 * rules.day - before


def slot_of(
    rules: CheckInRules,
    all_of_them: Sequence[CheckInRules],
    procedure_on: date,
    hours: TextingDay,
    zone: ZoneInfo,
    *,
    is_pupil: bool,
) -> Slot:
    """Its slot after this procedure; a minor who texts from a phone of their own sits in class until `minors_at`."""
    first, last = days_of(rules, all_of_them)
    lessons = rules.minors_at if is_pupil else None
    return Slot(procedure_on + timedelta(days=first), procedure_on + timedelta(days=last), hours, zone, lessons)


def move_to(slot: Slot, at: datetime, now: datetime) -> Moved | No:
    """The check-in at that instant, or why not."""
    if at < now:
        return No.PAST
    local = at.astimezone(slot.zone)
    if not slot.first_on <= local.date() <= slot.last_on:
        return No.OTHER_DAY
    closes_at = instant(local.date(), slot.hours.until, slot.zone)
    if local.time() < slot.hours.opens or at >= closes_at:
        return No.QUIET
    if slot.lessons_until is not None and local.weekday() < 5 and local.time() < slot.lessons_until:
        return No.LESSONS
    return Moved(at, closes_at)
