"""python -m tests.faults: the long runs, with the times of config/ as they are; they write docs/reliability.md."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.runtime import set_clock_file
from tests.faults.chaos import Chaos
from tests.faults.invariants import Counts, assert_all_hold, slowest_page_s
from tests.faults.plant import NOON, ROOT, Plant, running_plant
from tests.faults.server import OwnServer, own_server
from tests.faults.test_database import outage_without_database

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- written by `make faults` -->", "<!-- end -->"
SETTLES_S = 240


def main() -> None:
    """Exit 1 if anything was lost or doubled."""
    wanted = _arguments()
    with tempfile.TemporaryDirectory(prefix="follow-up-faults-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "plant").mkdir()
        with own_server(home) as server, running_plant(server.url, home / "plant", sending={}) as plant:
            lines = _random_run(plant, server, wanted)
            lines += _without_database(plant, server, wanted.without_database)
    text = "\n".join(lines)
    print(text)
    if not wanted.dry:
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    sys.exit("| no |" in text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=Random().randrange(1_000_000))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--patients", type=int, default=400)
    parser.add_argument("--without-database", type=float, default=60, metavar="SECONDS")
    parser.add_argument("--dry", action="store_true", help="write nothing into docs/")
    return parser.parse_args()


def _random_run(plant: Plant, server: OwnServer, wanted: argparse.Namespace) -> list[str]:
    print(f"seed {wanted.seed}", flush=True)
    set_clock_file(plant.clock_file, NOON - timedelta(hours=6))
    chaos = Chaos(plant, Random(wanted.seed), server, plant.enrols(wanted.patients))
    set_clock_file(plant.clock_file, NOON)  # now every check-in is due
    begun = time.monotonic()
    chaos.run(wanted.seconds)
    troubled, over_at = time.monotonic(), plant.runtime.now()
    counts = assert_all_hold(plant, SETTLES_S)
    done = ", ".join(f"{what} {times}" for what, times in sorted(chaos.done.items()) if what != "nothing")
    rest_s = time.monotonic() - troubled
    title = (
        f"**Random run**, seed {wanted.seed}, {datetime.now(UTC).date()}, commit {_commit()}: 2 workers, 2 webs,"
        f" {wanted.patients} patients, {troubled - begun:.0f} s of trouble; at rest {rest_s:.0f} s after its end."
    )
    return [
        title,
        "",
        *_table(counts, wanted.patients, slowest_page_s(plant, over_at)),
        "",
        f"What was done: {done}.",
        "",
    ]


def _table(counts: Counts, patients: int, slowest_s: float) -> list[str]:
    rows = [
        ("check-ins due", patients, counts.check_ins == patients),
        ("check-ins lost: on no phone, not waiting, on no work list", counts.check_ins_lost, not counts.check_ins_lost),
        ("texts to patients that arrived twice", counts.twice, not counts.twice),
        ("texts that came in", counts.texts_in, True),
        ("... of them not kept and sorted", counts.unsorted, not counts.unsorted),
        ("alerts", counts.alerts, True),
        ("... of them without a page that arrived and not taken", counts.alerts_unpaged, not counts.alerts_unpaged),
        ("pages requested more than twice", counts.pages_over, not counts.pages_over),
        ("the provider's ids that we do not hold", counts.unknown_sids, not counts.unknown_sids),
        ("rows stuck past their time", counts.open_rows, not counts.open_rows),
        (
            "seconds until the last alert had a page: after the trouble, or its opening",
            round(slowest_s),
            slowest_s <= 120,
        ),
    ]
    return ["| what | count | holds |", "| --- | --- | --- |"] + [
        f"| {what} | {count} | {'yes' if holds else 'no'} |" for what, count, holds in rows
    ]


def _without_database(plant: Plant, server: OwnServer, seconds: float) -> list[str]:
    alerts = assert_all_hold(plant, SETTLES_S).alerts
    answers = outage_without_database(plant, server, seconds, texts=12)
    begun = time.monotonic()
    counts = assert_all_hold(plant, SETTLES_S)
    refused = sum(500 <= status <= 599 for status in answers)
    opened = counts.alerts - alerts
    title = f"**{seconds:.0f} s without a database** (`pg_ctl stop -m immediate`), {len(answers)} red flags meanwhile."
    return [
        title,
        "",
        "| what | count | holds |",
        "| --- | --- | --- |",
        f"| webhooks answered 5xx | {refused} of {len(answers)} | {_yes(refused == len(answers))} |",
        f"| alerts opened and paged afterwards | {opened} | {_yes(opened == len(answers))} |",
        f"| seconds until everything was at rest | {time.monotonic() - begun:.0f} | yes |",
    ]


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()


main()
