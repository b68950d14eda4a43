"""How long something lasts where some were not watched to its end: Kaplan and Meier's curve. It knows no medicine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from bot.relief.proportions import Z_95


@dataclass(frozen=True, slots=True)
class Watched:
    """One subject: watched for so many days, and whether it ended then or was only watched no longer (censored)."""

    days: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What is known at one time: who was at risk just before it, who ended or was censored at it, and the share that
    goes on, with its 95 % interval (log-log of Greenwood's, as lifelines gives it)."""

    day: int
    at_risk: int
    ended: int
    censored: int
    lasting: float
    low: float
    high: float


def kaplan_meier(watched: Iterable[Watched]) -> tuple[Step, ...]:
    """The curve, a step for each day on which anybody ended or was censored.

    Whoever is censored on a day is at risk of what ends on that day, as usual.
    """
    ended: Counter[int] = Counter()
    censored: Counter[int] = Counter()
    for one in watched:
        (ended if one.ended else censored)[one.days] += 1
    at_risk = ended.total() + censored.total()
    lasting, variance, steps = 1.0, 0.0, []
    for day in sorted(ended.keys() | censored.keys()):
        d, c = ended[day], censored[day]
        lasting *= 1 - d / at_risk
        if 0 < d < at_risk:
            variance += d / (at_risk * (at_risk - d))
        low, high = _interval(lasting, variance)
        steps.append(Step(day, at_risk, d, c, lasting, low, high))
        at_risk -= d + c
    return tuple(steps)


def _interval(lasting: float, variance: float) -> tuple[float, float]:
    if lasting >= 1 or lasting <= 0:
        return lasting, lasting
    reach = Z_95 * sqrt(variance) / log(lasting)
    middle = log(-log(lasting))
    return exp(-exp(middle - reach)), exp(-exp(middle + reach))


def median_days(steps: Sequence[Step]) -> int | None:
    """The first day on which no more than half go on; None if more than half still do at the end."""
    return next((step.day for step in steps if step.lasting <= 0.5), None)


def at_risk_on(watched: Iterable[Watched], days: Sequence[int]) -> tuple[int, ...]:
    """How many are still watched just before each of these days."""
    lasted = [one.days for one in watched]
    return tuple(sum(day <= one for one in lasted) for day in days)
