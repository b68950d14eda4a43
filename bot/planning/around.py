"""What is sent around the procedure itself: texts before and after it, and the entries of the pain diary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.content.protocols import CheckInRules, DiaryRules, NoticeRules
from bot.planning.check_ins import CheckInRule, PlannedCheckIn, instant

ADULT_AT = 18


@dataclass(frozen=True, slots=True)
class TextingDay:
    """The hours in which the bot may start to talk, and those by which a check-in must have left."""

    opens: time
    closes: time
    until: time


def age_on(born_on: date, on: date) -> int:
    """Whole years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def rule_for(rules: CheckInRules, until: time, *, procedure_on: date, pupil_born_on: date | None) -> CheckInRule:
    """The check-in's hour: a minor who texts from a phone of their own is not asked during lessons.

    :param pupil_born_on: the birth date where the patient's own phone gets the check-ins.
    """
    on = procedure_on + timedelta(days=rules.day)
    in_class = pupil_born_on is not None and age_on(pupil_born_on, on) < ADULT_AT and on.weekday() < 5
    at = rules.minors_at if in_class and rules.minors_at is not None else rules.at
    return CheckInRule(rules.name, rules.day, at, until)


def plan_notice(rules: NoticeRules, procedure_at: datetime, zone: ZoneInfo, day: TextingDay) -> PlannedCheckIn | None:
    """When a notice is due; None if that would be in quiet hours."""
    if rules.after_hours is not None:
        return _plan_hours(rules.name, procedure_at, rules.after_hours, zone, day)
    on = procedure_at.astimezone(zone).date() + timedelta(days=rules.day)
    at = rules.at or day.opens
    return PlannedCheckIn(rules.name, instant(on, at, zone), instant(on, day.until, zone), skipped=False)


def plan_diary(
    rules: tuple[DiaryRules, ...], procedure_at: datetime, zone: ZoneInfo, day: TextingDay, now: datetime
) -> tuple[PlannedCheckIn, ...]:
    """The entries that still lie ahead, outside quiet hours."""
    planned = (_plan_hours(r.name, procedure_at, r.after_hours, zone, day) for r in rules)
    return tuple(entry for entry in planned if entry is not None and entry.due_at > now)


def _plan_hours(
    name: str, procedure_at: datetime, hours: float, zone: ZoneInfo, day: TextingDay
) -> PlannedCheckIn | None:
    due_at = procedure_at + timedelta(hours=hours)
    local = due_at.astimezone(zone)
    if not day.opens <= local.time() < day.closes:
        return None
    return PlannedCheckIn(name, due_at, instant(local.date(), day.until, zone), skipped=False)
