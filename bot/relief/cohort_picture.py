"""What the cohort's chart shows, as plain values made from a cohort; `relief.cohort_chart` draws it, not this."""

from __future__ import annotations

from dataclasses import dataclass

from bot.relief.cohort import Cohort
from bot.relief.proportions import Share

ANSWERED, RELIEVED = "answered", "relief"


@dataclass(frozen=True, slots=True)
class Bar:
    """One share with its interval at one check-in; `words` say its n."""

    check_in: str
    series: str
    percent: float
    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True)
class Stair:
    """The curve from one day on, in percent."""

    day: int
    percent: float
    low: float
    high: float
    censored: int


@dataclass(frozen=True, slots=True)
class AtRisk:
    """How many are still watched just before that day."""

    day: int
    n: int


@dataclass(frozen=True, slots=True)
class CohortPicture:
    """Everything on the chart. `useful` names the threshold, `counts` says n."""

    title: str
    counts: str
    useful: str
    loss_counts: str
    bars: tuple[Bar, ...]
    stairs: tuple[Stair, ...]
    at_risk: tuple[AtRisk, ...]
    narrow: bool = False


def cohort_picture(cohort: Cohort, useful: float) -> CohortPicture:
    """The chart of a cohort; of a hidden one it is empty."""
    loss = cohort.loss
    bars = []
    for at in cohort.at:
        name = at.name.replace("_", " ")
        bars += _bar(name, ANSWERED, at.response) + _bar(name, RELIEVED, at.relieved)
    start = Stair(0, 100.0, 100.0, 100.0, 0)
    stairs = [Stair(s.day, 100 * s.lasting, 100 * s.low, 100 * s.high, s.censored) for s in loss.steps]
    return CohortPicture(
        title="Response, relief, and how long it lasts",
        counts=f"n = {cohort.n} injections; bars are 95 % intervals (Wilson)",
        useful=f"{useful:g} %",
        loss_counts=f"n = {loss.n} who reached it; {loss.ended} lost it, {loss.n - loss.ended} censored; band 95 %",
        bars=tuple(bars),
        stairs=(start, *stairs) if stairs else (),
        at_risk=tuple(AtRisk(day, n) for day, n in zip(loss.risk_days, loss.at_risk, strict=True)),
    )


def _bar(check_in: str, series: str, found: Share) -> list[Bar]:
    if found.percent is None or found.low is None or found.high is None:
        return []
    return [Bar(check_in, series, found.percent, found.low, found.high, f"{found.k}/{found.n}")]
