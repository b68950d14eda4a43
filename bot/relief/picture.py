"""What one timeline's chart shows, as plain values made from a course; `relief.chart` draws it, not this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.relief.axis import Mark, Silence, day_of, segment
from bot.relief.timeline import Course, ReliefAnswer, Thresholds, all_relief

CLINIC_DAY = 1 / 24  # when a block score was taken is not known to the minute: drawn an hour after the injection
FIRST_HOURS_DAY = 6 / 24  # the best of the first six hours, told on day 1, is drawn where those hours end
SERIES = {
    "from_scores": "relief from scores",
    "stated": "relief as stated",
    "best_relief": "best of first 6 h, as told",
}


@dataclass(frozen=True, slots=True)
class Dot:
    """One number; a line joins dots of one series and one segment, so that it never crosses a silence."""

    day: float
    value: float
    series: str
    asked: str
    by: str
    segment: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the axis with its words."""

    label: str
    from_day: float
    to_day: float


@dataclass(frozen=True, slots=True)
class Level:
    """A threshold across the relief panel."""

    percent: float
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything on the chart. `counts` says n: answers, and of how many check-ins."""

    title: str
    counts: str
    baseline: int | None
    pain: tuple[Dot, ...]
    relief: tuple[Dot, ...]
    levels: tuple[Level, ...]
    expected: tuple[Span, ...]
    silences: tuple[Span, ...]
    marks: tuple[Mark, ...]
    until_day: float
    narrow: bool = False


def picture_of(
    course: Course,
    limits: Thresholds,
    *,
    minor: bool,
    counts: str,
    expected: Sequence[Span],
    gaps: Sequence[Silence],
    marks: Sequence[Mark],
    last_day: float,
) -> Picture:
    """The chart of one course; what happened before the procedure is not on it.

    :param last_day: of the protocol; the axis reaches at least as far.
    """
    pain = _pain(course, gaps)
    relief = tuple(_relief_dot(answer, course, gaps) for answer in all_relief(course))
    signs = tuple(mark for mark in marks if mark.day >= 0)
    until = max([last_day, *(dot.day for dot in (*pain, *relief)), *(sign.day for sign in signs)])
    return Picture(
        title="Pain and relief after the injection",
        counts=counts,
        baseline=course.baseline,
        pain=pain,
        relief=relief,
        levels=_levels(limits, minor),
        expected=tuple(expected),
        silences=tuple(
            Span("no answer", max(0.0, gap.from_day), until if gap.to_day is None else gap.to_day)
            for gap in gaps
            if gap.to_day is None or gap.to_day > 0
        ),
        marks=signs,
        until_day=until,
    )


def _pain(course: Course, gaps: Sequence[Silence]) -> tuple[Dot, ...]:
    told = [
        (max(0.0, day_of(s.at, course.procedure_at)), s.score, s.asked, s.by or "not known")
        for s in course.scores
        if s.day >= 0
    ]
    if course.block_pain is not None:
        told.append((CLINIC_DAY, course.block_pain, "block_pain", "clinic"))
    return tuple(Dot(day, score, "pain", asked, by, segment(day, gaps)) for day, score, asked, by in sorted(told))


def _relief_dot(answer: ReliefAnswer, course: Course, gaps: Sequence[Silence]) -> Dot:
    day = max(0.0, day_of(answer.at, course.procedure_at))
    if answer.source == "best_relief":
        day = FIRST_HOURS_DAY
    by = answer.by or "not known"
    return Dot(day, answer.percent, SERIES[answer.source], answer.source, by, segment(day, gaps))


def _levels(limits: Thresholds, minor: bool) -> tuple[Level, ...]:
    found = [Level(limits.useful, f"{limits.useful:g} %"), Level(limits.some, f"{limits.some:g} %")]
    if minor:
        found.append(Level(limits.minor_percent, f"{limits.minor_percent:g} % (under {limits.minor_under_age})"))
    return tuple(found)
