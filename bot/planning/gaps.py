"""Where the rota leaves a tier to nobody who can be paged, looked for ahead of time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
    return shifts_between(rota, members, tier, now, now + LOOK_AHEAD)


def shifts_between(rota: Rota, members: Sequence[Member], tier: int, since: datetime, until: datetime) -> list[Shift]:
    """One tier in any span, neighbours with the same people joined."""
    reachable = {member.staff_id for member in everyone(members)}
    found: list[Shift] = []
    for start, end in pairwise([*changes_between(rota, since, until), until]):
        there = tuple(sorted(e.staff_id for e in duty_at(rota, start) if e.tier == tier and e.staff_id in reachable))
        if found and found[-1].staff_ids == there:
            found[-1] = Shift(tier, found[-1].from_at, end, there)
        else:
            found.append(Shift(tier, start, end, there))
    return found


def find_gaps(
    rota: Rota, members: Sequence[Member], tiers: Collection[int], now: datetime, until: datetime | None = None
) -> list[Shift]:
    """Spans of the next two weeks (or until then) in which one of these tiers holds nobody who can be paged, the
    soonest first."""
    end = now + LOOK_AHEAD if until is None else until
    gaps = [s for tier in tiers for s in shifts_between(rota, members, tier, now, end) if not s.staff_ids]
    return sorted(gaps, key=lambda gap: (gap.from_at, gap.tier))


def opened_gaps(before: Sequence[Shift], after: Sequence[Shift]) -> list[Shift]:
    """What is a gap after a change and was none before it; a gap that only grew is told with the part that is new."""
    return [piece for gap in after for piece in _less(gap, [old for old in before if old.tier == gap.tier])]


def _less(gap: Shift, known: Sequence[Shift]) -> list[Shift]:
    pieces = [gap]
    for old in known:
        pieces = [
            replace(piece, from_at=start, to_at=end)
            for piece in pieces
            for start, end in (
                (piece.from_at, min(piece.to_at, old.from_at)),
                (max(piece.from_at, old.to_at), piece.to_at),
            )
            if start < end
        ]
    return pieces


def uncovered_holidays(rota: Rota, closed: Collection[date], now: datetime, zone: ZoneInfo) -> list[date]:
    """Days of the next two weeks on which the office is closed for a holiday and nobody is named for it."""
    today = now.astimezone(zone).date()
    named = {holiday.on for holiday in rota.holidays}
    return sorted(on for on in closed if today <= on <= today + LOOK_AHEAD and on not in named)
