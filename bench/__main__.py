"""python -m bench: every measurement, as a table of ratios."""

from __future__ import annotations

from bench.triage import measure_triage

if __name__ == "__main__":
    print(f"{'what':44} {'ours':>14} {'the limit':>14} {'ratio':>7}  goal")
    for row in measure_triage():
        print(row)
