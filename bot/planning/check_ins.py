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
    """That wall clock as aware UTC: the first of two in autumn; in spring's gap, moved on by the gap's length."""
    return datetime.combine(on, at, tzinfo=zone).astimezone(UTC)


def plan_check_ins(
    procedure_at: datetime, zone: ZoneInfo, rules: Sequence[CheckInRule], now: datetime
) -> tuple[PlannedCheckIn, ...]:
    """Every check-in of a procedure, counted in local calendar days from its local date."""
    start = procedure_at.astimezone(zone).date()
    planned = []
    for rule in rules:
        on = start + timedelta(days=rule.day)
        closes_at = instant(on, rule.until, zone)
        planned.append(PlannedCheckIn(rule.name, instant(on, rule.at, zone), closes_at, closes_at <= now))
    return tuple(planned)
