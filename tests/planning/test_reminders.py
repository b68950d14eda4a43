"""Reminders: at other hours, never at night, never more than the protocol's list."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.content.protocols import Reminder
from bot.planning.reminders import NOT_BEFORE, next_reminder, reminder_number, reminder_times

CHICAGO = ZoneInfo("America/Chicago")
OPENS, CLOSES = time(9), time(20)
DAYS = (Reminder(after_hours=4.5), Reminder(day=1, at=time(16, 30)))
SENT = datetime(2026, 3, 3, 10, tzinfo=CHICAGO).astimezone(UTC)


def times(sent: datetime = SENT) -> tuple[datetime | None, ...]:
    return reminder_times(sent, CHICAGO, DAYS, OPENS, CLOSES)


def test_the_same_day_and_the_next_at_another_hour() -> None:
    local = [at.astimezone(CHICAGO).strftime("%d %H:%M") for at in times() if at]
    assert local == ["03 14:30", "04 16:30"]


def test_one_that_would_fall_into_the_evening_is_left_out() -> None:
    late = datetime(2026, 3, 3, 17, tzinfo=CHICAGO).astimezone(UTC)
    assert times(late)[0] is None


def test_whoever_has_just_answered_is_not_reminded_at_once() -> None:
    first, second = times()
    assert first is not None
    assert next_reminder(times(), first - timedelta(minutes=10)) == second


def test_each_is_known_by_its_number_and_anything_else_is_none() -> None:
    first, second = times()
    assert first is not None
    assert second is not None
    assert (reminder_number(times(), first), reminder_number(times(), second)) == (1, 2)
    assert reminder_number(times(), first + timedelta(seconds=1)) is None


@given(st.integers(0, 365 * 24 * 60), st.integers(0, 200))
def test_no_reminder_ever_leaves_in_quiet_hours_or_more_often_than_listed(later: int, minutes: int) -> None:
    """Over daylight saving, at any hour: follow the reminders to their end."""
    sent = SENT + timedelta(minutes=later)
    listed, now, given_out = times(sent), sent + timedelta(minutes=minutes), 0
    while (due := next_reminder(listed, now)) is not None:
        assert OPENS <= due.astimezone(CHICAGO).time() < CLOSES
        assert due >= now + NOT_BEFORE
        now, given_out = due, given_out + 1
    assert given_out <= len(DAYS)
