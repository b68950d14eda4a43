"""The bot does not start to talk at night, and a message held back leaves at the next opening."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.planning.quiet_hours import next_allowed
from tests.planning.times import CHICAGO, ZONES, instants

OPENS, CLOSES = time(9), time(20)


def test_by_day_it_is_now() -> None:
    noon = datetime(2026, 3, 3, 18, tzinfo=UTC)
    assert next_allowed(noon, CHICAGO, OPENS, CLOSES) == noon


def test_the_opening_is_inside_and_the_close_is_outside() -> None:
    opening = datetime(2026, 3, 3, 9, tzinfo=CHICAGO)
    assert next_allowed(opening, CHICAGO, OPENS, CLOSES) == opening
    close = datetime(2026, 3, 3, 20, tzinfo=CHICAGO)
    assert next_allowed(close, CHICAGO, OPENS, CLOSES) == opening + timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "utc_hour"), [(date(2026, 3, 8), 14), (date(2026, 11, 1), 15)], ids=["spring", "autumn"]
)
@pytest.mark.parametrize("hour", [0, 1, 3, 8])
def test_a_message_of_the_night_in_which_the_clocks_change_leaves_at_nine(on: date, utc_hour: int, hour: int) -> None:
    night = datetime.combine(on, time(hour), tzinfo=CHICAGO)
    opening = next_allowed(night, CHICAGO, OPENS, CLOSES)
    assert opening == datetime.combine(on, time(utc_hour), tzinfo=UTC)


@given(instants, st.sampled_from(ZONES))
def test_nothing_starts_in_quiet_hours(at: datetime, zone: ZoneInfo) -> None:
    """At once if it may, else at the next opening, never more than the night and an hour later."""
    allowed = next_allowed(at, zone, OPENS, CLOSES)
    assert allowed >= at
    assert OPENS <= allowed.astimezone(zone).time() < CLOSES
    assert allowed - at <= timedelta(hours=14)
    assert next_allowed(allowed, zone, OPENS, CLOSES) == allowed
