"""What answers say beside the phases: disagreement, both ages' thresholds, PGIC, sport. Labels, never advice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.relief.timeline import (
    Course,
    ReliefAnswer,
    Score,
    Thresholds,
    all_relief,
    anaesthetic_phase,
    relief_from_score,
)

SECONDS_AN_HOUR = 3600
DAYS_A_MONTH = 365 / 12


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One day on which relief as stated and relief from the score lie far apart; `points` of percent, signed."""

    day: int
    stated: int
    from_scores: int
    points: int


@dataclass(frozen=True, slots=True)
class Change:
    """One pain score after the first day against the baseline, by adults' thresholds and by adolescents'.

    Points are signed: negative is worse than before. `minor` is None where the patient is no minor.
    """

    day: int
    score: int
    points: int
    percent: int
    adult_some: bool
    adult_useful: bool
    adult_points: bool
    minor: bool | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """An answer of a few numbers; `better` for PGIC alone."""

    day: int
    asked: str
    value: int
    by: str | None
    better: bool | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All of it. `usual_pain_back_hours`: until the first score without some relief, after numbing that helped."""

    minor: bool
    disagreements: tuple[Disagreement, ...]
    changes: tuple[Change, ...]
    choices: tuple[Chosen, ...]
    usual_pain_back_hours: float | None


def read_course(course: Course, limits: Thresholds, age: int) -> Reading:
    """The reading; `age` in whole years on the day of the procedure."""
    minor = age < limits.minor_under_age
    return Reading(
        minor=minor,
        disagreements=disagreements(course, limits),
        changes=changes(course, limits, minor=minor),
        choices=_choices(course, limits),
        usual_pain_back_hours=usual_pain_back(course, limits),
    )


def disagreements(course: Course, limits: Thresholds) -> tuple[Disagreement, ...]:
    """Days on which both are known and differ by the protocol's margin or more: the widest gap of each day."""
    by_day: dict[int, list[ReliefAnswer]] = defaultdict(list)
    for answer in all_relief(course):
        by_day[answer.day].append(answer)
    found = []
    for day, answers in sorted(by_day.items()):
        stated = [a.percent for a in answers if a.source == "stated"]
        scored = [a.percent for a in answers if a.source == "from_scores"]
        gaps = [Disagreement(day, told, read, told - read) for told in stated for read in scored]
        if gaps:
            widest = max(gaps, key=lambda gap: (abs(gap.points), gap.stated, gap.from_scores))
            found += [widest] if abs(widest.points) >= limits.disagreement else []
    return tuple(found)


def changes(course: Course, limits: Thresholds, *, minor: bool) -> tuple[Change, ...]:
    """Every score from the day after the procedure on, oldest first; nothing without a baseline above 0."""
    if not course.baseline:
        return ()
    ordered = sorted(course.scores, key=lambda s: (s.at, s.day, s.score, s.asked))
    return tuple(_change(score, course.baseline, limits, minor) for score in ordered if score.day >= 1)


def _change(score: Score, baseline: int, limits: Thresholds, minor: bool) -> Change:
    points = baseline - score.score
    exact = 100 * points / baseline  # 12.5 is no whole percent: it is compared before it is rounded
    return Change(
        day=score.day,
        score=score.score,
        points=points,
        percent=relief_from_score(baseline, score.score) or 0,
        adult_some=exact >= limits.some,
        adult_useful=exact >= limits.useful,
        adult_points=points >= limits.adult_points,
        minor=(points >= limits.minor_points or exact >= limits.minor_percent) if minor else None,
    )


def _choices(course: Course, limits: Thresholds) -> tuple[Chosen, ...]:
    ordered = sorted(course.choices, key=lambda c: (c.at, c.asked, c.value))
    return tuple(
        Chosen(c.day, c.asked, c.value, c.by, c.value <= limits.pgic_better if c.asked == "pgic" else None)
        for c in ordered
        if c.day >= 0
    )


def usual_pain_back(course: Course, limits: Thresholds) -> float | None:
    """Hours to the first score with less than some relief, if the numbing phase had some; None while unknown."""
    numbing = anaesthetic_phase(course, limits).percent
    if numbing is None or numbing < limits.equivocal:
        return None
    back = [
        (score.at - course.procedure_at).total_seconds() / SECONDS_AN_HOUR
        for score in course.scores
        if score.day >= 0
        and (percent := relief_from_score(course.baseline, score.score)) is not None
        and percent < limits.some
    ]
    return round(min(back), 1) if back else None


def count_injections(procedures_at: list[datetime], until: datetime, limits: Thresholds) -> int:
    """Procedures in the protocol's span of months up to and with `until` (facts.md 1.4: shown, never advised upon)."""
    since = until - timedelta(days=round(limits.count_months * DAYS_A_MONTH))
    return sum(since < at <= until for at in procedures_at)
