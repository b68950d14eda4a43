"""What an injection did, worked by hand from the published patterns; nothing is read from what is missing."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.relief.timeline import (
    Band,
    Course,
    Pattern,
    ReliefAnswer,
    Weeks,
    all_relief,
    anaesthetic_phase,
    band,
    pattern,
    relief_from_score,
    steroid_phase,
    weeks_of_relief,
)
from tests.relief.courses import AWAKE, courses, pain, stated
from tests.relief.limits import LIMITS


# facts.md 1.3, row by row: the block score against a baseline of 8, then a pain score in week 2.
@pytest.mark.parametrize(
    ("block", "week_2", "label"),
    [
        (1, 1, Pattern.CONCORDANT),
        (4, 4, Pattern.CONCORDANT),
        (2, 7, Pattern.SHORT_RELIEF),
        (7, 3, Pattern.DISCORDANT),
        (8, 6, Pattern.NEGATIVE),
        (9, 9, Pattern.NEGATIVE),
        (5, 1, Pattern.EQUIVOCAL),
        (1, 5, Pattern.EQUIVOCAL),
        (5, 8, Pattern.EQUIVOCAL),
    ],
)
def test_every_row_of_the_published_table(block: int, week_2: int, label: Pattern) -> None:
    assert pattern(replace(AWAKE, block_pain=block, scores=(pain(14, week_2),)), LIMITS) is label


@pytest.mark.parametrize(
    "missing",
    [
        {"sedation": True},
        {"sedation": None},
        {"block_pain": None},
        {"baseline": None},
        {"baseline": 0},
        {"scores": ()},
        {"scores": (pain(4, 1), pain(43, 1))},
    ],
    ids=["sedated", "sedation unknown", "no block score", "no baseline", "baseline 0", "lost", "outside the window"],
)
def test_what_is_missing_or_sedated_is_indeterminate(missing: dict[str, Any]) -> None:
    """Late relief is never read as an answer to a block that nobody measured."""
    whole = replace(AWAKE, block_pain=1, scores=(pain(14, 1),))
    assert pattern(whole, LIMITS) is Pattern.CONCORDANT
    assert pattern(replace(whole, **missing), LIMITS) is Pattern.INDETERMINATE


def test_the_labels_are_the_contracts() -> None:
    names = {"concordant", "short_relief", "discordant", "negative", "equivocal", "indeterminate"}
    assert {label.value for label in Pattern} == names


@pytest.mark.parametrize(
    ("baseline", "score", "percent"),
    [(7, 2, 71), (8, 4, 50), (6, 1, 83), (5, 5, 0), (5, 0, 100), (4, 9, 0), (0, 0, None), (None, 3, None)],
)
def test_relief_is_the_share_of_the_usual_pain_that_is_gone(
    baseline: int | None, score: int, percent: int | None
) -> None:
    """Worse than before is no relief, not a negative one; no baseline is no answer."""
    assert relief_from_score(baseline, score) == percent


@given(st.integers(1, 10), st.integers(0, 10))
def test_rounding_lifts_nobody_over_a_threshold(baseline: int, score: int) -> None:
    exact, rounded = 100 * (baseline - score) / baseline, relief_from_score(baseline, score)
    assert rounded is not None
    for limit in (LIMITS.strong, LIMITS.positive, LIMITS.equivocal):
        assert (rounded >= limit) == (exact >= limit)


@pytest.mark.parametrize(
    ("percent", "name"),
    [
        (100, Band.STRONG),
        (80, Band.STRONG),
        (79, Band.POSITIVE),
        (50, Band.POSITIVE),
        (49, Band.EQUIVOCAL),
        (30, Band.EQUIVOCAL),
        (29, Band.NEGATIVE),
        (0, Band.NEGATIVE),
    ],
)
def test_the_bands_begin_where_the_protocol_says(percent: int, name: Band) -> None:
    assert band(percent, LIMITS) is name


def test_the_first_hours_take_the_better_of_the_block_score_and_what_was_said() -> None:
    """Pain 4 of 8 in the clinic, but "about 90 percent" for some hours, told on day 1."""
    phase = anaesthetic_phase(replace(AWAKE, block_pain=4, relief=(stated(1, 90, "best_relief"),)), LIMITS)
    assert (phase.percent, phase.band, phase.source) == (90, Band.STRONG, "best_relief")
    phase = anaesthetic_phase(replace(AWAKE, block_pain=4, relief=(stated(1, 20, "best_relief"),)), LIMITS)
    assert (phase.percent, phase.band, phase.source) == (50, Band.POSITIVE, "block_pain")
    assert phase.why == "block score 4 against baseline 8"


def test_a_day_1_pain_score_or_a_late_memory_says_nothing_of_the_first_hours() -> None:
    """Day 1 is the flare; the best relief of the first hours told on day 5 is too old (facts.md section 4)."""
    late = replace(AWAKE, scores=(pain(1, 0),), relief=(stated(5, 90, "best_relief"), stated(1, 90)))
    assert anaesthetic_phase(late, LIMITS).percent is None
    assert anaesthetic_phase(late, LIMITS).why == "no block score and no relief stated for the first hours"


def test_a_block_score_without_a_baseline_is_named_as_the_reason() -> None:
    phase = anaesthetic_phase(replace(AWAKE, baseline=None, block_pain=0), LIMITS)
    assert (phase.percent, phase.why) == (None, "a block score without a baseline above 0")


@pytest.mark.parametrize(("day", "counts"), [(4, False), (5, True), (42, True), (43, False)])
def test_the_steroids_window_is_day_5_to_week_6(day: int, counts: bool) -> None:
    assert (steroid_phase(replace(AWAKE, scores=(pain(day, 2),)), LIMITS).percent == 75) is counts
    assert (steroid_phase(replace(AWAKE, relief=(stated(day, 75),)), LIMITS).percent == 75) is counts


def test_the_steroid_phase_is_its_best_and_says_where_that_comes_from() -> None:
    """A dip at week 6 does not undo a good week 2; the first hours told late are not the steroid's."""
    course = replace(AWAKE, scores=(pain(14, 2), pain(42, 7)), relief=(stated(14, 60), stated(5, 95, "best_relief")))
    phase = steroid_phase(course, LIMITS)
    assert (phase.percent, phase.source, phase.why) == (75, "from_scores", "best of days 5-42, on day 14")


