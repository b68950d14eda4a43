"""A routine work item waits for noon of the next day on which somebody is there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.planning.office_hours import LateRule, OfficeHours, is_office_hours, noon_next_business_day, routine_due
from tests.planning.times import CHICAGO, ZONES, instants

THANKSGIVING = date(2026, 11, 26)
WEEK = {day: (time(8), time(17)) for day in range(5)}
LATE = LateRule(time(15), time(20))
HOURS = OfficeHours(CHICAGO, WEEK, frozenset({THANKSGIVING}))


@pytest.mark.parametrize(
    ("now", "noon"),
    [
        (datetime(2026, 3, 3, 10, tzinfo=CHICAGO), datetime(2026, 3, 4, 12, tzinfo=CHICAGO)),
        (datetime(2026, 3, 6, 16, tzinfo=CHICAGO), datetime(2026, 3, 9, 12, tzinfo=CHICAGO)),
        (datetime(2026, 10, 30, 16, tzinfo=CHICAGO), datetime(2026, 11, 2, 12, tzinfo=CHICAGO)),
        (datetime(2026, 11, 25, 16, tzinfo=CHICAGO), datetime(2026, 11, 27, 12, tzinfo=CHICAGO)),
        (datetime(2026, 3, 4, 4, tzinfo=UTC), datetime(2026, 3, 4, 12, tzinfo=CHICAGO)),
    ],
    ids=["next day", "over spring's change", "over autumn's change", "over Thanksgiving", "still the evening before"],
)
def test_a_work_item_is_due_at_noon_of_the_next_business_day(now: datetime, noon: datetime) -> None:
    assert noon_next_business_day(now, HOURS) == noon


def test_office_hours_end_and_holidays_have_none() -> None:
    assert is_office_hours(datetime(2026, 11, 25, 8, tzinfo=CHICAGO), HOURS)
    assert is_office_hours(datetime(2026, 11, 25, 16, 59, tzinfo=CHICAGO), HOURS)
    assert not is_office_hours(datetime(2026, 11, 25, 17, tzinfo=CHICAGO), HOURS)
    assert not is_office_hours(datetime(2026, 11, 26, 10, tzinfo=CHICAGO), HOURS)
    assert not is_office_hours(datetime(2026, 11, 28, 10, tzinfo=CHICAGO), HOURS)


def test_a_clinic_that_never_opens_still_gets_a_date() -> None:
    """A mistake in clinic.yaml may make an item late; it must not hang or lose it."""
    now = datetime(2026, 3, 3, 10, tzinfo=CHICAGO)
    assert noon_next_business_day(now, OfficeHours(CHICAGO, {}, frozenset())) > now


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 6, 14, 59, tzinfo=CHICAGO), datetime(2026, 3, 9, 12, tzinfo=CHICAGO)),
        (datetime(2026, 3, 6, 15, tzinfo=CHICAGO), datetime(2026, 3, 6, 20, tzinfo=CHICAGO)),
        (datetime(2026, 3, 6, 20, tzinfo=CHICAGO), datetime(2026, 3, 7, 12, tzinfo=CHICAGO)),
        (datetime(2026, 3, 5, 16, tzinfo=CHICAGO), datetime(2026, 3, 6, 12, tzinfo=CHICAGO)),
        (datetime(2026, 3, 7, 16, tzinfo=CHICAGO), datetime(2026, 3, 9, 12, tzinfo=CHICAGO)),
        (datetime(2026, 11, 25, 16, tzinfo=CHICAGO), datetime(2026, 11, 25, 20, tzinfo=CHICAGO)),
    ],
    ids=["Friday before three", "Friday at three", "Friday night", "Thursday", "Saturday", "before Thanksgiving"],
)
def test_what_comes_in_on_a_friday_afternoon_is_reviewed_that_evening(now: datetime, due: datetime) -> None:
    assert routine_due(now, HOURS, LATE) == due


@given(instants, st.sampled_from(ZONES))
def test_a_routine_item_never_waits_longer_than_the_next_noon_on_which_somebody_is_there(
    at: datetime, zone: ZoneInfo
) -> None:
    hours = OfficeHours(zone, WEEK, frozenset())
    assert at < routine_due(at, hours, LATE) <= noon_next_business_day(at, hours)


@given(instants, st.sampled_from(ZONES))
def test_it_is_noon_there_on_a_later_day_of_the_week(at: datetime, zone: ZoneInfo) -> None:
    noon = noon_next_business_day(at, OfficeHours(zone, WEEK, frozenset())).astimezone(zone)
    assert (noon.time(), noon.weekday() < 5) == (time(12), True)
    assert timedelta(days=1) <= noon.date() - at.astimezone(zone).date() <= timedelta(days=3)
