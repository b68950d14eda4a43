"""Check-ins keep their hour at the patient's wall clock, in any zone, over five years."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.planning.check_ins import CheckInRule, instant, is_too_late, plan_check_ins
from tests.planning.times import CHICAGO, PHOENIX, ZONES, instants, walls

RULES = tuple(CheckInRule(f"day_{d}", d, time(10), time(20)) for d in (1, 5, 14, 28, 42, 84))


@given(instants, st.sampled_from(ZONES))
def test_every_check_in_is_due_at_ten_local_on_its_calendar_day(procedure_at: datetime, zone: ZoneInfo) -> None:
    """Counted in local days, across every change of the clocks."""
    start = procedure_at.astimezone(zone).date()
    for rule, planned in zip(RULES, plan_check_ins(procedure_at, zone, RULES, procedure_at), strict=True):
        local = planned.due_at.astimezone(zone)
        assert (local.date(), local.time()) == (start + timedelta(days=rule.day), time(10))
        assert planned.closes_at.astimezone(zone).time() == time(20)
        assert planned.due_at.tzinfo is UTC
        assert not planned.skipped


@pytest.mark.parametrize(
    ("zone", "injected_on", "utc_hour"),
    [
        ("America/Chicago", date(2026, 3, 7), 15),
        ("America/New_York", date(2026, 3, 7), 14),
        ("America/Los_Angeles", date(2026, 3, 7), 17),
        ("America/Phoenix", date(2026, 3, 7), 17),
        ("America/Chicago", date(2026, 10, 31), 16),
        ("America/New_York", date(2026, 10, 31), 15),
        ("America/Los_Angeles", date(2026, 10, 31), 18),
        ("America/Phoenix", date(2026, 10, 31), 17),
        ("America/Puerto_Rico", date(2026, 10, 31), 14),
    ],
)
def test_the_days_on_which_the_clocks_change_in_2026(zone: str, injected_on: date, utc_hour: int) -> None:
    """Mar 8 and Nov 1 are Sundays: the check-in of day 1 goes out, at ten by the patient's new time."""
    injected = datetime.combine(injected_on, time(9), tzinfo=ZoneInfo(zone))
    next_day = injected_on + timedelta(days=1)
    due_at = plan_check_ins(injected, ZoneInfo(zone), RULES, injected)[0].due_at
    assert due_at == datetime.combine(next_day, time(utc_hour), tzinfo=UTC)


def test_a_procedure_late_in_the_evening_counts_from_its_local_date() -> None:
    """At 19:30 in Chicago it is tomorrow in UTC, yet day 1 is the patient's tomorrow."""
    injected = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)
    assert plan_check_ins(injected, CHICAGO, RULES, injected)[0].due_at == datetime(2026, 3, 3, 16, tzinfo=UTC)


def test_a_day_that_is_over_is_skipped_and_a_late_one_is_not() -> None:
    """Enrolled on day 5 at noon: day 1 is skipped, day 5 may still leave."""
    injected = datetime(2026, 3, 2, 9, 30, tzinfo=CHICAGO)
    planned = plan_check_ins(injected, CHICAGO, RULES, datetime(2026, 3, 7, 12, tzinfo=CHICAGO))
    assert [p.skipped for p in planned] == [True, False, False, False, False, False]


def test_eight_in_the_evening_is_too_late_and_a_moment_before_is_not() -> None:
    closes_at = datetime(2026, 3, 3, 20, tzinfo=CHICAGO)
    assert is_too_late(closes_at, closes_at)
    assert not is_too_late(closes_at, closes_at - timedelta(microseconds=1))


@pytest.mark.parametrize("wall", [time(2), time(2, 0, 1), time(2, 30), time(2, 59, 59), time(3)])
def test_an_hour_that_does_not_exist_is_the_instant_after_it(wall: time) -> None:
    """On Mar 8 no clock in Chicago shows 2:30: the first instant after the gap, 3:00 CDT. Phoenix shows it."""
    assert instant(date(2026, 3, 8), wall, CHICAGO) == datetime(2026, 3, 8, 8, tzinfo=UTC)
    assert instant(date(2026, 3, 8), wall, PHOENIX).astimezone(PHOENIX).time() == wall


def test_half_an_hour_that_does_not_exist_on_lord_howe() -> None:
    """Its clocks go forward by thirty minutes, from 2:00 to 2:30 on 2026-10-04."""
    there = ZoneInfo("Australia/Lord_Howe")
    assert instant(date(2026, 10, 4), time(2, 10), there) == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_the_first_one() -> None:
    assert instant(date(2026, 11, 1), time(1, 30), CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert instant(date(2026, 11, 1), time(1, 30, fold=1), CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@given(instants, st.sampled_from(ZONES), walls, walls)
def test_a_later_wall_clock_is_never_an_earlier_instant(at: datetime, zone: ZoneInfo, one: time, two: time) -> None:
    """So a check-in closes after it is due, whatever hours a protocol names on whatever day."""
    on = at.astimezone(zone).date()
    first, second = sorted((one, two))
    assert instant(on, first, zone) <= instant(on, second, zone)
