"""Who is on duty at an instant, from rules on wall clocks; shifts overlap when clocks go back and never leave a gap."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.planning.check_ins import instant
from bot.planning.on_call import RotaEntry
from bot.vocabulary import StaffId

MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Rotation:
    """These people take turns at a tier, `days` (1 or 7) local days each, handing over at this wall time.

    The first turn starts on `from_on`; the last one ends with `to_on`, the day on which nobody takes over any more.
    """

    tier: int
    staff_ids: tuple[StaffId, ...]
    days: int
    hands_over_at: time
    zone: ZoneInfo
    from_on: date
    to_on: date | None = None

    def holders(self, at: datetime) -> Iterator[StaffId]:
        """Whose turn it is; two in the hour that comes twice, nobody before the first turn or after the last."""
        today = at.astimezone(self.zone).date()
        turn = (today - self.from_on).days // self.days
        for number in range(max(0, turn - 1), turn + 2):
            starts_on = self.from_on + timedelta(days=number * self.days)
            ends_on = starts_on + timedelta(days=self.days)
            if self.to_on is not None:
                ends_on = min(ends_on, self.to_on)
            if starts_on < ends_on and self.first(starts_on) <= at < self.last(ends_on):
                yield self.staff_ids[number % len(self.staff_ids)]

    def first(self, on: date) -> datetime:
        """When the turn that starts on that day starts: at the first of two equal wall times."""
        return instant(on, self.hands_over_at, self.zone)

    def last(self, on: date) -> datetime:
        """When the turn before it ends: at the last of them, and never before the next one starts."""
        return last_instant(on, self.hands_over_at, self.zone)


class Change(StrEnum):
    """What an override does to a tier while it holds."""

    ADD = "add"  #: this person as well
    REPLACE = "replace"  #: this person and nobody else, save others who replace or are added
    REMOVE = "remove"  #: not this person, whatever else says so


@dataclass(frozen=True, slots=True)
class Override:
    """A change for a while; a removal without a tier is from all of them."""

    change: Change
    staff_id: StaffId
    tier: int | None
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class Holiday:
    """On that local day these people have the tier, in place of whoever has it on other days."""

    tier: int
    staff_ids: tuple[StaffId, ...]
    on: date
    zone: ZoneInfo

    @property
    def from_at(self) -> datetime:
        return instant(self.on, MIDNIGHT, self.zone)

    @property
    def to_at(self) -> datetime:
        return last_instant(self.on + timedelta(days=1), MIDNIGHT, self.zone)


@dataclass(frozen=True, slots=True)
class Rota:
    """Everything that says who is on call; nothing in it is a list of shifts that could run out."""

    entries: tuple[RotaEntry, ...] = ()
    rotations: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()
    holidays: tuple[Holiday, ...] = ()

    @property
    def tiers(self) -> tuple[int, ...]:
        """The tiers that anything names, in order."""
        named = {rule.tier for rules in (self.entries, self.rotations, self.holidays) for rule in rules}
        return tuple(sorted(named | {o.tier for o in self.overrides if o.tier is not None}))


def last_instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """That wall clock as aware UTC: the last of two in autumn; in spring's gap, the first instant after it."""
    later = datetime.combine(on, at.replace(fold=1), tzinfo=zone).astimezone(UTC)
    return max(later, instant(on, at, zone))


def duty_at(rota: Rota, at: datetime) -> tuple[RotaEntry, ...]:
    """Everybody on duty at this instant, by tier: holidays before rotations, then overrides."""
    return tuple(RotaEntry(staff_id, tier, None, None) for tier in rota.tiers for staff_id in _at_tier(rota, tier, at))


def _at_tier(rota: Rota, tier: int, at: datetime) -> Collection[StaffId]:
    usual = [entry.staff_id for entry in rota.entries if entry.tier == tier and _holds(entry, at)]
    usual += [staff_id for rotation in rota.rotations if rotation.tier == tier for staff_id in rotation.holders(at)]
    today = [holiday for holiday in rota.holidays if holiday.tier == tier and holiday.from_at <= at < holiday.to_at]
    found = [staff_id for holiday in today for staff_id in holiday.staff_ids] if today else usual
    changes = [o for o in rota.overrides if o.tier in (tier, None) and o.from_at <= at < o.to_at]
    replacing = [o.staff_id for o in changes if o.change is Change.REPLACE]
    found = replacing or found
    found = found + [o.staff_id for o in changes if o.change is Change.ADD]
    removed = {o.staff_id for o in changes if o.change is Change.REMOVE}
    return dict.fromkeys(staff_id for staff_id in found if staff_id not in removed)


def _holds(entry: RotaEntry, at: datetime) -> bool:
    return (entry.from_at is None or entry.from_at <= at) and (entry.to_at is None or at < entry.to_at)


def changes_between(rota: Rota, since: datetime, until: datetime) -> list[datetime]:
    """The instants in this span at which somebody's duty may start or end; `since` is the first of them."""
    found: set[datetime | None] = {bound for entry in rota.entries for bound in (entry.from_at, entry.to_at)}
    found |= {bound for override in rota.overrides for bound in (override.from_at, override.to_at)}
    found |= {bound for holiday in rota.holidays for bound in (holiday.from_at, holiday.to_at)}
    for rotation in rota.rotations:
        found |= set(_hand_overs(rotation, since, until))
    return sorted({since} | {at for at in found if at is not None and since < at < until})


def _hand_overs(rotation: Rotation, since: datetime, until: datetime) -> Iterator[datetime]:
    on = max(rotation.from_on, since.astimezone(rotation.zone).date() - timedelta(days=rotation.days + 1))
    on -= timedelta(days=(on - rotation.from_on).days % rotation.days)
    while rotation.first(on) <= until:
        yield from (rotation.first(on), rotation.last(on))
        on += timedelta(days=rotation.days)
    if rotation.to_on is not None:
        yield rotation.last(rotation.to_on)
