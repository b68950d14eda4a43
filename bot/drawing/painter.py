"""The child process: reads an order a line, answers a line, ends with its input or after a quarter of an hour without
work. It keeps nothing, and says of a failure only what kind it was."""

from __future__ import annotations

import json
import select
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from bot.relief.chart import timeline_spec
from bot.relief.cohort_chart import cohort_spec
from bot.relief.cohort_picture import CohortPicture
from bot.relief.picture import Picture

IDLE_S = 900
SCRIPT = "window.vegaEmbed = vegaEmbed;"  # what relief.js asks of the bundle


@dataclass(frozen=True, slots=True)
class Chart:
    """How a picture of one kind is read and specified."""

    read: Callable[[Any], Any]
    specify: Callable[[Any], dict[str, Any]]


CHARTS = {
    "Picture": Chart(TypeAdapter(Picture).validate_python, timeline_spec),
    "CohortPicture": Chart(TypeAdapter(CohortPicture).validate_python, cohort_spec),
}


def paint(order: dict[str, Any]) -> str:
    """The drawing that was ordered: an SVG, a specification as JSON, or the script that draws in a browser."""
    import vl_convert  # noqa: PLC0415 - the browser's half of a chart needs only the specification

    if order["form"] == "script":
        return str(vl_convert.javascript_bundle(SCRIPT))
    chart = CHARTS[order["chart"]]
    spec = chart.specify(chart.read(order["picture"]))
    return json.dumps(spec) if order["form"] == "spec" else str(vl_convert.vegalite_to_svg(spec))


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Until the input ends or nobody has asked for long."""
    while select.select([orders], [], [], IDLE_S)[0]:
        line = orders.readline()
        if not line:
            return
        try:
            answer = {"drawn": paint(json.loads(line))}
        except Exception as error:  # noqa: BLE001 - the page then shows its table, and the log the kind of failure
            answer = {"failed": type(error).__name__}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