def test_without_a_baseline_what_was_stated_still_counts() -> None:
    course = replace(AWAKE, baseline=None, scores=(pain(14, 0),), relief=(stated(14, 60),))
    assert (steroid_phase(course, LIMITS).percent, steroid_phase(course, LIMITS).source) == (60, "stated")


def test_disagreement_between_what_was_said_and_the_scores_stays_visible() -> None:
    told = all_relief(replace(AWAKE, scores=(pain(14, 6),), relief=(stated(14, 80),)))
    assert [(answer.source, answer.percent) for answer in told] == [("from_scores", 25), ("stated", 80)]


def test_pain_before_the_procedure_is_no_relief_after_it() -> None:
    early = replace(AWAKE, scores=(pain(-2, 0),), relief=(stated(-1, 100), stated(-1, 100, "best_relief")))
    assert all_relief(early) == ()
    assert anaesthetic_phase(early, LIMITS).percent is None
    assert weeks_of_relief(early, LIMITS.useful) == Weeks(None, censored=False)


def test_the_pattern_is_the_adults_table_also_for_an_adolescent() -> None:
    """Baseline 4 to 3 is 25 %, an adult's negative; the adolescent bands (facts.md 2, [S39]) stand beside it."""
    assert pattern(replace(AWAKE, baseline=4, block_pain=3, scores=(pain(14, 3),)), LIMITS) is Pattern.NEGATIVE


@pytest.mark.parametrize(
    ("answers", "weeks"),
    [
        ((), Weeks(None, censored=False)),
        ((stated(14, 40),), Weeks(0.0, censored=False)),
        ((stated(14, 60), stated(42, 70)), Weeks(6.0, censored=True)),
        ((stated(14, 60), stated(42, 50), stated(84, 20)), Weeks(6.0, censored=False)),
        ((stated(14, 60), stated(28, 20), stated(42, 55), stated(84, 0)), Weeks(6.0, censored=False)),
        ((stated(5, 50),), Weeks(0.7, censored=True)),
        ((stated(1, 90, "best_relief"),), Weeks(None, censored=False)),
        ((stated(42, 60), stated(42, 40, minute=2)), Weeks(6.0, censored=True)),
    ],
    ids=[
        "lost to follow-up", "never", "still holds", "wore off", "a dip is bridged", "day 5 only", "numbing only",
        "two answers of one day disagree",
    ],
)  # by rows, not an item a line  # fmt: skip
def test_weeks_of_relief(answers: tuple[ReliefAnswer, ...], weeks: Weeks) -> None:
    assert weeks_of_relief(replace(AWAKE, baseline=None, relief=answers), LIMITS.useful) == weeks


def test_a_protocol_may_set_other_limits() -> None:
    course = replace(AWAKE, block_pain=3, scores=(pain(60, 3),))
    assert pattern(course, replace(LIMITS, steroid_to_day=90)) is Pattern.CONCORDANT
    assert pattern(course, replace(LIMITS, steroid_to_day=90, positive=70, strong=90)) is Pattern.EQUIVOCAL


def everything(course: Course) -> tuple[object, ...]:
    """All that the module says of a course."""
    return (
        all_relief(course),
        anaesthetic_phase(course, LIMITS),
        steroid_phase(course, LIMITS),
        pattern(course, LIMITS),
        weeks_of_relief(course, LIMITS.useful),
        weeks_of_relief(course, LIMITS.some),
    )


@given(courses, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(course: Course, chance: Random) -> None:
    scores, relief = list(course.scores), list(course.relief)
    chance.shuffle(scores)
    chance.shuffle(relief)
    assert everything(replace(course, scores=tuple(scores), relief=tuple(relief))) == everything(course)


@given(courses, st.sampled_from([None, 0]))
def test_without_a_baseline_no_score_says_anything(course: Course, baseline: int | None) -> None:
    """Whatever the scores are, the result is that of the stated answers alone."""
    bare = replace(course, baseline=baseline)
    only_stated = replace(bare, scores=(), block_pain=None)
    assert all_relief(bare) == all_relief(only_stated)
    assert anaesthetic_phase(bare, LIMITS).percent == anaesthetic_phase(only_stated, LIMITS).percent
    assert pattern(bare, LIMITS) is pattern(only_stated, LIMITS)
    assert weeks_of_relief(bare, LIMITS.useful) == weeks_of_relief(only_stated, LIMITS.useful)


@given(courses)
def test_percentages_bands_and_weeks_stay_within_their_bounds(course: Course) -> None:
    for phase in (anaesthetic_phase(course, LIMITS), steroid_phase(course, LIMITS)):
        assert phase.why
        assert (phase.percent is None) == (phase.band is None) == (phase.source is None)
        assert phase.percent is None or 0 <= phase.percent <= 100
    half, third = weeks_of_relief(course, LIMITS.useful), weeks_of_relief(course, LIMITS.some)
    assert (half.weeks is None) == (third.weeks is None)
    assert half.weeks is None or third.weeks is None or 0 <= half.weeks <= third.weeks
    assert course.sedation is False or pattern(course, LIMITS) is Pattern.INDETERMINATE
