"""python -m bench [NAME ...]: every measurement, or those named, as a table of ratios."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from bench.console import measure_console
from bench.paging import measure_paging
from bench.relief import measure_relief
from bench.sending import measure_sending
from bench.triage import measure_triage

MEASURES: dict[str, Callable[[], Iterable[str]]] = {
    "triage": measure_triage,
    "sending": measure_sending,
    "paging": measure_paging,
    "relief": measure_relief,
    "console": measure_console,
}

if __name__ == "__main__":
    print(f"{'what':44} {'ours':>14} {'the limit':>14} {'ratio':>7}  goal")
    for name in sys.argv[1:] or MEASURES:
        for row in MEASURES[name]():
            print(row, flush=True)
