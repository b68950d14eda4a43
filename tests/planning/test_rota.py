"""Rotations keep their wall clock through five years of many zones; overrides, holidays and gaps are exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.planning.gaps import LOOK_AHEAD, find_gaps, shifts_ahead, uncovered_holidays
from bot.planning.on_call import Member, RotaEntry
from bot.planning.rota import Change, Holiday, Override, Rota, Rotation, duty_at, last_instant
from bot.vocabulary import Role, StaffId
from tests.planning.times import CHICAGO, ZONES, instants, walls

KIM, LEE, SAM = (StaffId(UUID(int=n)) for n in (1, 2, 3))
STAFF = tuple(Member(staff_id, Role.NURSE, f"+1913555019{n}") for n, staff_id in enumerate((KIM, LEE, SAM)))
MONDAY = date(2025, 1, 6)
WEEKLY = Rotation(1, (KIM, LEE), 7, time(8), CHICAGO, MONDAY)

rotations = st.builds(
    Rotation,
    st.integers(1, 2),
    st.lists(st.sampled_from([KIM, LEE, SAM]), min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from([1, 7]),
    walls,
    st.sampled_from(ZONES),
    st.integers(0, 400).map(lambda n: MONDAY + timedelta(days=n)),
    st.none() | st.integers(401, 1500).map(lambda n: MONDAY + timedelta(days=n)),
)
overrides = st.builds(
    lambda change, who, tier, at, hours: Override(change, who, tier, at, at + timedelta(hours=hours)),
    st.sampled_from(Change), st.sampled_from([KIM, LEE, SAM]), st.integers(1, 2), instants, st.integers(1, 400),
)  # by rows, not an item a line  # fmt: skip
holidays = st.builds(
    Holiday,
    st.integers(1, 2),
    st.just((SAM,)),
    st.integers(0, 1800).map(lambda n: MONDAY + timedelta(days=n)),
    st.sampled_from(ZONES),
)
rotas = st.builds(
    lambda r, o, h: Rota((), tuple(r), tuple(o), tuple(h)),
    st.lists(rotations, max_size=2),
    st.lists(overrides, max_size=3),
    st.lists(holidays, max_size=2),
)


def at(local: str, zone: ZoneInfo = CHICAGO) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)


def who(rota: Rota, when: datetime, tier: int = 1) -> list[StaffId]:
    return [entry.staff_id for entry in duty_at(rota, when) if entry.tier == tier]


def test_a_weekly_rotation_hands_over_on_its_weekday_at_its_hour() -> None:
    rota = Rota(rotations=(WEEKLY,))
    assert who(rota, at("2025-01-06 07:59")) == []
    assert who(rota, at("2025-01-06 08:00")) == [KIM]
    assert who(rota, at("2025-01-13 07:59")) == [KIM]
    assert who(rota, at("2025-01-13 08:00")) == [LEE]


@pytest.mark.parametrize("on", ["2026-03-08", "2026-11-01"], ids=["spring", "autumn"])
def test_a_night_on_which_the_clocks_change_is_still_handed_over_at_eight(on: str) -> None:
    """Adding 168 hours would be an hour off (RELIABILITY.md 2, rows 7 to 9)."""
    rota = Rota(rotations=(replace(WEEKLY, from_on=date.fromisoformat(on) - timedelta(days=7)),))
    assert who(rota, at(f"{on} 07:59")) == [KIM]
    assert who(rota, at(f"{on} 08:00")) == [LEE]


def test_a_hand_over_in_the_hour_that_comes_twice_overlaps() -> None:
    """Half past one on November 1st: the next one starts at the first, the one before ends with the last."""
    daily = Rotation(1, (KIM, LEE), 1, time(1, 30), CHICAGO, date(2026, 10, 31))
    rota = Rota(rotations=(daily,))
    first, last = at("2026-11-01 01:30"), last_instant(date(2026, 11, 1), time(1, 30), CHICAGO)
    assert last - first == timedelta(hours=1)
    assert who(rota, first - timedelta(seconds=1)) == [KIM]
    assert set(who(rota, first)) == {KIM, LEE}
    assert who(rota, last) == [LEE]


def test_a_hand_over_in_the_hour_that_is_left_out_happens_when_the_clocks_jump() -> None:
    daily = Rotation(1, (KIM, LEE), 1, time(2, 30), CHICAGO, date(2026, 3, 7))
    rota, jump = Rota(rotations=(daily,)), at("2026-03-08 03:00")
    assert who(rota, jump - timedelta(seconds=1)) == [KIM]
    assert who(rota, jump) == [LEE]


def test_overrides_add_replace_and_remove_and_holidays_swap() -> None:
    start, end = at("2025-01-08 00:00"), at("2025-01-09 00:00")
    for change, expected in ((Change.ADD, [KIM, SAM]), (Change.REPLACE, [SAM]), (Change.REMOVE, [KIM])):
        rota = Rota(rotations=(WEEKLY,), overrides=(Override(change, SAM, 1, start, end),))
        assert who(rota, start) == expected
        assert who(rota, end) == [KIM]
    gone = Rota(rotations=(WEEKLY,), overrides=(Override(Change.REMOVE, KIM, None, start, end),))
    assert who(gone, start) == []
    feast = Rota(rotations=(WEEKLY,), holidays=(Holiday(1, (SAM,), date(2025, 1, 8), CHICAGO),))
    assert [who(feast, when) for when in (start - timedelta(seconds=1), start, end)] == [[KIM], [SAM], [KIM]]


@given(rotations, instants)
def test_somebody_has_every_instant_of_a_rotation_and_two_only_where_the_clock_repeats(
    rotation: Rotation, when: datetime
) -> None:
    rotation = replace(rotation, to_on=None)
    holders = list(rotation.holders(when))
    started = rotation.first(rotation.from_on) <= when
    assert bool(holders) == started
    if len(holders) > 1:
        local = when.astimezone(rotation.zone)
        nights = (local.date(), local.date() - timedelta(days=1))
        spans = [(rotation.first(on), rotation.last(on)) for on in nights]
        assert any(first <= when < last for first, last in spans)


@given(rotations, st.integers(1, 1700))
def test_each_turn_starts_at_its_wall_clock_with_the_next_in_the_row(rotation: Rotation, number: int) -> None:
    rotation = replace(rotation, to_on=None)
    on = rotation.from_on + timedelta(days=number * rotation.days)
    start = rotation.first(on)
    people = rotation.staff_ids
    assert people[number % len(people)] in rotation.holders(start)
    assert set(rotation.holders(start - timedelta(seconds=1))) == {people[(number - 1) % len(people)]}


@given(rotas, instants, st.lists(st.floats(0, 0.999), max_size=20))
def test_the_shifts_ahead_say_of_every_instant_what_is_computed_at_that_instant(
    rota: Rota, now: datetime, places: list[float]
) -> None:
    """And so a gap that is shown is one, and one that is not shown is none."""
    for tier in (1, 2):
        shifts = shifts_ahead(rota, STAFF, tier, now)
        assert (shifts[0].from_at, shifts[-1].to_at) == (now, now + LOOK_AHEAD)
        assert all(a.to_at == b.from_at for a, b in pairwise(shifts))
        for place in places:
            when = now + LOOK_AHEAD * place
            (shift,) = [s for s in shifts if s.from_at <= when < s.to_at]
            assert set(shift.staff_ids) == set(who(rota, when, tier))


def test_a_gap_is_found_where_the_only_one_left_is_disabled() -> None:
    entry = RotaEntry(KIM, 1, None, at("2025-01-20 08:00"))
    rota, now = Rota((entry,)), at("2025-01-10 12:00")
    (gap,) = find_gaps(rota, STAFF, (1,), now)
    assert (gap.from_at, gap.to_at) == (at("2025-01-20 08:00"), now + LOOK_AHEAD)
    disabled = (replace(STAFF[0], disabled=True), *STAFF[1:])
    (gap,) = find_gaps(rota, disabled, (1,), now)
    assert (gap.from_at, gap.to_at) == (now, now + LOOK_AHEAD)
    assert [gap.tier for gap in find_gaps(Rota(), STAFF, (1, 2), now)] == [1, 2]


def test_a_holiday_without_a_name_is_told_two_weeks_ahead() -> None:
    feast = date(2025, 1, 20)
    named = Rota(holidays=(Holiday(1, (SAM,), feast, CHICAGO),))
    assert uncovered_holidays(Rota(), {feast}, at("2025-01-06 12:00"), CHICAGO) == [feast]
    assert uncovered_holidays(Rota(), {feast}, at("2025-01-05 12:00"), CHICAGO) == []
    assert uncovered_holidays(named, {feast}, at("2025-01-06 12:00"), CHICAGO) == []
