"""Shares with their intervals, and middle values; nothing is said of an empty group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054  # the normal distribution's 97.5 % point


@dataclass(frozen=True, slots=True)
class Share:
    """`k` of `n` in percent, with Wilson's 95 % interval; without anybody all three are None."""

    k: int
    n: int
    percent: float | None
    low: float | None
    high: float | None


def share(k: int, n: int) -> Share:
    """Wilson's interval: it stays within 0 and 100 and does not collapse where k is 0 or n (Wilson 1927)."""
    if n == 0:
        return Share(0, 0, None, None, None)
    p, z2 = k / n, Z_95 * Z_95
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    reach = Z_95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Share(k, n, 100 * p, 100 * max(0.0, middle - reach), 100 * min(1.0, middle + reach))


def quantile(values: Sequence[float], part: float) -> float | None:
    """The smallest value that at least so large a part of them does not exceed; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    place = max(0, -(-round(part * len(ordered) * 1_000_000) // 1_000_000) - 1)
    return ordered[min(place, len(ordered) - 1)]
