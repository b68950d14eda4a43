"""Courses to test with, made by hand and at random."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.relief.timeline import Course, ReliefAnswer, Score

INJECTED = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
AWAKE = Course(baseline=8, block_pain=None, sedation=False, procedure_at=INJECTED)


def pain(day: int, score: int, minute: int = 0) -> Score:
    return Score(INJECTED + timedelta(days=day, minutes=minute), day, score, "pain_now")


def stated(day: int, percent: int, source: str = "stated", minute: int = 0) -> ReliefAnswer:
    return ReliefAnswer(INJECTED + timedelta(days=day, minutes=minute), day, percent, source)


days = st.integers(-5, 120)
answers = st.builds(stated, days, st.integers(0, 100), st.sampled_from(["stated", "best_relief"]), st.integers(0, 600))
courses = st.builds(
    Course,
    baseline=st.none() | st.integers(0, 10),
    block_pain=st.none() | st.integers(0, 10),
    sedation=st.none() | st.booleans(),
    procedure_at=st.just(INJECTED),
    scores=st.lists(st.builds(pain, days, st.integers(0, 10), st.integers(0, 600)), max_size=8).map(tuple),
    relief=st.lists(answers, max_size=8).map(tuple),
)
