"""Zones and instants that the planning tests draw from: five years, with every kind of change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

ZONES = [ZoneInfo(name) for name in (
    "America/Chicago", "America/New_York", "America/Los_Angeles", "America/Phoenix", "America/St_Johns",
    "America/Puerto_Rico", "America/Havana", "Pacific/Honolulu", "Europe/London", "Australia/Lord_Howe",
    "Asia/Kolkata", "Africa/Casablanca",
)]  # by rows, not an item a line  # fmt: skip
CHICAGO, PHOENIX = ZoneInfo("America/Chicago"), ZoneInfo("America/Phoenix")
FROM = datetime(2025, 1, 1, tzinfo=UTC)
instants = st.integers(0, 5 * 365 * 24 * 3600).map(lambda s: FROM + timedelta(seconds=s))
walls = st.times().map(lambda t: t.replace(microsecond=0))
