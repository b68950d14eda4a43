"""When somebody is in the office, and by when a routine work item is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.planning.check_ins import instant

NOON = time(12, 0)  # facts.md section 6: routine by noon of the next business day


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Local hours by weekday (Monday is 0), and dates on which nobody comes."""

    zone: ZoneInfo
    days: Mapping[int, tuple[time, time]]
    holidays: frozenset[date]

    def opens_on(self, on: date) -> bool:
        return on.weekday() in self.days and on not in self.holidays


def is_office_hours(at: datetime, hours: OfficeHours) -> bool:
    """Whether the office is open at this instant."""
    local = at.astimezone(hours.zone)
    if not hours.opens_on(local.date()):
        return False
    opens, closes = hours.days[local.weekday()]
    return opens <= local.time() < closes


def noon_next_business_day(now: datetime, hours: OfficeHours) -> datetime:
    """Noon of the next day after today on which the office opens; a year without one gives noon in a year."""
    on = now.astimezone(hours.zone).date()
    for _ in range(366):
        on += timedelta(days=1)
        if hours.opens_on(on):
            break
    return instant(on, NOON, hours.zone)


@dataclass(frozen=True, slots=True)
class LateRule:
    """What comes in from `late_from` on, before a day without office hours, is reviewed by `reviewed_by`."""

    late_from: time
    reviewed_by: time


def routine_due(now: datetime, hours: OfficeHours, rule: LateRule) -> datetime:
    """Noon of the next business day; late on a Friday, or before a holiday, the same evening instead.

    What comes after that evening's review is due at noon of the next day, open or not: it does not wait for Monday.
    """
    local = now.astimezone(hours.zone)
    today, tomorrow = local.date(), local.date() + timedelta(days=1)
    is_late = local.time() >= rule.late_from and hours.opens_on(today) and not hours.opens_on(tomorrow)
    if not is_late:
        return noon_next_business_day(now, hours)
    evening = instant(today, rule.reviewed_by, hours.zone)
    return evening if now < evening else instant(tomorrow, NOON, hours.zone)
