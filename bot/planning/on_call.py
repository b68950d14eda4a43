"""Who is on call at an instant, from the rota's rows; it stores no list of shifts that could run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.vocabulary import Role, StaffId


@dataclass(frozen=True, slots=True)
class RotaEntry:
    """A member at a tier, from `from_at` up to but not including `to_at`; None means always."""

    staff_id: StaffId
    tier: int
    from_at: datetime | None
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff as paging sees them."""

    staff_id: StaffId
    role: Role
    phone: str | None
    disabled: bool = False
    username: str = ""
    takes_texts: bool = True  # a landline does not: it is called instead

    @property
    def can_be_paged(self) -> bool:
        return self.role.may_be_paged and self.phone is not None and not self.disabled


def everyone(members: Sequence[Member]) -> tuple[Member, ...]:
    """Everybody who may be paged and can be."""
    return tuple(member for member in members if member.can_be_paged)


def on_call(entries: Sequence[RotaEntry], members: Sequence[Member], tier: int, at: datetime) -> tuple[Member, ...]:
    """Who has this tier at this instant; somebody who cannot be paged is left out."""
    on_duty = _on_duty(entries, tier, at)
    return tuple(member for member in everyone(members) if member.staff_id in on_duty)


def out_of_reach(
    entries: Sequence[RotaEntry], members: Sequence[Member], tier: int, at: datetime
) -> tuple[StaffId, ...]:
    """Who has this tier at this instant and cannot be paged: disabled, no number, or a role that is not paged."""
    reachable = {member.staff_id for member in everyone(members)}
    return tuple(staff_id for staff_id in sorted(_on_duty(entries, tier, at)) if staff_id not in reachable)


def _on_duty(entries: Sequence[RotaEntry], tier: int, at: datetime) -> set[StaffId]:
    return {
        entry.staff_id
        for entry in entries
        if entry.tier == tier
        and (entry.from_at is None or entry.from_at <= at)
        and (entry.to_at is None or at < entry.to_at)
    }


def tiers(entries: Sequence[RotaEntry]) -> tuple[int, ...]:
    """The tiers that the rota names, in order."""
    return tuple(sorted({entry.tier for entry in entries}))
