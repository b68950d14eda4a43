"""One axis for scores, check-ins, alerts, staff and silence; and the picture and specification made of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import vl_convert

from bot.relief.axis import Act, Asking, Mark, Raised, Silence, marks, silences
from bot.relief.chart import NARROW, SIGNS, WIDE, timeline_spec
from bot.relief.picture import Picture, Span, picture_of
from bot.vocabulary import CheckInState
from tests.relief.courses import AWAKE, INJECTED, pain, stated
from tests.relief.limits import LIMITS

A, P, M, S, W, N = (
    CheckInState.ANSWERED, CheckInState.PARTLY_ANSWERED, CheckInState.MISSED, CheckInState.SKIPPED,
    CheckInState.PLANNED, CheckInState.SENT,
)  # by rows, not an item a line  # fmt: skip


def askings(*states: CheckInState) -> list[Asking]:
    days = (1, 5, 14, 28, 42, 84)
    return [Asking(f"d_{day}", INJECTED + timedelta(days=day), s) for day, s in zip(days, states, strict=False)]


@pytest.mark.parametrize(
    ("states", "gaps"),
    [
        ((A, A, A), ()),
        ((A, M, A), (Silence(5, 14, ("d_5",), ("missed",)),)),
        (
            (A, M, S, P, M),
            (Silence(5, 28, ("d_5", "d_14"), ("missed", "skipped")), Silence(42, None, ("d_42",), ("missed",))),
        ),
        ((M, M, N, W), (Silence(1, None, ("d_1", "d_5"), ("missed", "missed")),)),
        ((W, W), ()),
    ],
    ids=["none", "one in the middle", "unasked and unanswered", "lost", "not yet"],
)
def test_silence_is_shown_as_silence(states: tuple[CheckInState, ...], gaps: tuple[Silence, ...]) -> None:
    assert silences(INJECTED, reversed(askings(*states))) == gaps


def test_alerts_and_what_staff_did_stand_on_the_same_axis() -> None:
    at = INJECTED + timedelta(days=5)
    alert = Raised("urgent", ("fever",), at, at + timedelta(hours=12), "kim", at + timedelta(days=1), "office_today")
    found = marks(INJECTED, askings(A), [alert], [Act(at + timedelta(days=2), "lee", "took_thread")])
    assert found == (
        Mark(1.0, "check_in", "answered", "d 1"),
        Mark(5.0, "alert", "urgent", "fever"),
        Mark(5.5, "staff", "acknowledged", "kim"),
        Mark(6.0, "staff", "closed", "office today"),
        Mark(7.0, "staff", "took_thread", "lee"),
    )


def picture(*states: CheckInState, minor: bool = False) -> Picture:
    course = replace(
        AWAKE, block_pain=1, scores=(pain(1, 6), pain(5, 3), pain(28, 2), pain(-1, 9)), relief=(stated(5, 70),)
    )
    gaps = silences(INJECTED, askings(*states))
    return picture_of(
        course, LIMITS, minor=minor, counts="n = 5 answers", expected=(Span("Flare", 1, 3),), gaps=gaps,
        marks=marks(INJECTED, askings(*states), [], []), last_day=84,
    )  # by rows, not an item a line  # fmt: skip


def test_no_line_crosses_a_silence() -> None:
    """Day 5 and week 4 are of two segments if week 2 was silent, of one if it was not."""
    pain_dots = picture(A, A, M, A).pain
    assert [(round(dot.day, 2), dot.segment) for dot in pain_dots] == [(0.04, 0), (1, 0), (5, 0), (28, 1)]
    assert {dot.segment for dot in picture(A, A, A, A).pain} == {0}


def test_the_adolescents_level_is_drawn_for_minors_only() -> None:
    assert [level.percent for level in picture(A).levels] == [50, 30]
    assert [level.percent for level in picture(A, minor=True).levels] == [50, 30, 12.5]


def _texts(spec: Any, key: str) -> set[str]:
    """Every string under that key anywhere in the specification."""
    if isinstance(spec, dict):
        own = {spec[key]} if isinstance(spec.get(key), str) else set()
        return own.union(*(_texts(value, key) for value in spec.values()))
    return set().union(*(_texts(value, key) for value in spec)) if isinstance(spec, list) else set()


@pytest.mark.parametrize("narrow", [False, True])
def test_the_specification_names_axes_units_and_n(narrow: bool) -> None:
    spec = timeline_spec(replace(picture(A, A, M, A), narrow=narrow))
    titles = _texts(spec, "title") | _texts(spec, "text")
    assert {"Pain, 0 to 10 (NRS)", "Relief, % of usual pain", "What is usual"} <= titles
    assert _texts(spec, "subtitle") == {"n = 5 answers"}
    assert {"sign", "series", "percent"} <= _texts(spec, "field")
    assert not [url for url in _texts(spec, "url") if url]


def test_a_narrow_charts_key_is_no_wider_than_its_panels() -> None:
    """A key in one row made the drawing wider, so that a phone cut its end off and shrank the rest."""
    everything = tuple(Mark(float(n), "check_in", kind, "x") for n, kind in enumerate([*SIGNS, "acknowledged"], 1))
    full = replace(picture(A, A, M, A), marks=everything)
    beside = _width(full) - WIDE
    assert 50 < beside < 100
    assert _width(replace(full, narrow=True)) - NARROW <= beside
    assert _width(replace(full, marks=())) - WIDE == beside, "a key of nothing was endlessly wide"


def _width(one: Picture) -> float:
    drawn = re.search(r'<svg[^>]* width="([^"]+)"', vl_convert.vegalite_to_svg(timeline_spec(one)))
    assert drawn is not None
    return float(drawn[1])


def test_an_empty_course_has_a_chart_too() -> None:
    empty = picture_of(
        replace(AWAKE, baseline=None), LIMITS, minor=False, counts="n = 0 answers", expected=(), gaps=(), marks=(),
        last_day=84,
    )  # by rows, not an item a line  # fmt: skip
    assert timeline_spec(empty)["vconcat"]
