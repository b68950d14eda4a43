"""What stands beside the phases: both ages' thresholds, disagreement, PGIC and sport, when the usual pain is back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.relief.reading import Chosen, Disagreement, count_injections, read_course, usual_pain_back
from bot.relief.timeline import Choice, Course
from tests.relief.courses import AWAKE, INJECTED, courses, pain, stated
from tests.relief.limits import LIMITS


# facts.md 2 [S39]: in adolescents 1 point or 12.5 % counts; the adult rules want 30 %, 50 % and 2 points.
@pytest.mark.parametrize(
    ("baseline", "score", "some", "useful", "points", "minor"),
    [(4, 3, False, False, False, True), (8, 7, False, False, False, True), (10, 10, False, False, False, False),
     (8, 6, False, False, True, True), (6, 4, True, False, True, True), (8, 4, True, True, True, True),
     (5, 6, False, False, False, False)],
)  # by rows, not an item a line  # fmt: skip
def test_under_18_both_ages_thresholds_stand_side_by_side(
    baseline: int, score: int, some: bool, useful: bool, points: bool, minor: bool
) -> None:
    course = replace(AWAKE, baseline=baseline, scores=(pain(14, score),))
    (change,) = read_course(course, LIMITS, age=15).changes
    assert (change.adult_some, change.adult_useful, change.adult_points, change.minor) == (some, useful, points, minor)
    assert change.points == baseline - score


@pytest.mark.parametrize(("age", "minor"), [(17, True), (18, False)])
def test_an_adult_has_no_adolescent_column(age: int, minor: bool) -> None:
    reading = read_course(replace(AWAKE, scores=(pain(14, 4),)), LIMITS, age)
    assert reading.minor is minor
    assert (reading.changes[0].minor is None) is not minor


def test_what_was_said_and_what_the_scores_say_are_compared_day_by_day() -> None:
    """Pain 6 of 8 is 25 %; "80 percent better" the same day is 55 points apart. Week 6 agrees within the margin."""
    course = replace(
        AWAKE, scores=(pain(14, 6), pain(14, 4, minute=9), pain(42, 4)), relief=(stated(14, 80), stated(42, 69))
    )
    assert read_course(course, LIMITS, 30).disagreements == (Disagreement(14, 80, 25, 55),)
    course = replace(course, relief=(stated(42, 70),))
    assert read_course(course, LIMITS, 30).disagreements == (Disagreement(42, 70, 50, 20),)


def test_the_first_hours_told_on_day_1_disagree_with_nothing() -> None:
    """Day 1's score is today's, the best of the first six hours was yesterday's."""
    course = replace(AWAKE, scores=(pain(1, 8),), relief=(stated(1, 90, "best_relief"),))
    assert read_course(course, LIMITS, 30).disagreements == ()


@pytest.mark.parametrize(("value", "better"), [(1, True), (2, True), (3, False), (7, False)])
def test_much_better_or_more_is_better_by_pgic(value: int, better: bool) -> None:
    course = replace(AWAKE, choices=(Choice(INJECTED + timedelta(days=42), 42, value, "pgic", "parent"),))
    assert read_course(course, LIMITS, 15).choices == (Chosen(42, "pgic", value, "parent", better),)


def test_sport_is_reported_and_not_judged() -> None:
    course = replace(AWAKE, choices=(Choice(INJECTED + timedelta(days=42), 42, 1, "sport", None),))
    assert read_course(course, LIMITS, 15).choices[0].better is None


def test_the_usual_pain_comes_back_after_numbing_that_helped() -> None:
    helped = replace(AWAKE, block_pain=1, scores=(pain(0, 2), pain(1, 6), pain(5, 7)))
    assert usual_pain_back(helped, LIMITS) == 24.0
    assert usual_pain_back(replace(helped, block_pain=7), LIMITS) is None
    assert usual_pain_back(replace(helped, scores=(pain(1, 2),)), LIMITS) is None


def test_injections_of_the_last_twelve_months_are_counted() -> None:
    now = datetime(2026, 3, 2, tzinfo=INJECTED.tzinfo)
    at = [now, now - timedelta(days=100), now - timedelta(days=364), now - timedelta(days=366), now + timedelta(days=1)]
    assert count_injections(at, now, LIMITS) == 3


@given(courses, st.sampled_from([None, 0]), st.integers(8, 80))
def test_no_reading_from_a_missing_baseline(course: Course, baseline: int | None, age: int) -> None:
    reading = read_course(replace(course, baseline=baseline), LIMITS, age)
    assert (reading.changes, reading.disagreements) == ((), ())


@given(courses, st.randoms(use_true_random=False))
def test_the_order_of_texts_does_not_matter(course: Course, chance: Random) -> None:
    scores, relief = list(course.scores), list(course.relief)
    chance.shuffle(scores)
    chance.shuffle(relief)
    shuffled = replace(course, scores=tuple(scores), relief=tuple(relief))
    assert read_course(shuffled, LIMITS, 15) == read_course(course, LIMITS, 15)
