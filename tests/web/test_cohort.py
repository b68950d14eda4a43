"""The cohort page: response first, small groups hidden, nothing in the address that names a patient."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.web.conftest import Console
from tests.web.test_relief import told


@pytest.fixture
def many(console: Console) -> Console:
    """Nine adults of Dr. Rivera, two of Dr. Okafor; on day 5 six say that they are better, three that they are not."""
    for number in range(11):
        provider = "Dr. Rivera" if number < 9 else "Dr. Okafor"
        phone = f"+191355502{number:02}"
        console.enrols(f"Patient {number}", phone, procedure={"provider": provider, "level": "L5"}, block_pain=1)
    console.it_is("2026-03-07 10:30")
    for number in range(9):
        console.hears("pain 2" if number < 6 else "pain 7", f"+191355502{number:02}")
    return console


def test_relief_has_its_interval_and_response_comes_first(many: Console) -> None:
    page = many.browser_of("kim").opens("/cohort").text
    words = told(page)
    assert page.index("Response") < page.index("At each check-in") < page.index("Patterns")
    assert "day 5 nobody yet 67 % (35–88; 6/9)" in words
    assert "concordant 55 % (28–79; 6/11)" in words
    assert "short relief 27 % (10–57; 3/11)" in words
    assert "(6 reached 50 %; 3 never did; 2 not known)" in words


def test_small_groups_are_hidden(many: Console) -> None:
    browser = many.browser_of("kim")
    words = told(browser.opens("/cohort").text)
    assert "Dr. Okafor hidden: too few, or would give away the hidden one" in words
    assert "Dr. Rivera hidden: too few, or would give away the hidden one" in words
    assert "Fewer than 5 injections" in told(browser.opens("/cohort?provider=Dr.+Okafor").text)
    assert "Fewer than 5 injections" in told(browser.opens("/cohort?since=2020-01-01&until=2020-12-31").text)
    assert "67 % (35–88; 6/9)" in told(browser.opens("/cohort?provider=Dr.+Rivera&level=L5&age=18-29").text)


def test_the_chart_says_n_and_intervals(many: Console) -> None:
    browser = many.browser_of("kim")
    address = re.search(r'<img src="([^"]+)"', browser.opens("/cohort").text)
    assert address is not None
    answer = browser.opens(unescape(address[1]))
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", answer.text)
    for words in (
        "n = 11 injections; bars are 95 % intervals (Wilson)", "Share, %", "6/9", "Number at risk",
        "n = 6 who reached it; 0 lost it, 6 censored; band 95 %", "Time since the injection, weeks", "12 wk",
    ):  # by rows, not an item a line  # fmt: skip
        assert words in drawn, words
    bar = re.search(r'aria-label="Check-in: day 5; low: ([\d.]+); high: ([\d.]+)[^>]*y2="-([\d.]+)"', answer.text)
    assert bar is not None, "the interval is drawn"
    low, high, pixels = map(float, bar.groups())
    assert (round(low), round(high)) == (35, 88)
    assert pixels == pytest.approx(2 * (high - low)), "200 pixels are 100 %"
    assert "style=" not in answer.text


@pytest.mark.parametrize(
    ("address", "status"),
    [("?since=soon", 400), ("?until=9999-12-31", 400), ("?protocol=knee", 404), ("/chart.png", 404)],
)
def test_a_wrong_choice_is_refused(console: Console, address: str, status: int) -> None:
    assert console.browser_of("kim").opens(f"/cohort{address}").status_code == status


def test_a_receptionist_sees_no_cohort(console: Console) -> None:
    console.employs("rex", "receptionist")
    assert console.browser_of("rex").opens("/cohort").status_code == 403
