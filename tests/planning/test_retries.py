"""A provider that is away is tried again soon, then less often, until a deadline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.planning.retries import next_retry

NOW = datetime(2026, 3, 3, tzinfo=UTC)
DEADLINE = NOW + timedelta(hours=4)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_retries_come_soon_then_less_often(attempts: int, jitter: float) -> None:
    """A deadline, not a count; never later than 20 s, so that a provider that is back is noticed in 30 s."""
    at = next_retry(NOW, attempts, DEADLINE, NOW, jitter)
    assert at is not None
    assert timedelta(seconds=0.4) <= at - NOW <= timedelta(seconds=20)
    assert next_retry(NOW, attempts, NOW, NOW, jitter) is None


def test_the_waits_double_from_half_a_second_to_ten() -> None:
    waits = [next_retry(NOW, attempts, DEADLINE, NOW, 0) for attempts in range(1, 8)]
    assert [(at - NOW).total_seconds() for at in waits if at is not None] == [0.5, 1, 2, 4, 8, 10, 10]


def test_an_outage_of_an_hour_throws_nothing_away() -> None:
    """Hundreds of tries, and still a next one (RELIABILITY.md 2: "max 5" would have lost the rows)."""
    now, attempts = NOW, 0
    while now < NOW + timedelta(hours=1):
        attempts += 1
        again = next_retry(NOW, attempts, DEADLINE, now, 0.5)
        assert again is not None
        now = again
    assert attempts > 100
