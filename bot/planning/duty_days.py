"""The rota as a calendar reads it: local days, each with who has which tier from when until when; it cuts shifts at
midnight and decides nothing that paging does not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.planning.check_ins import instant
from bot.planning.gaps import Shift, shifts_between
from bot.planning.on_call import Member
from bot.planning.rota import MIDNIGHT, Rota
from bot.vocabulary import StaffId


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a shift that lies on one day; `whole_day` if it is all of it."""

    from_at: datetime
    to_at: datetime
    staff_ids: tuple[StaffId, ...]
    whole_day: bool


@dataclass(frozen=True, slots=True)
class DutyDay:
    """One local day: the stretches of each tier, in order."""

    on: date
    tiers: tuple[tuple[int, tuple[Stretch, ...]], ...]
    hours: float

    @property
    def clocks_change(self) -> bool:
        return self.hours != 24


def plan_duty_days(
    rota: Rota, members: Sequence[Member], tiers: Collection[int], first: date, days: int, zone: ZoneInfo
) -> list[DutyDay]:
    """So many days from the first one on; a day on which clocks change has 23 or 25 hours."""
    dates = [first + timedelta(days=n) for n in range(days)]
    bounds = [instant(on, MIDNIGHT, zone) for on in (*dates, dates[-1] + timedelta(days=1))]
    shifts = {tier: shifts_between(rota, members, tier, bounds[0], bounds[-1]) for tier in tiers}
    return [
        DutyDay(
            on, tuple((tier, _cut(shifts[tier], start, end)) for tier in tiers), (end - start).total_seconds() / 3600
        )
        for on, start, end in zip(dates, bounds, bounds[1:], strict=False)
    ]


def _cut(shifts: Sequence[Shift], start: datetime, end: datetime) -> tuple[Stretch, ...]:
    pieces = [(max(s.from_at, start), min(s.to_at, end), s.staff_ids) for s in shifts]
    return tuple(Stretch(a, b, who, (a, b) == (start, end)) for a, b, who in pieces if a < b)
