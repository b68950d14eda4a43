"""Whom a step reaches at an instant and on which channels; an empty tier is the next one, and never nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.planning.on_call import Member, RotaEntry, everyone, on_call, tiers
from bot.planning.pages import Also, Step, Target
from bot.vocabulary import Channel


@dataclass(frozen=True, slots=True)
class Reach:
    """One telephone, whose it is, and on which channels this step reaches it."""

    target: Target
    channels: tuple[Channel, ...]


def reach_of(
    step: Step,
    entries: Sequence[RotaEntry],
    members: Sequence[Member],
    fallback_phone: str | None,
    now: datetime,
) -> dict[str, Reach]:
    """The step's tier, then those whom it names besides; each telephone once, with every channel asked of it."""
    found = _of_tier(step.tier, step.channels, entries, members, fallback_phone, now)
    for also in step.also:
        for phone, more in _of_also(also, entries, members, fallback_phone, now).items():
            known = found.get(phone)
            channels = more.channels if known is None else (*known.channels, *more.channels)
            target = more.target if known is None else known.target
            found[phone] = Reach(target, tuple(dict.fromkeys(channels)))
    return found


def _of_tier(
    tier: int | None,
    channels: tuple[Channel, ...],
    entries: Sequence[RotaEntry],
    members: Sequence[Member],
    fallback_phone: str | None,
    now: datetime,
) -> dict[str, Reach]:
    """The tier; if it is empty the next ones, then everybody; with everybody the fallback number."""
    if tier is not None:
        for number in (tier, *(t for t in tiers(entries) if t > tier)):
            found = on_call(entries, members, number, now)
            if found:
                return by_phone(found, None, channels)
    whole_staff = everyone(members)
    with_fallback = tier is None or not whole_staff
    return by_phone(whole_staff, fallback_phone if with_fallback else None, channels)


def _of_also(
    also: Also,
    entries: Sequence[RotaEntry],
    members: Sequence[Member],
    fallback_phone: str | None,
    now: datetime,
) -> dict[str, Reach]:
    """Somebody by name; who has left is left out, since the step's tier never is nobody."""
    if also.username is None:
        return _of_tier(also.tier, also.channels, entries, members, fallback_phone, now)
    named = [member for member in everyone(members) if member.username == also.username]
    return by_phone(named, None, also.channels)


def by_phone(
    members: Sequence[Member], fallback_phone: str | None, channels: tuple[Channel, ...] = ()
) -> dict[str, Reach]:
    """Each number once, with the first who has it; one that takes no texts is called instead."""
    found: dict[str, Reach] = {}
    for member in members:
        if member.phone is not None:
            reached = channels if member.takes_texts else (Channel.VOICE,)
            found.setdefault(member.phone, Reach(Target(member.staff_id, member.phone), reached))
    if fallback_phone is not None:
        found.setdefault(fallback_phone, Reach(Target(None, fallback_phone), channels))
    return found
