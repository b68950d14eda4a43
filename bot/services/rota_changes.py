"""Changes one rule of the rota at a time: all or nothing, never over somebody else's change, and never into a gap that
nobody was told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.exchange.enrolment import InputError
from bot.planning.gaps import LOOK_AHEAD, Shift, find_gaps, opened_gaps
from bot.planning.on_call import Member
from bot.planning.rota import Change, Override, Rota
from bot.planning.rota_edits import Rule, covers_of, find_rule, members_of, version_of, with_rules, without_rules
from bot.runtime import Runtime
from bot.services.rota import Ahead, look_at, paged_tiers
from bot.storage.audit import find_last, note
from bot.storage.database import Tx
from bot.storage.rota import get_rota, lock_rota, replace_rota
from bot.storage.staff import StaffMember, list_staff
from bot.vocabulary import Role

DEED = "changed_rota"
DEEDS = (DEED, "set_rota", "took_off_rota")
MAY_EDIT = (Role.ADMIN, Role.CLINICIAN)
LONGEST_LOOK = timedelta(days=366)


class RotaMoved(Exception):
    """Somebody saved after the form was opened: nothing is changed. `by` and `at` say who and when, if it is known."""

    def __init__(self, by: str | None, at: datetime | None) -> None:
        super().__init__("the rota has been changed in the meantime")
        self.by, self.at = by, at


class LeavesGap(Exception):
    """The change would leave these tiers to nobody, and that was not agreed to: nothing is changed."""

    def __init__(self, gaps: Sequence[Shift]) -> None:
        super().__init__("the change leaves a gap")
        self.gaps = tuple(gaps)


@dataclass(frozen=True, slots=True)
class RotaChange:
    """What a form asks for: drop the rules with these keys, then add these; all or nothing.

    `version` is that of the rota on which the form was shown; `about` names the kind of rule, for the audit.
    """

    version: str
    about: str
    drops: tuple[str, ...] = ()
    adds: tuple[Rule, ...] = ()
    accepts_gaps: bool = False


def change_rota(rt: Runtime, wanted: RotaChange, by: StaffMember) -> Ahead:
    """Saves the change and looks two weeks ahead.

    :raises InputError: not theirs to change, a rule that is not there, somebody who cannot be paged.
    :raises RotaMoved: somebody was first.
    :raises LeavesGap: a new gap that was not agreed to.
    """
    now = rt.now()
    with rt.database.begin() as tx:
        lock_rota(tx)
        old, members = get_rota(tx), [person.member for person in list_staff(tx)]
        if version_of(old) != wanted.version:
            raise _moved(tx)
        _check_theirs(old, wanted, by)
        _check_people(wanted.adds, members)
        new = with_rules(without_rules(old, wanted.drops), *wanted.adds)
        if not wanted.accepts_gaps or by.role not in MAY_EDIT:
            refuse_new_gaps(rt, now, (old, members), (new, members))
        replace_rota(tx, new)
        note(tx, who=by.username, did=DEED, now=now, about=wanted.about)
        return look_at(tx, rt, new, now)


def refuse_new_gaps(
    rt: Runtime, now: datetime, before: tuple[Rota, Sequence[Member]], after: tuple[Rota, Sequence[Member]]
) -> None:
    """Compares rota and staff before and after a change, two weeks ahead or as far as its last override or holiday.

    :raises LeavesGap: what is a gap then and was none before.
    """
    tiers, until = paged_tiers(rt), _until(now, before[0], after[0])
    opened = opened_gaps(find_gaps(*before, tiers, now, until), find_gaps(*after, tiers, now, until))
    if opened:
        raise LeavesGap(sorted(opened, key=lambda gap: (gap.from_at, gap.tier)))


def _until(now: datetime, *rotas: Rota) -> datetime:
    ends = [override.to_at for rota in rotas for override in rota.overrides]
    ends += [holiday.to_at for rota in rotas for holiday in rota.holidays]
    ends += [entry.to_at for rota in rotas for entry in rota.entries if entry.to_at is not None]
    return min(max([now + LOOK_AHEAD, *ends]), now + LONGEST_LOOK)


def _moved(tx: Tx) -> RotaMoved:
    last = find_last(tx, DEEDS)
    return RotaMoved(None if last is None else last.who, None if last is None else last.at)


def _check_theirs(old: Rota, wanted: RotaChange, by: StaffMember) -> None:
    """Admins and clinicians change everything; others who are paged may only take cover on themselves, or give back
    what they took."""
    dropped = [find_rule(old, key) for key in wanted.drops]
    if None in dropped:
        raise InputError("That rule is not on the rota any more. Nothing was changed.")
    added = [rule for rule in wanted.adds if isinstance(rule, Override)]
    given_back = [rule for rule in dropped if isinstance(rule, Override)]
    whole = covers_of(old.overrides)  # half a cover would leave somebody else on or off
    covers = [*covers_of(added), *covers_of(given_back)]
    is_theirs = len(added) + len(given_back) == len(wanted.adds) + len(dropped)
    is_theirs &= all(cover.who == by.id for cover in covers) and all(c in whole for c in covers_of(given_back))
    if by.role not in MAY_EDIT and not (is_theirs and by.role.may_be_paged):
        raise InputError("You can enter cover that you take yourself. Ask an admin or a clinician for anything else.")


def _check_people(rules: Sequence[Rule], members: Sequence[Member]) -> None:
    reachable = {member.staff_id for member in members if member.can_be_paged}
    for rule in rules:
        named = members_of(rule)
        if isinstance(rule, Override) and rule.change is Change.REMOVE:
            continue  # somebody who cannot be paged may well be taken off
        if not set(named) <= reachable:
            raise InputError("Choose people who can be paged: nurses, clinicians and admins with a number.")
