"""Check-ins keep their hour at the patient's wall clock, in any zone, over five years."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.planning.check_ins import CheckInRule, plan_check_ins
from bot.planning.office_hours import OfficeHours, is_office_hours, noon_next_business_day
from bot.planning.quiet_hours import next_allowed
from bot.planning.retries import next_retry

ZONES = [ZoneInfo(name) for name in (
    "America/Chicago", "America/New_York", "America/Phoenix", "America/St_Johns", "Pacific/Honolulu",
    "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata", "America/Puerto_Rico",
)]  # fmt: skip
RULES = tuple(CheckInRule(f"day_{d}", d, time(10), time(20)) for d in (1, 5, 14, 28, 42, 84))
CHICAGO = ZoneInfo("America/Chicago")
YEAR_2025 = datetime(2025, 1, 1, tzinfo=UTC)
instants = st.integers(0, 5 * 365 * 24 * 3600).map(lambda s: YEAR_2025 + timedelta(seconds=s))


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
    ("injected", "utc"),
    [
        (datetime(2026, 3, 7, 9, tzinfo=CHICAGO), datetime(2026, 3, 8, 15, tzinfo=UTC)),
        (datetime(2026, 10, 31, 9, tzinfo=CHICAGO), datetime(2026, 11, 1, 16, tzinfo=UTC)),
        (datetime(2026, 3, 7, 9, tzinfo=ZoneInfo("America/Phoenix")), datetime(2026, 3, 8, 17, tzinfo=UTC)),
    ],
    ids=["spring", "autumn", "no change in Phoenix"],
)
def test_the_days_on_which_the_clocks_change_in_2026(injected: datetime, utc: datetime) -> None:
    zone = injected.tzinfo
    assert isinstance(zone, ZoneInfo)
    assert plan_check_ins(injected, zone, RULES, injected)[0].due_at == utc


def test_a_day_that_is_over_is_skipped_and_a_late_one_is_not() -> None:
    """Enrolled on day 5 at noon: day 1 is skipped, day 5 may still leave."""
    injected = datetime(2026, 3, 2, 9, 30, tzinfo=CHICAGO)
    planned = plan_check_ins(injected, CHICAGO, RULES, datetime(2026, 3, 7, 12, tzinfo=CHICAGO))
    assert [p.skipped for p in planned] == [True, False, False, False, False, False]


@given(instants, st.sampled_from(ZONES))
def test_nothing_starts_in_quiet_hours(at: datetime, zone: ZoneInfo) -> None:
    """At once if it may, else at the next opening, never more than a day and an hour later."""
    allowed = next_allowed(at, zone, time(9), time(20))
    assert allowed >= at
    assert time(9) <= allowed.astimezone(zone).time() < time(20)
    assert allowed - at <= timedelta(hours=15)


HOURS = OfficeHours(CHICAGO, {day: (time(8), time(17)) for day in range(5)}, frozenset({date(2026, 11, 26)}))


@pytest.mark.parametrize(
    ("now", "noon"),
    [
        (datetime(2026, 3, 3, 10, tzinfo=CHICAGO), datetime(2026, 3, 4, 12, tzinfo=CHICAGO)),
        (datetime(2026, 3, 6, 16, tzinfo=CHICAGO), datetime(2026, 3, 9, 12, tzinfo=CHICAGO)),
        (datetime(2026, 11, 25, 16, tzinfo=CHICAGO), datetime(2026, 11, 27, 12, tzinfo=CHICAGO)),
    ],
    ids=["next day", "over the weekend and the clocks", "over Thanksgiving"],
)
def test_a_work_item_is_due_at_noon_of_the_next_business_day(now: datetime, noon: datetime) -> None:
    assert noon_next_business_day(now, HOURS) == noon


def test_office_hours_end_and_holidays_have_none() -> None:
    assert is_office_hours(datetime(2026, 11, 25, 16, 59, tzinfo=CHICAGO), HOURS)
    assert not is_office_hours(datetime(2026, 11, 25, 17, tzinfo=CHICAGO), HOURS)
    assert not is_office_hours(datetime(2026, 11, 26, 10, tzinfo=CHICAGO), HOURS)
    assert not is_office_hours(datetime(2026, 11, 28, 10, tzinfo=CHICAGO), HOURS)


@given(st.integers(1, 60), st.floats(0, 0.999))
def test_retries_come_soon_then_less_often_and_stop_at_the_deadline(attempts: int, jitter: float) -> None:
    """A deadline, not a count; never later than 20 s, so that a provider that is back is noticed."""
    now = datetime(2026, 3, 3, tzinfo=UTC)
    at = next_retry(now, attempts, now + timedelta(hours=4), now, jitter)
    assert at is not None
    assert timedelta(seconds=0.4) <= at - now <= timedelta(seconds=20)
    assert next_retry(now, attempts, now, now, jitter) is None
