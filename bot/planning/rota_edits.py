"""Changes of a rota as values: adding, replacing and dropping one rule, taking a person out of all of them. It saves
nothing and warns of nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from bot.planning.on_call import RotaEntry
from bot.planning.rota import Change, Holiday, Override, Rota, Rotation
from bot.vocabulary import StaffId

Rule = RotaEntry | Rotation | Override | Holiday
RuleT = TypeVar("RuleT", RotaEntry, Rotation, Override, Holiday)
KEY_LENGTH = 16


def version_of(rota: Rota) -> str:
    """Changes with anything in it, whoever changed it and however; the order of the rules is none of it."""
    return sha256("".join(sorted(key_of(rule) for rule in rules_of(rota))).encode()).hexdigest()[:KEY_LENGTH]


def key_of(rule: Rule) -> str:
    """What a form calls a rule by; two equal rules are one."""
    return sha256(repr(rule).encode()).hexdigest()[:KEY_LENGTH]


def rules_of(rota: Rota) -> tuple[Rule, ...]:
    """Every rule of every kind."""
    return (*rota.entries, *rota.rotations, *rota.overrides, *rota.holidays)


def find_rule(rota: Rota, key: str) -> Rule | None:
    """The rule with that key."""
    return next((rule for rule in rules_of(rota) if key_of(rule) == key), None)


def with_rules(rota: Rota, *new: Rule) -> Rota:
    """These rules as well."""
    for rule in new:
        match rule:
            case RotaEntry():
                rota = replace(rota, entries=(*rota.entries, rule))
            case Rotation():
                rota = replace(rota, rotations=(*rota.rotations, rule))
            case Override():
                rota = replace(rota, overrides=(*rota.overrides, rule))
            case Holiday():
                rota = replace(rota, holidays=(*rota.holidays, rule))
    return rota


def without_rules(rota: Rota, keys: Collection[str]) -> Rota:
    """Everything but the rules with these keys."""

    def others(rules: Sequence[RuleT]) -> tuple[RuleT, ...]:
        return tuple(rule for rule in rules if key_of(rule) not in keys)

    return Rota(others(rota.entries), others(rota.rotations), others(rota.overrides), others(rota.holidays))


def members_of(rule: Rule) -> tuple[StaffId, ...]:
    """Whom the rule is about."""
    return rule.staff_ids if isinstance(rule, Rotation | Holiday) else (rule.staff_id,)


def without_member(rota: Rota, staff_id: StaffId, now: datetime) -> Rota:
    """The running turn stays whose it is, unless it is theirs; whoever comes after them steps up."""
    turns = [_step_up(turn, staff_id, now) if staff_id in turn.staff_ids else turn for turn in rota.rotations]
    days = [replace(h, staff_ids=tuple(i for i in h.staff_ids if i != staff_id)) for h in rota.holidays]
    return Rota(
        entries=tuple(entry for entry in rota.entries if entry.staff_id != staff_id),
        rotations=tuple(turn for turn in turns if turn.staff_ids),
        overrides=tuple(change for change in rota.overrides if change.staff_id != staff_id),
        holidays=tuple(holiday for holiday in days if holiday.staff_ids),
    )


def _step_up(turn: Rotation, staff_id: StaffId, now: datetime) -> Rotation:
    """A rotation without them, counted anew from the running turn: counted from its first one, everybody would move."""
    today = now.astimezone(turn.zone).date()
    number = max(0, (today - turn.from_on).days // turn.days)
    while number > 0 and turn.first(turn.from_on + timedelta(days=number * turn.days)) > now:
        number -= 1
    place = number % len(turn.staff_ids)
    order = turn.staff_ids[place:] + turn.staff_ids[:place]
    starts_on = turn.from_on + timedelta(days=number * turn.days)
    return replace(turn, staff_ids=tuple(i for i in order if i != staff_id), from_on=starts_on)


@dataclass(frozen=True, slots=True)
class Cover:
    """Overrides as people say them: `who` is on in place of `whom`; no `whom` is everybody else, no `who` nobody.

    `as_well` if nobody goes off for it.
    """

    who: StaffId | None
    whom: StaffId | None
    as_well: bool
    tier: int | None
    from_at: datetime
    to_at: datetime

    @property
    def overrides(self) -> tuple[Override, ...]:
        """The rules that say it."""
        found = []
        if self.who is not None:
            change = Change.ADD if self.as_well or self.whom is not None else Change.REPLACE
            found.append(Override(change, self.who, self.tier, self.from_at, self.to_at))
        if self.whom is not None:
            found.append(Override(Change.REMOVE, self.whom, self.tier, self.from_at, self.to_at))
        return tuple(found)


def covers_of(overrides: Sequence[Override]) -> list[Cover]:
    """The overrides as cover, the soonest first: who comes on and who goes off at the same times is one."""
    off = [o for o in overrides if o.change is Change.REMOVE]
    found = []
    for on in (o for o in overrides if o.change is not Change.REMOVE):
        pair = next((o for o in off if on.change is Change.ADD and _span(o) == _span(on)), None)
        if pair is not None:
            off.remove(pair)
        whom, as_well = None if pair is None else pair.staff_id, pair is None and on.change is Change.ADD
        found.append(Cover(on.staff_id, whom, as_well, *_span(on)))
    found += [Cover(None, o.staff_id, o.change is Change.ADD, *_span(o)) for o in off]
    return sorted(found, key=lambda cover: (cover.from_at, cover.tier or 0))


def _span(o: Override) -> tuple[int | None, datetime, datetime]:
    return o.tier, o.from_at, o.to_at
