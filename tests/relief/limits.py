"""The protocol's thresholds as tests of the core write them out; tests/content compares them with the file."""

from __future__ import annotations

from bot.relief.timeline import Thresholds

LIMITS = Thresholds(
    strong=80, positive=50, equivocal=30, steroid_from_day=5, steroid_to_day=42, useful=50, some=30, adult_points=2,
    minor_under_age=18, minor_percent=12.5, minor_points=1, pgic_better=2, disagreement=20, count_months=12,
)  # by rows, not an item a line  # fmt: skip
