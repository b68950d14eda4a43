"""What the injection did, from the answers: phases, their bands, the pattern. Labels, never advice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

DAYS_A_WEEK = 7
BLOCK_DAYS = 1  # best relief of the first six hours is asked on day 1 at the latest (facts.md section 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The protocol's numbers: percent of the usual pain, points of pain (NRS), days since the procedure.

    Their values and sources stand in config/protocols; `minor_` ones are shown beside the adults' under that age.
    """

    strong: float
    positive: float
    equivocal: float
    steroid_from_day: int
    steroid_to_day: int
    useful: float
    some: float
    adult_points: float
    minor_under_age: int
    minor_percent: float
    minor_points: float
    pgic_better: int
    disagreement: float
    count_months: int


class Band(StrEnum):
    """How much of the usual pain went."""

    STRONG = "strong"
    POSITIVE = "positive"
    EQUIVOCAL = "equivocal"
    NEGATIVE = "negative"


class Pattern(StrEnum):
    """Both phases together (facts.md 1.3); `indeterminate` infers nothing from what is missing."""

    CONCORDANT = "concordant"
    SHORT_RELIEF = "short_relief"
    DISCORDANT = "discordant"
    NEGATIVE = "negative"
    EQUIVOCAL = "equivocal"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True)
class Score:
    """A pain score, NRS 0-10, on a local day since the procedure; `asked` names the question, `by` who answered."""

    at: datetime
    day: int
    score: int
    asked: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class ReliefAnswer:
    """Relief in percent of the usual pain. `source`: best_relief (of the first hours), stated, from_scores."""

    at: datetime
    day: int
    percent: int
    source: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few numbers, as the protocol's `answers` explain them; `asked`: pgic, sport."""

    at: datetime
    day: int
    value: int
    asked: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """One procedure and every answer after it, in any order."""

    baseline: int | None
    block_pain: int | None
    sedation: bool | None
    procedure_at: datetime
    scores: tuple[Score, ...] = ()
    relief: tuple[ReliefAnswer, ...] = ()
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """The best relief of one phase; without an answer all but `why` are None. `why`: what it rests on, or lacks."""

    percent: int | None
    band: Band | None
    source: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weeks from the procedure to the last answer with that relief; None without any answer.

    `censored`: it still held on the newest day that has an answer, so that it lasted at least so long.
    """

    weeks: float | None
    censored: bool


class Found(NamedTuple):
    """One reading of a phase's relief; the highest wins, ties fall the same way in any order."""

    percent: int
    source: str
    why: str


def relief_from_score(baseline: int | None, score: int) -> int | None:
    """Percent of the baseline pain that is gone, 0-100; worse than before counts as 0.

    None without a baseline or with a baseline of 0: there is nothing that could be relieved. Percent of the usual
    pain, and worse as none, follow IMMPACT's bands (facts.md section 2, [S35]).
    """
    if not baseline:
        return None
    return max(0, min(100, round(100 * (baseline - score) / baseline)))


def all_relief(course: Course) -> tuple[ReliefAnswer, ...]:
    """What was stated, and what the scores say, oldest first; nothing from before the procedure."""
    computed = (
        ReliefAnswer(score.at, score.day, percent, "from_scores", score.by)
        for score in course.scores
        if score.day >= 0 and (percent := relief_from_score(course.baseline, score.score)) is not None
    )
    stated = (answer for answer in course.relief if answer.day >= 0)
    return tuple(sorted((*stated, *computed), key=lambda a: (a.at, a.source, a.day, a.percent, a.by or "")))


def lasting_relief(course: Course) -> tuple[ReliefAnswer, ...]:
    """All of it but the first hours' best, oldest first."""
    return tuple(answer for answer in all_relief(course) if answer.source != "best_relief")


def band(percent: int, thresholds: Thresholds) -> Band:
    """The band that a percentage falls into."""
    if percent >= thresholds.strong:
        return Band.STRONG
    if percent >= thresholds.positive:
        return Band.POSITIVE
    return Band.EQUIVOCAL if percent >= thresholds.equivocal else Band.NEGATIVE


def anaesthetic_phase(course: Course, thresholds: Thresholds) -> Phase:
    """The best of the first six hours: the block score against the baseline, or what the patient said of it.

    facts.md 1.3, "best of first 6 h"; sedation is `pattern`'s concern, not this number's.
    """
    found = [
        Found(answer.percent, answer.source, f"best relief of the first hours, stated on day {answer.day}")
        for answer in course.relief
        if answer.source == "best_relief" and 0 <= answer.day <= BLOCK_DAYS
    ]
    percent = None if course.block_pain is None else relief_from_score(course.baseline, course.block_pain)
    if percent is not None:
        why = f"block score {course.block_pain} against baseline {course.baseline}"
        found.append(Found(percent, "block_pain", why))
    lacking = "no block score and no relief stated for the first hours"
    if course.block_pain is not None:
        lacking = "a block score without a baseline above 0"
    return _best(found, thresholds, lacking)


def steroid_phase(course: Course, thresholds: Thresholds) -> Phase:
    """The best of day 5 to week 6, stated or from scores (facts.md 1.3); `all_relief` reports every answer."""
    return steroid_phase_of(lasting_relief(course), thresholds)


def steroid_phase_of(lasting: Iterable[ReliefAnswer], thresholds: Thresholds) -> Phase:
    """The same from relief that was read before: a cohort reads ten thousand courses once each."""
    first, last = thresholds.steroid_from_day, thresholds.steroid_to_day
    inside = [(a.percent, a.source, a.day) for a in lasting if first <= a.day <= last]
    if not inside:
        return Phase(None, None, None, f"no relief known from days {first}-{last}")
    percent, source, day = max(inside)
    return Phase(percent, band(percent, thresholds), source, f"best of days {first}-{last}, on day {day}")


def pattern(course: Course, thresholds: Thresholds) -> Pattern:
    """The label of facts.md 1.3; sedated, unknown or unanswered is indeterminate."""
    first, later = anaesthetic_phase(course, thresholds), steroid_phase(course, thresholds)
    return concordance(course.sedation, first.band, later.band)


def concordance(sedation: bool | None, first: Band | None, later: Band | None) -> Pattern:
    """The label of two phases."""
    if sedation is not False or first is None or later is None:
        return Pattern.INDETERMINATE
    if Band.EQUIVOCAL in (first, later):
        return Pattern.EQUIVOCAL
    helped = {Band.STRONG, Band.POSITIVE}
    return {
        (True, True): Pattern.CONCORDANT,
        (True, False): Pattern.SHORT_RELIEF,
        (False, True): Pattern.DISCORDANT,
        (False, False): Pattern.NEGATIVE,
    }[first in helped, later in helped]


def weeks_of_relief(course: Course, percent: float) -> Weeks:
    """How long at least `percent` relief is known to have lasted; the numbing hours' best does not count.

    A dip between two answers that hold is bridged: days without relief in the middle are in the timeline.
    """
    answers = lasting_relief(course)
    if not answers:
        return Weeks(None, censored=False)
    holds = [answer for answer in answers if answer.percent >= percent]
    if not holds:
        return Weeks(0.0, censored=False)
    last_day = max(answer.day for answer in holds)
    newest_day = max(answer.day for answer in answers)
    return Weeks(round(last_day / DAYS_A_WEEK, 1), censored=last_day == newest_day)


def _best(found: list[Found], thresholds: Thresholds, lacking: str) -> Phase:
    if not found:
        return Phase(None, None, None, lacking)
    best = max(found)
    return Phase(best.percent, band(best.percent, thresholds), best.source, best.why)
