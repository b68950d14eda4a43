"""Where the rota leaves a tier to nobody who can be paged, looked for ahead of time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.planning.on_call import Member, everyone
from bot.planning.rota import Rota, changes_between, duty_at
from bot.vocabulary import StaffId

LOOK_AHEAD = timedelta(days=14)  # RELIABILITY.md 1: gaps are shown 14 days ahead


@dataclass(frozen=True, slots=True)
class Shift:
    """From one change of the rota to the next: who can be paged at this tier; nobody is a gap."""

    tier: int
    from_at: datetime
    to_at: datetime
    staff_ids: tuple[StaffId, ...]


def shifts_ahead(rota: Rota, members: Sequence[Member], tier: int, now: datetime) -> list[Shift]:
    """Two weeks of one tier, neighbours with the same people joined."""
    until = now + LOOK_AHEAD
    reachable = {member.staff_id for member in everyone(members)}
    found: list[Shift] = []
    for start, end in pairwise([*changes_between(rota, now, until), until]):
        there = tuple(sorted(e.staff_id for e in duty_at(rota, start) if e.tier == tier and e.staff_id in reachable))
        if found and found[-1].staff_ids == there:
            found[-1] = Shift(tier, found[-1].from_at, end, there)
        else:
            found.append(Shift(tier, start, end, there))
    return found


def find_gaps(rota: Rota, members: Sequence[Member], tiers: Collection[int], now: datetime) -> list[Shift]:
    """Spans of the next two weeks in which one of these tiers holds nobody who can be paged, the soonest first."""
    gaps = [shift for tier in tiers for shift in shifts_ahead(rota, members, tier, now) if not shift.staff_ids]
    return sorted(gaps, key=lambda gap: (gap.from_at, gap.tier))


def uncovered_holidays(rota: Rota, closed: Collection[date], now: datetime, zone: ZoneInfo) -> list[date]:
    """Days of the next two weeks on which the office is closed for a holiday and nobody is named for it."""
    today = now.astimezone(zone).date()
    named = {holiday.on for holiday in rota.holidays}
    return sorted(on for on in closed if today <= on <= today + LOOK_AHEAD and on not in named)
