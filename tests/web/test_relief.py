"""The relief page and its chart in a browser's eyes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from bot.drawing.easel import Easel, NotDrawn
from bot.relief.cohort_picture import CohortPicture
from bot.relief.picture import Picture
from bot.vocabulary import PatientId
from tests.web.conftest import Console

AT = "/patients/{}/relief"


@pytest.fixture
def jordan(console: Console) -> PatientId:
    """A boy of 14 whose mother answered on days 1 and 5."""
    jordan = console.enrols(
        "Jordan Lee",
        born_on="2011-05-01",
        block_pain=1,
        procedure={"level": "L5", "side": "left"},
        texter={"relation": "parent", "name": "Dana Lee"},
    )
    console.it_is("2026-03-03 10:30")
    console.hears("no to all, pain is 5")
    console.it_is("2026-03-07 10:30")
    console.hears("pain 6")
    console.hears("70 percent better")
    return jordan


def told(html: str) -> str:
    """The words of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_one_screen_says_what_the_injection_did(console: Console, jordan: PatientId) -> None:
    words = told(console.browser_of("kim").opens(AT.format(jordan)).text)
    for expected in (
        "Concordant: relief in both phases",
        "First hours 86 %, strong",
        "Day 5 to week 6 70 %, positive",
        "day 5: 70 % as stated, 14 % from the score",
        "no sedation; pain before it 7, lowest in the clinic 1",
        "Injections in 12 months 1, this one counted",
        "This labels a pattern, it advises nothing.",
    ):
        assert expected in words


def test_the_table_beside_the_chart_says_who_answered_which_question(console: Console, jordan: PatientId) -> None:
    words = told(console.browser_of("kim").opens(AT.format(jordan)).text)
    assert "1 told unasked 5 of 10 29 % parent" in words
    assert "5 told unasked 70 % 70 % stated parent" in words


def test_a_minor_has_both_ages_thresholds_an_adult_has_not(console: Console, jordan: PatientId) -> None:
    browser = console.browser_of("kim")
    assert "Adults’ and adolescents’ thresholds" in browser.opens(AT.format(jordan)).text
    adult = console.enrols("Ann Stone", "+19135550122")
    console.hears("pain 3", "+19135550122")
    assert "adolescents’" not in browser.opens(AT.format(adult)).text


def test_every_threshold_is_shown_with_its_source(console: Console, jordan: PatientId) -> None:
    words = told(console.browser_of("kim").opens(AT.format(jordan)).text)
    for source in console.runtime.content.protocols["pars_injection"].thresholds.sources.values():
        assert source in words


def test_repeat_injections_stand_side_by_side(console: Console, jordan: PatientId) -> None:
    console.it_is("2026-06-20 10:00")
    again = console.enrols(
        "Jordan Lee",
        born_on="2011-05-01",
        baseline_pain=6,
        texter={"relation": "parent", "name": "Dana Lee"},
        procedure={"at": "2026-06-19T09:30:00-05:00", "level": "L4"},
    )
    assert again == jordan
    browser = console.browser_of("kim")
    page = browser.opens(AT.format(jordan)).text
    words = told(page)
    assert "Injections side by side" in words
    assert "2026-06-19 (this one) 2026-03-02" in words
    assert "Injections in 12 months 2, this one counted" in words
    first = re.search(r'href="(/patients/[^"]+/relief/[^"]+)"', page)
    assert first is not None
    assert "First hours 86 %, strong" in told(browser.opens(first[1]).text)


def test_looking_is_noted_and_a_receptionist_may_not(console: Console, jordan: PatientId) -> None:
    console.browser_of("kim").opens(AT.format(jordan))
    assert [(e.who, e.did) for e in console.entries(jordan)][-1] == ("kim", "viewed_relief")
    console.employs("rex", "receptionist")
    assert console.browser_of("rex").opens(AT.format(jordan)).status_code == 403


def test_the_chart_is_an_svg_with_axes_units_and_n(console: Console, jordan: PatientId) -> None:
    browser = console.browser_of("kim")
    address = re.search(r'<img src="([^"]+)"', browser.opens(AT.format(jordan)).text)
    assert address is not None
    answer = browser.opens(unescape(address[1]))
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", answer.text)
    for words in (
        "Pain, 0 to 10 (NRS)", "Relief, % of usual pain", "Time since the injection (stretched near the start)",
        "n = 3 answers; 0 of 0 check-ins answered", "before: 7", "6 h", "1 d", "2 wk", "12 wk", "50 %", "30 %",
        "12.5 % (under 18)", "Numbing hours", "relief from scores", "relief as stated",
    ):  # by rows, not an item a line  # fmt: skip
        assert words in drawn, words
    assert "style=" not in answer.text
    assert "Jordan" not in answer.text
    spec = json.loads(browser.opens(unescape(address[1]).replace("chart.svg", "chart.json?narrow=1")).text)
    assert spec["vconcat"][1]["width"] < 400
    assert browser.opens(unescape(address[1]).replace("chart.svg", "chart.png")).status_code == 404


def test_the_script_is_ours_and_made_once_outside_the_tree(console: Console) -> None:
    answer = console.browser_of("kim").opens("/charts/vega.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    made = list((console.runtime.settings.data_dir / "charts").glob("vega-*.js"))
    assert len(made) == 1
    assert "vegaEmbed" in answer.get_data(as_text=True)
    before = made[0].stat().st_mtime_ns
    console.browser_of("kim").opens("/charts/vega.js")
    assert made[0].stat().st_mtime_ns == before


def test_without_a_painter_the_page_has_its_table(
    console: Console, jordan: PatientId, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_easel: Easel, _picture: Picture | CohortPicture, _form: str) -> str:
        raise NotDrawn("gone")

    monkeypatch.setattr(Easel, "draw", gone)
    browser = console.browser_of("kim")
    page = browser.opens(AT.format(jordan)).text
    address = re.search(r'<img src="([^"]+)"', page)
    assert address is not None
    assert browser.opens(unescape(address[1])).status_code == 503
    assert "6 of 10" in told(page)


def test_a_painter_that_dies_is_replaced() -> None:
    easel = Easel()
    picture = Picture("t", "n = 0 answers", None, (), (), (), (), (), (), 84)
    assert easel.draw(picture, "spec").startswith("{")
    assert easel._painter is not None
    easel._painter.kill()
    easel._painter.wait()
    assert easel.draw(replace(picture, title="u"), "spec").startswith("{")
    easel.close()
