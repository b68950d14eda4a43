"""When check-ins are due, at the patient's wall clock; it never moves one to another calendar day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class CheckInRule:
    """So many calendar days after the procedure, from local `at` until local `until`."""

    name: str
    day: int
    at: time
    until: time


@dataclass(frozen=True, slots=True)
class PlannedCheckIn:
    """One check-in; `skipped` where its day was over when it was planned."""

    name: str
    due_at: datetime
    closes_at: datetime
    skipped: bool


def instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """That wall clock as aware UTC: the first of two in autumn; in spring's gap, the first instant after it."""
    before = datetime.combine(on, at.replace(fold=0), tzinfo=zone)
    return _end_of_gap(before, zone) if _is_skipped(before, zone) else before.astimezone(UTC)


def _is_skipped(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether no clock in the zone ever shows this time."""
    shown = wall.astimezone(UTC).astimezone(zone)
    return shown.replace(tzinfo=None, fold=0) != wall.replace(tzinfo=None, fold=0)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks were put forward over this time.

    Before it the old offset (fold 0) holds and from it on the new one (fold 1, PEP 495), so it lies between the
    two readings of the time; halving an hour to the second takes twelve looks.
    """
    new_offset = wall.replace(fold=1).utcoffset()
    early, late = wall.replace(fold=1).astimezone(UTC), wall.astimezone(UTC)
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == new_offset:
            late = middle
        else:
            early = middle
    return late


def is_too_late(closes_at: datetime, now: datetime) -> bool:
    """Whether a check-in's day is over, so that it is not sent any more."""
    return closes_at <= now


def plan_check_ins(
    procedure_at: datetime, zone: ZoneInfo, rules: Sequence[CheckInRule], now: datetime
) -> tuple[PlannedCheckIn, ...]:
    """Every check-in of a procedure, counted in local calendar days from its local date."""
    start = procedure_at.astimezone(zone).date()
    planned = []
    for rule in rules:
        on = start + timedelta(days=rule.day)
        closes_at = instant(on, rule.until, zone)
        planned.append(PlannedCheckIn(rule.name, instant(on, rule.at, zone), closes_at, is_too_late(closes_at, now)))
    return tuple(planned)
