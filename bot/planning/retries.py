"""When to try again: soon, then less often, until a deadline; a count would throw rows away in an outage."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_S, LONGEST_S = 1.0, 20.0  # a provider that is back must be noticed within 30 s (CONTRACT.md, "Times")


def next_retry(
    first_try_at: datetime, attempts: int, deadline: datetime, now: datetime, jitter: float
) -> datetime | None:
    """The next try after `attempts` failed ones; None when it would lie past the deadline.

    :param jitter: 0 up to 1, drawn by the caller; spreads tries over half of the wait.
    """
    wait = min(LONGEST_S, FIRST_S * 2 ** min(attempts - 1, 10))
    at = now + timedelta(seconds=wait * (0.5 + jitter / 2))
    return at if at < deadline else None
