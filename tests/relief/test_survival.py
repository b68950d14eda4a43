"""Kaplan and Meier's curve beside lifelines', and shares beside figures worked out elsewhere."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.relief.proportions import quantile, share
from bot.relief.survival import Watched, at_risk_on, kaplan_meier, median_days

CHECK_INS = (5, 14, 28, 42, 84)
DATA_SETS = 1000


def data_set(seed: int) -> list[Watched]:
    """One cohort at random: from all on check-in days (ties) to all days, from none to all censored."""
    chance = Random(seed)
    ties, ends = chance.random(), chance.choice((0.0, 0.2, 0.5, 0.8, 1.0))
    return [
        Watched(chance.choice(CHECK_INS) if chance.random() < ties else chance.randint(1, 120), chance.random() < ends)
        for _ in range(chance.randint(1, 80))
    ]


@pytest.mark.filterwarnings("ignore")  # lifelines' and pandas' own
def test_the_curve_is_lifelines_on_a_thousand_random_data_sets() -> None:
    """Survival, interval, numbers at risk, ended and censored, to nine digits, ties and censoring included."""
    from lifelines import KaplanMeierFitter

    for seed in range(DATA_SETS):
        watched = data_set(seed)
        fitted = KaplanMeierFitter().fit([one.days for one in watched], [one.ended for one in watched])
        table = fitted.event_table[["at_risk", "observed", "censored"]].reset_index().to_numpy()[1:].tolist()
        steps = kaplan_meier(watched)
        assert [[step.day, step.at_risk, step.ended, step.censored] for step in steps] == table, seed
        theirs = [fitted.survival_function_.to_numpy().ravel(), *fitted.confidence_interval_.to_numpy().T]
        ours = [[getattr(step, name) for step in steps] for name in ("lasting", "low", "high")]
        for name, mine, other in zip(("lasting", "low", "high"), ours, theirs, strict=True):
            assert max(abs(a - b) for a, b in zip(mine, other[1:].tolist(), strict=True)) < 1e-9, (seed, name)


def test_a_curve_worked_out_by_hand() -> None:
    """Ten: two lose it on day 14, one is censored there, three lose it on day 42, the rest are censored on day 84."""
    watched = [Watched(14, True)] * 2 + [Watched(14, False)] + [Watched(42, True)] * 3 + [Watched(84, False)] * 4
    steps = kaplan_meier(watched)
    assert [(s.day, s.at_risk, s.ended, s.censored) for s in steps] == [(14, 10, 2, 1), (42, 7, 3, 0), (84, 4, 0, 4)]
    assert [round(s.lasting, 4) for s in steps] == [0.8, 0.4571, 0.4571]
    assert median_days(steps) == 42
    assert at_risk_on(watched, (5, 14, 42, 84, 85)) == (10, 10, 7, 4, 0)


def test_nobody_has_no_curve_and_no_median() -> None:
    assert kaplan_meier([]) == ()
    assert median_days([]) is None


@given(st.lists(st.builds(Watched, st.integers(1, 120), st.booleans()), max_size=60), st.randoms(use_true_random=False))
def test_curves_fall_stay_inside_their_interval_and_know_no_order(watched: list[Watched], chance: Random) -> None:
    steps = kaplan_meier(watched)
    values = [1.0, *(step.lasting for step in steps)]
    assert all(later <= earlier for earlier, later in pairwise(values))
    assert all(step.low <= step.lasting <= step.high for step in steps)
    assert sum(step.ended + step.censored for step in steps) == len(watched)
    shuffled = list(watched)
    chance.shuffle(shuffled)
    assert kaplan_meier(shuffled) == steps


# Wilson's interval, as Newcombe 1998 (Statistics in Medicine 17:857, table I, method 3) gives it.
@pytest.mark.parametrize(
    ("k", "n", "low", "high"), [(81, 263, 25.5, 36.6), (15, 148, 6.2, 16.0), (0, 20, 0.0, 16.1), (1, 29, 0.6, 17.2)]
)
def test_shares_have_wilsons_interval(k: int, n: int, low: float, high: float) -> None:
    found = share(k, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.05)
    assert (share(n - k, n).low, share(n - k, n).high) == pytest.approx((100 - high, 100 - low), abs=0.05)


def test_a_share_of_nobody_is_not_known() -> None:
    assert (share(0, 0).percent, share(0, 0).low, share(0, 0).high) == (None, None, None)


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [([], 0.5, None), ([7], 0.9, 7), ([3, 1, 2], 0.5, 2), ([4, 1, 2, 3], 0.5, 2), (list(range(1, 11)), 0.9, 9)],
)
def test_quantiles_are_values_that_were_there(values: list[float], part: float, expected: float | None) -> None:
    assert quantile(values, part) == expected
