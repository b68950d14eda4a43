"""Many injections at once: who counts where, what is hidden, and the chart of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.relief.axis import silent_reason
from bot.relief.cohort import (
    AskedOn,
    CohortRules,
    Member,
    Paged,
    age_band,
    read_cohort,
    relief_at,
    time_to_loss,
)
from bot.relief.cohort_chart import cohort_spec
from bot.relief.cohort_picture import cohort_picture
from bot.relief.timeline import Pattern, ReliefAnswer
from bot.vocabulary import CheckInState
from tests.relief.courses import stated

A, M, S, W = CheckInState.ANSWERED, CheckInState.MISSED, CheckInState.SKIPPED, CheckInState.PLANNED
RULES = CohortRules(
    useful=50, steroid_from_day=5, steroid_to_day=42, smallest_group=5, age_bands=(18, 30),
    asked_on=(AskedOn("day_1", 1, 5), AskedOn("day_5", 5, 14), AskedOn("week_2", 14, 28), AskedOn("week_6", 42, 84)),
)  # by rows, not an item a line  # fmt: skip
NOBODY = Member("Dr. R", "L5", "left", 16, "2026 Q1", Pattern.INDETERMINATE, (), (), (), ())


def told(*answers: tuple[int, int]) -> Member:
    return replace(NOBODY, lasting=tuple(stated(day, percent) for day, percent in answers))


def test_relief_at_a_check_in_is_the_score_before_what_was_stated_and_the_first_of_its_days() -> None:
    week_2 = RULES.asked_on[2]
    scored = replace(stated(14, 40), source="from_scores")
    assert relief_at((stated(13, 90), stated(14, 70), scored, stated(28, 10)), week_2) == 40
    assert relief_at((stated(20, 60), stated(16, 30)), week_2) == 30
    assert relief_at((stated(13, 90), stated(28, 10)), week_2) is None


@pytest.mark.parametrize(
    ("answers", "days", "ended"),
    [
        (((5, 60), (14, 40)), 14, True),
        (((5, 60), (14, 40), (42, 55)), 42, False),
        (((5, 60), (14, 70), (42, 20), (84, 0)), 42, True),
        (((1, 90), (5, 50)), 5, False),
        (((5, 60), (5, 40)), 5, False),
    ],
    ids=["lost", "a dip is bridged", "lost at the first answer that says so", "day 1 is no steroid", "one day, two"],
)
def test_time_to_loss(answers: tuple[tuple[int, int], ...], days: int, ended: bool) -> None:
    loss = time_to_loss([told(*answers)], RULES)
    (step,) = loss.steps
    assert (step.day, step.ended, loss.n) == (days, int(ended), 1)


def test_who_never_reached_relief_and_who_is_not_known_are_no_subjects_of_the_curve() -> None:
    loss = time_to_loss([told((5, 20), (42, 30)), told((1, 90)), told(), told((14, 80))], RULES)
    assert (loss.n, loss.never, loss.unknown, loss.ended) == (1, 1, 2, 0)


def test_response_counts_check_ins_that_were_sent_and_are_over() -> None:
    members = [replace(NOBODY, check_ins=(("day_1", A), ("day_5", M), ("week_2", S), ("week_6", W)))] * 5
    cohort = read_cohort(members, RULES)
    assert (cohort.response.k, cohort.response.n) == (5, 10)
    assert [(at.name, at.response.k, at.response.n) for at in cohort.at][:3] == [
        ("day_1", 5, 5),
        ("day_5", 0, 5),
        ("week_2", 0, 0),
    ]


def test_pages_false_pages_and_red_flags() -> None:
    alerts = (
        Paged("emergency", 1.0, 60.0, True, "called_911"),
        Paged("urgent", 2.0, None, False, None),
        Paged("urgent", 4.0, 120.0, True, "false_alarm"),
    )
    cohort = read_cohort([replace(NOBODY, alerts=alerts), *[NOBODY] * 9], RULES)
    assert (cohort.flagged.k, cohort.flagged.n, cohort.alerts_per_100) == (1, 10, 30.0)
    assert (cohort.false_pages.k, cohort.false_pages.n) == (1, 2)
    emergency, urgent = cohort.pages
    assert (emergency.n, emergency.page_median_s, emergency.taken_median_s) == (1, 1.0, 60.0)
    assert (urgent.n, urgent.page_median_s, urgent.page_p90_s, urgent.taken_n) == (2, 2.0, 4.0, 1)


def test_a_cohort_that_is_too_small_says_only_that() -> None:
    cohort = read_cohort([told((5, 60))] * 4, RULES)
    assert (cohort.hidden, cohort.n, cohort.response.n, cohort.loss.n) == (True, 0, 0, 0)
    assert not any(lines for _, lines in cohort.breakdown)


def _by_provider(sizes: dict[str, int]) -> dict[str, bool]:
    members = [replace(NOBODY, provider=name) for name, n in sizes.items() for _ in range(n)]
    lines = dict(read_cohort(members, RULES).breakdown)["provider"]
    assert all((line.n is None) == line.hidden for line in lines)
    return {line.name: line.hidden for line in lines}


def test_small_groups_are_hidden_and_cannot_be_had_by_subtraction() -> None:
    assert _by_provider({"a": 9, "b": 6}) == {"a": False, "b": False}
    assert _by_provider({"a": 9, "b": 6, "c": 2}) == {"a": False, "b": True, "c": True}
    assert _by_provider({"a": 9, "b": 3, "c": 2}) == {"a": False, "b": True, "c": True}


@pytest.mark.parametrize(("age", "band"), [(14, "under 18"), (18, "18-29"), (29, "18-29"), (30, "30 and over")])
def test_age_bands(age: int, band: str) -> None:
    assert age_band(age, RULES.age_bands) == band


@pytest.mark.parametrize(
    ("state", "given", "reason"),
    [
        (A, {}, None), (W, {}, None), (M, {}, "no_reply"), (S, {}, "not_sent"), (M, {"stopped": True}, "stopped_texts"),
        (S, {"stopped": True, "died": True}, "died"), (M, {"unreachable": True}, "not_reachable"),
    ],
)  # by rows, not an item a line  # fmt: skip
def test_reasons_for_silence(state: CheckInState, given: dict[str, bool], reason: str | None) -> None:
    assert silent_reason(state, **({"stopped": False, "died": False, "unreachable": False} | given)) == reason


def _strings(spec: Any) -> set[str]:
    if isinstance(spec, str):
        return {spec}
    if isinstance(spec, dict):
        return set().union(*(_strings(value) for value in spec.values()))
    return set().union(*(_strings(value) for value in spec)) if isinstance(spec, list) else set()


def test_the_chart_names_axes_units_n_and_intervals() -> None:
    answers: list[tuple[ReliefAnswer, ...]] = [(stated(5, 60), stated(42, 20))] * 4 + [(stated(5, 80),)] * 4
    members = [replace(NOBODY, lasting=lasting, check_ins=(("day_5", A),)) for lasting in answers]
    spec = cohort_spec(cohort_picture(read_cohort(members, RULES), RULES.useful))
    said = _strings(spec)
    assert {
        "n = 8 injections; bars are 95 % intervals (Wilson)", "Share, %", "Time since the injection, weeks",
        "n = 8 who reached it; 4 lost it, 4 censored; band 95 %", "Number at risk", "8/8", "0/4",
    } <= said  # by rows, not an item a line  # fmt: skip


def test_a_hidden_cohort_draws_nothing() -> None:
    picture = cohort_picture(read_cohort([], RULES), RULES.useful)
    assert (picture.bars, picture.stairs) == ((), ())
    assert cohort_spec(picture)["vconcat"]
