"""The Vega-Lite specification of one timeline, made with Altair: values in, a dictionary out; it draws nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import altair as alt

from bot.relief.picture import SERIES, Picture

# Okabe and Ito's colours, told apart by the colour-blind; every series also has a shape of its own.
INK, BLUE, ORANGE, GREEN, PURPLE, GREY = "#222222", "#0072B2", "#D55E00", "#009E73", "#A0407F", "#767676"
TICKS = {
    0.25: "6 h",
    1: "1 d",
    3: "3 d",
    7: "1 wk",
    14: "2 wk",
    28: "4 wk",
    42: "6 wk",
    84: "12 wk",
    182: "6 mo",
    365: "1 y",
}
NARROW_TICKS = (0.25, 1, 7, 28, 84, 365)
LANES = {"check_in": "Check-ins", "alert": "Alerts", "staff": "Staff"}
SIGNS = {  # kind -> (what the key calls it, shape, colour)
    "answered": ("answered", "circle", GREEN),
    "partly_answered": ("partly answered", "diamond", GREEN),
    "missed": ("no answer", "M-1-1L1 1M-1 1L1 -1", INK),
    "skipped": ("not sent", "M-1 0L1 0", GREY),
    "sent": ("waiting", "M-1 0L0 -1L1 0L0 1Z", GREY),
    "planned": ("planned", "M0 -1L0 1", GREY),
    "emergency": ("emergency", "triangle-up", ORANGE),
    "urgent": ("urgent", "triangle-down", ORANGE),
}
STAFF_SIGN = ("staff act", "square", PURPLE)
WIDE, NARROW = 720, 300


def timeline_spec(picture: Picture) -> dict[str, Any]:
    """The whole chart: what is usual when, pain, relief, what happened; one axis of time for all four."""
    width = NARROW if picture.narrow else WIDE
    panels = [_expected(picture), _pain(picture), _relief(picture), _marks(picture)]
    chart = alt.vconcat(*(panel.properties(width=width) for panel in panels), spacing=8)
    chart = chart.properties(title=alt.Title(picture.title, subtitle=picture.counts, anchor="start", fontSize=15))
    return finish(chart, narrow=picture.narrow)


def finish(
    chart: Any, *, narrow: bool, shared_time: bool = True
) -> dict[str, Any]:  # Altair's charts have a base of no public name
    """What every chart of ours has in common, and the specification as a dictionary."""
    size = 11 if narrow else 12
    chart = (
        chart.resolve_scale(color="independent", shape="independent", x="shared" if shared_time else "independent")
        .configure(background="white", font="sans-serif", padding=6)
        .configure_view(stroke="#cccccc")
        .configure_axis(labelFontSize=size, titleFontSize=size, titleFontWeight="normal", gridColor="#e8e8e8")
        .configure_legend(labelFontSize=size, titleFontSize=size, orient="bottom", direction="horizontal", title=None)
        .configure_title(subtitleFontSize=size)
    )
    spec: dict[str, Any] = chart.to_dict()
    spec["usermeta"] = {"embedOptions": {"actions": False}}
    return spec


def _rows(things: Iterable[Any]) -> alt.InlineData:
    return alt.InlineData(values=[asdict(thing) for thing in things])


def _time(picture: Picture, *, labels: bool, field: str = "day") -> alt.X:
    """Days on a scale that gives the first hours room too; tick labels name hours, days and weeks."""
    wanted = NARROW_TICKS if picture.narrow else tuple(TICKS)
    values = [day for day in wanted if day <= picture.until_day * 1.01]
    names = {str(day): TICKS[day] for day in values}
    title = "Time since the injection (stretched near the start)" if labels else None
    axis = alt.Axis(
        values=values, labels=labels, ticks=labels, title=title,
        labelExpr=f"{names!r}[toString(datum.value)]", labelOverlap=False,
    )  # by rows, not an item a line  # fmt: skip
    scale = alt.Scale(type="symlog", constant=0.5, domain=[0, picture.until_day * 1.05], nice=False)
    return alt.X(f"{field}:Q", scale=scale, axis=axis)


def _expected(picture: Picture) -> Any:
    base = alt.Chart(_rows(picture.expected)).encode(
        x=_time(picture, labels=False, field="from_day"),
        y=alt.Y("label:N", sort=None, axis=None),
    )
    bars = base.mark_bar(color="#dbe7f0", cornerRadius=3).encode(x2="to_day:Q")
    words = base.mark_text(align="left", dx=4, fontSize=11, color=INK)
    late = picture.until_day * (0.02 if picture.narrow else 0.05)
    inside = words.transform_filter(f"datum.from_day <= {late}").encode(text="label:N")
    before = (
        words.mark_text(align="right", dx=-4, fontSize=11, color=INK)
        .transform_filter(f"datum.from_day > {late}")
        .encode(text="label:N")
    )
    return (bars + inside + before).properties(height=17 * max(1, len(picture.expected)), title=_panel("What is usual"))


def _panel(words: str) -> alt.Title:
    return alt.Title(words, fontSize=12, anchor="start", fontWeight="normal", color="#444444")


def _silence(picture: Picture) -> Any:
    base = alt.Chart(_rows(picture.silences)).encode(x=_time(picture, labels=False, field="from_day"))
    area = base.mark_rect(color="#ececec").encode(x2="to_day:Q", tooltip=["label:N"])
    words = base.mark_text(align="left", baseline="top", dx=4, fontSize=10, color="#555555")
    return area + words.encode(y=alt.value(4), text="label:N")


def _pain(picture: Picture) -> Any:
    y = alt.Y("value:Q", title="Pain, 0 to 10 (NRS)", scale=alt.Scale(domain=[0, 10]), axis=alt.Axis(tickCount=6))
    base = alt.Chart(_rows(picture.pain)).encode(x=_time(picture, labels=False), y=y)
    line = base.mark_line(color=BLUE).encode(detail="segment:N")
    dots = base.mark_point(color=BLUE, filled=True, size=70, opacity=1).encode(tooltip=_tooltip("Pain (NRS)"))
    layers = [_silence(picture), line, dots]
    if picture.baseline is not None:
        before = alt.Chart(
            alt.InlineData(values=[{"value": picture.baseline, "day": 0, "label": f"before: {picture.baseline}"}])
        )
        layers.append(before.mark_rule(color=INK, strokeDash=[5, 4]).encode(y=y))
        layers.append(
            before.mark_text(align="left", dx=4, dy=-7, fontSize=11).encode(
                x=_time(picture, labels=False), y=y, text="label:N"
            )
        )
    return alt.layer(*layers).properties(height=150)


def _relief(picture: Picture) -> Any:
    y = alt.Y("value:Q", title="Relief, % of usual pain", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=6))
    names, key = list(SERIES.values()), alt.Legend(columns=1 if picture.narrow else 0)
    base = alt.Chart(_rows(picture.relief)).encode(
        x=_time(picture, labels=False),
        y=y,
        color=alt.Color("series:N", scale=alt.Scale(domain=names, range=[GREEN, ORANGE, PURPLE]), legend=key),
    )
    shape = alt.Shape("series:N", scale=alt.Scale(domain=names, range=["circle", "square", "triangle-up"]), legend=key)
    lines = base.mark_line(strokeWidth=1.5).encode(detail="segment:N")
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(shape=shape, tooltip=_tooltip("Relief (%)"))
    rules = alt.Chart(_rows(picture.levels)).encode(y=alt.Y("percent:Q"))
    level = rules.mark_rule(color=GREY, strokeDash=[2, 3])
    words = rules.mark_text(align="left", dx=4, dy=-6, fontSize=11, color="#444444").encode(
        x=alt.value(0), text="label:N"
    )
    return alt.layer(_silence(picture), level, words, lines, dots).properties(height=150)


def _tooltip(value: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("day:Q", title="Days since the injection", format=".1f"),
        alt.Tooltip("value:Q", title=value),
        alt.Tooltip("series:N", title="What"),
        alt.Tooltip("asked:N", title="Question"),
        alt.Tooltip("by:N", title="Answered by"),
    ]


def _key(picture: Picture) -> alt.Legend:
    """On a phone in two columns with room between: its letters are wider than those the drawing was measured with."""
    return alt.Legend(columns=2, columnPadding=30) if picture.narrow else alt.Legend(columns=0)


def _marks(picture: Picture) -> Any:
    rows = [
        {
            "day": m.day,
            "lane": LANES[m.lane],
            "sign": SIGNS.get(m.kind, STAFF_SIGN)[0],
            "label": m.label,
            "kind": m.kind,
        }
        for m in picture.marks
    ]
    present = {row["sign"] for row in rows}
    known = [sign for sign in (*SIGNS.values(), STAFF_SIGN) if sign[0] in present]
    names = [name for name, _, _ in known]
    key = _key(picture) if names else None  # a key of nothing is endlessly wide
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=_time(picture, labels=True),
        y=alt.Y("lane:N", title=None, sort=None, scale=alt.Scale(domain=list(LANES.values()))),
    )
    signs = base.mark_point(filled=False, strokeWidth=2.2, size=80, opacity=1).encode(
        shape=alt.Shape("sign:N", scale=alt.Scale(domain=names, range=[s for _, s, _ in known]), legend=key),
        color=alt.Color("sign:N", scale=alt.Scale(domain=names, range=[c for _, _, c in known]), legend=key),
        tooltip=[
            alt.Tooltip("day:Q", title="Days since the injection", format=".1f"),
            alt.Tooltip("kind:N", title="What"),
            alt.Tooltip("label:N", title="Which"),
        ],
    )
    return signs.properties(height=78)
