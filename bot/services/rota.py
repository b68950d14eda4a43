"""Sets the whole on-call rota and looks two weeks ahead for whom it leaves out; sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.exchange.enrolment import InputError, RotaIn
from bot.exchange.rota import WEEKDAYS, HolidayIn, OverrideIn, RotationIn, WholeRotaIn
from bot.planning.gaps import Shift, find_gaps, shifts_ahead, uncovered_holidays
from bot.planning.on_call import RotaEntry
from bot.planning.rota import Change, Holiday, Override, Rota, Rotation
from bot.runtime import Runtime
from bot.storage.audit import note
from bot.storage.database import Tx
from bot.storage.rota import get_rota, lock_rota, replace_rota
from bot.storage.staff import StaffMember, list_staff
from bot.vocabulary import StaffId


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next two weeks: who has which tier, where nobody does, and holidays for which nobody is named."""

    shifts: tuple[Shift, ...]
    gaps: tuple[Shift, ...]
    holidays: tuple[date, ...]
    names: dict[StaffId, str]


def set_rota(rt: Runtime, wanted: WholeRotaIn, by: str, *, refuse_gaps: bool = False) -> Ahead:
    """Puts the rota in place of the old one, and says what it leaves open.

    :raises InputError: a username that nobody has, somebody who may not be paged, bounds the wrong way round, or
        (with `refuse_gaps`) a gap.
    """
    now = rt.now()
    with rt.database.begin() as tx:
        lock_rota(tx)
        new = _read(wanted, {person.username: person for person in list_staff(tx)}, rt.content.clinic.zone)
        replace_rota(tx, new)
        note(tx, who=by, did="set_rota", now=now, about=str(len(new.entries) + len(new.rotations)))
        ahead = look_at(tx, rt, new, now)
        if refuse_gaps and ahead.gaps:
            raise InputError(f"the rota has a gap and is not saved: {say_gap(ahead.gaps[0], rt.content.clinic.zone)}")
        return ahead


def look_ahead(rt: Runtime) -> Ahead:
    """The rota as it stands, two weeks ahead."""
    with rt.database.begin() as tx:
        return look_at(tx, rt, get_rota(tx), rt.now())


def say_gap(gap: Shift, zone: ZoneInfo) -> str:
    """A gap in one line, on the clinic's wall clock."""
    from_at, to_at = gap.from_at.astimezone(zone), gap.to_at.astimezone(zone)
    return f"tier {gap.tier} has nobody from {from_at:%Y-%m-%d %H:%M} to {to_at:%Y-%m-%d %H:%M}"


def paged_tiers(rt: Runtime) -> tuple[int, ...]:
    """The tiers that the policies of config/escalation.yaml name."""
    steps = [step for policy in rt.content.escalation.policies.values() for step in policy.steps]
    return tuple(sorted({step.tier for step in steps if step.tier is not None}))


def look_at(tx: Tx, rt: Runtime, rota: Rota, now: datetime) -> Ahead:
    """This rota, two weeks ahead."""
    staff = list_staff(tx)
    members = [person.member for person in staff]
    clinic, tiers = rt.content.clinic, paged_tiers(rt)
    closed = clinic.closed_days((now.year, now.year + 1))
    return Ahead(
        shifts=tuple(shift for tier in tiers for shift in shifts_ahead(rota, members, tier, now)),
        gaps=tuple(find_gaps(rota, members, tiers, now)),
        holidays=tuple(uncovered_holidays(rota, closed, now, clinic.zone)),
        names={person.id: person.name for person in staff},
    )


def _read(wanted: WholeRotaIn, staff: dict[str, StaffMember], zone: ZoneInfo) -> Rota:
    return Rota(
        entries=tuple(_entry(line, staff, n, len(wanted.entries)) for n, line in enumerate(wanted.entries, 1)),
        rotations=tuple(_rotation(one, staff, zone) for one in wanted.rotations),
        overrides=tuple(_override(one, staff) for one in wanted.overrides),
        holidays=tuple(_holiday(one, staff, zone) for one in wanted.holidays),
    )


def _entry(line: RotaIn, staff: dict[str, StaffMember], number: int, count: int) -> RotaEntry:
    where = f"item {number}: " if count > 1 else ""
    if line.from_at and line.to_at and line.from_at >= line.to_at:
        raise InputError(f"{where}to: lies before from")
    return RotaEntry(_find(staff, line.username, where), line.tier, line.from_at, line.to_at)


def _rotation(one: RotationIn, staff: dict[str, StaffMember], zone: ZoneInfo) -> Rotation:
    from_on = one.from_on
    if one.weekday is not None:
        from_on += timedelta(days=(WEEKDAYS.index(one.weekday) - from_on.weekday()) % 7)
    return Rotation(
        tier=one.tier,
        staff_ids=_find_all(staff, one.usernames, "rotations: "),
        days=7 if one.every == "week" else 1,
        hands_over_at=one.hand_over_at,
        zone=zone if one.time_zone is None else ZoneInfo(one.time_zone),
        from_on=from_on,
        to_on=one.to_on,
    )


def _override(one: OverrideIn, staff: dict[str, StaffMember]) -> Override:
    staff_id = _find(staff, one.username, "overrides: ")
    return Override(Change(one.change), staff_id, one.tier, one.from_at, one.to_at)


def _holiday(one: HolidayIn, staff: dict[str, StaffMember], zone: ZoneInfo) -> Holiday:
    their_zone = zone if one.time_zone is None else ZoneInfo(one.time_zone)
    return Holiday(one.tier, _find_all(staff, one.usernames, "holidays: "), one.on, their_zone)


def _find_all(staff: dict[str, StaffMember], usernames: Sequence[str], where: str) -> tuple[StaffId, ...]:
    return tuple(_find(staff, username, where) for username in usernames)


def _find(staff: dict[str, StaffMember], username: str, where: str) -> StaffId:
    person = staff.get(username)
    if person is None:
        raise InputError(f"{where}username: nobody is called {username!r}. Add them with: staff add")
    if not person.role.may_be_paged or person.phone is None:
        raise InputError(f"{where}username: {username!r} has no phone, or a role that is not paged")
    return person.id
