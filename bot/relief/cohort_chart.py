"""The Vega-Lite specification of a cohort: response and relief at each check-in, and Kaplan and Meier's curve."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import altair as alt

from bot.relief.chart import BLUE, GREEN, GREY, INK, finish
from bot.relief.cohort_picture import ANSWERED, RELIEVED, CohortPicture

WIDE, NARROW = 640, 270
DAYS = {7: "1 wk", 14: "2 wk", 28: "4 wk", 42: "6 wk", 84: "12 wk", 126: "18 wk", 168: "24 wk"}


def cohort_spec(picture: CohortPicture) -> dict[str, Any]:
    """The whole chart."""
    width = NARROW if picture.narrow else WIDE
    panels = (_check_ins(picture), _curve(picture), _at_risk(picture))
    chart = alt.vconcat(*(panel.properties(width=width) for panel in panels), spacing=14)
    chart = chart.properties(title=alt.Title(picture.title, subtitle=picture.counts, anchor="start", fontSize=15))
    return finish(chart, narrow=picture.narrow, shared_time=False)


def _check_ins(picture: CohortPicture) -> Any:
    series = {ANSWERED: "answered the check-in", RELIEVED: f"relief of {picture.useful} or more, of those known"}
    rows = [asdict(bar) | {"series": series[bar.series]} for bar in picture.bars]
    names = list(series.values())
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("check_in:N", sort=None, title="Check-in", axis=alt.Axis(labelAngle=0)),
        xOffset=alt.XOffset("series:N", scale=alt.Scale(domain=names)),
    )
    y = alt.Y("percent:Q", title="Share, %", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=6))
    legend = alt.Legend(columns=1, labelLimit=400)
    color = alt.Color("series:N", scale=alt.Scale(domain=names, range=[BLUE, GREEN]), legend=legend)
    shape = alt.Shape("series:N", scale=alt.Scale(domain=names, range=["circle", "square"]), legend=legend)
    reach = base.mark_rule(strokeWidth=2).encode(y=alt.Y("low:Q"), y2="high:Q", color=color)
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        y=y,
        color=color,
        shape=shape,
        tooltip=[
            alt.Tooltip("check_in:N", title="Check-in"),
            alt.Tooltip("series:N", title="What"),
            alt.Tooltip("percent:Q", title="%", format=".0f"),
            alt.Tooltip("low:Q", title="95 % from", format=".0f"),
            alt.Tooltip("high:Q", title="to", format=".0f"),
            alt.Tooltip("words:N", title="n"),
        ],
    )
    upright = {"angle": 270, "align": "left", "baseline": "middle"}  # side by side they would run into each other
    place = upright if picture.narrow else {"baseline": "bottom"}
    words = base.mark_text(fontSize=10, color="#444444", **place).encode(y=alt.value(198), text="words:N")
    return (reach + dots + words).properties(height=200)


def _time(picture: CohortPicture, *, labels: bool) -> alt.X:
    last = max([84, *(stair.day for stair in picture.stairs)])
    values = [day for day in DAYS if day <= last]
    axis = alt.Axis(
        values=values,
        labels=labels,
        ticks=labels,
        title="Time since the injection, weeks" if labels else None,
        labelExpr=f"{ ({str(day): words for day, words in DAYS.items()})!r}[toString(datum.value)]",
    )
    return alt.X("day:Q", scale=alt.Scale(domain=[0, last * 1.04], nice=False), axis=axis)


def _curve(picture: CohortPicture) -> Any:
    base = alt.Chart(alt.InlineData(values=[asdict(stair) for stair in picture.stairs])).encode(
        x=_time(picture, labels=True)
    )
    title = ["Relief still there,", "% of those who reached it"]
    y = alt.Y("percent:Q", title=title, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=6))
    band = base.mark_area(interpolate="step-after", opacity=0.18, color=GREEN).encode(y=alt.Y("low:Q"), y2="high:Q")
    line = base.mark_line(interpolate="step-after", color=GREEN, strokeWidth=2).encode(y=y)
    ticks = (
        base.transform_filter("datum.censored > 0")
        .mark_point(shape="stroke", angle=90, color=INK, size=90, strokeWidth=1.8, opacity=1)
        .encode(y=y, tooltip=[alt.Tooltip("day:Q", title="Day"), alt.Tooltip("censored:Q", title="Censored")])
    )
    words = alt.Title(
        f"Time to loss of {picture.useful} relief",
        subtitle=picture.loss_counts,
        fontSize=12,
        anchor="start",
        fontWeight="normal",
    )
    return (band + line + ticks).properties(height=190, title=words)


def _at_risk(picture: CohortPicture) -> Any:
    rows = [asdict(one) for one in picture.at_risk]
    words = alt.Chart(alt.InlineData(values=rows)).mark_text(fontSize=11, color=INK)
    title = alt.Title("Number at risk", fontSize=11, anchor="start", fontWeight="normal", color=GREY)
    return words.encode(x=_time(picture, labels=False), text="n:Q", y=alt.value(8)).properties(height=16, title=title)
