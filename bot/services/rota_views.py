"""What the pages about being on call show: the calendar, the rules behind it, and how far each test page got; it writes
nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.planning.duty_days import DutyDay, plan_duty_days
from bot.planning.gaps import LOOK_AHEAD, Shift
from bot.planning.on_call import RotaEntry
from bot.planning.rota import Holiday, Rota, Rotation
from bot.planning.rota_edits import Cover, covers_of, key_of, version_of
from bot.runtime import Runtime
from bot.services.numbers import Proof, list_proofs
from bot.services.rota import Ahead, look_at, paged_tiers
from bot.services.testing import Newest, newest_checks
from bot.storage.database import Tx
from bot.storage.rota import get_rota
from bot.storage.staff import StaffMember, list_staff
from bot.vocabulary import StaffId

DAYS_SHOWN = 14
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """Two weeks from `first` on; `ahead` is always the next two weeks."""

    first: date
    today: date
    days: list[DutyDay]
    tiers: tuple[int, ...]
    ahead: Ahead
    now_on: list[Shift]
    seen_until: datetime
    holidays: dict[date, str]
    numbers: list[tuple[Proof, list[Newest]]]

    @property
    def earlier(self) -> date:
        return self.first - timedelta(days=DAYS_SHOWN)

    @property
    def later(self) -> date:
        return self.first + timedelta(days=DAYS_SHOWN)


def calendar_page(rt: Runtime, wanted: date | None) -> CalendarPage:
    """Who is on call; without a day from today on, and never further away than a year."""
    now, clinic = rt.now(), rt.content.clinic
    today = now.astimezone(clinic.zone).date()
    first = min(max(wanted or today, today - FURTHEST), today + FURTHEST)
    with rt.database.begin() as tx:
        rota, staff = get_rota(tx), list_staff(tx)
        tiers = tuple(sorted({*paged_tiers(rt), *rota.tiers}))
        ahead = look_at(tx, rt, rota, now)
        members = [person.member for person in staff]
        proofs = list_proofs(tx, now)
        newest = newest_checks(tx, [proof.person for proof in proofs], now)
        return CalendarPage(
            first=first,
            today=today,
            days=plan_duty_days(rota, members, tiers, first, DAYS_SHOWN, clinic.zone),
            tiers=tiers,
            ahead=ahead,
            now_on=[shift for shift in ahead.shifts if shift.from_at <= now < shift.to_at],
            seen_until=now + LOOK_AHEAD,
            holidays=clinic.holiday_names((first.year, first.year + 1)),
            numbers=[(proof, newest[proof.person.id]) for proof in proofs],
        )


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The rules as they stand, those that are over left out; `people` are those who can be paged."""

    version: str
    rotations: list[Rotation]
    lines: list[RotaEntry]
    covers: list[Cover]
    holidays: list[Holiday]
    people: list[StaffMember]
    names: dict[StaffId, str]
    tiers: tuple[int, ...]
    ahead: Ahead


def rules_page(rt: Runtime) -> RulesPage:
    """What the pages that change the rota start from."""
    with rt.database.begin() as tx:
        return rules_in(tx, rt, rt.now())


def rules_in(tx: Tx, rt: Runtime, now: datetime) -> RulesPage:
    """The same in a transaction that is open already."""
    rota, staff = get_rota(tx), list_staff(tx)
    return RulesPage(
        version=version_of(rota),
        rotations=sorted(rota.rotations, key=lambda turn: (turn.tier, turn.from_on, key_of(turn))),
        lines=sorted((e for e in rota.entries if _is_to_come(e, now)), key=lambda e: (e.tier, key_of(e))),
        covers=covers_of([o for o in rota.overrides if o.to_at > now]),
        holidays=sorted((h for h in rota.holidays if h.to_at > now), key=lambda h: (h.on, h.tier)),
        people=_reachable(staff),
        names={person.id: person.name for person in staff},
        tiers=tuple(sorted({*paged_tiers(rt), *rota.tiers})),
        ahead=look_at(tx, rt, rota, now),
    )


def find_rotation(rt: Runtime, key: str) -> Rotation | None:
    """The rotation that a form was opened for."""
    with rt.database.begin() as tx:
        return _find(get_rota(tx), key)


def _find(rota: Rota, key: str) -> Rotation | None:
    return next((turn for turn in rota.rotations if key_of(turn) == key), None)


def _is_to_come(entry: RotaEntry, now: datetime) -> bool:
    return entry.to_at is None or entry.to_at > now


def _reachable(staff: Sequence[StaffMember]) -> list[StaffMember]:
    return sorted((p for p in staff if p.member.can_be_paged), key=lambda person: person.name.casefold())
