"""One timeline among two million texts, a cohort of ten thousand, and Kaplan and Meier beside lifelines."""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import median
from uuid import uuid4

from sqlalchemy import text

from bench.seeding import NOW, seed_procedures, seed_texts
from bot.content.load import load_content
from bot.gateways.twilio import TwilioGateway
from bot.relief.survival import Watched, kaplan_meier
from bot.runtime import Clock, Runtime, set_clock_file
from bot.services.cohort import Choice, cohort_page
from bot.services.timeline import find_timeline
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.embedded import start_embedded, stop_embedded
from bot.storage.migrations import migrate
from bot.storage.sealing import Keyring

ROOT = Path(__file__).resolve().parents[1]
PROCEDURES, TEXTS, ROUNDS = 10_000, 2_000_000, 7


def measure_relief(*, count: int = PROCEDURES, texts: int = TEXTS) -> Iterator[str]:
    """Rows of the table, on a database of this run's own."""
    with tempfile.TemporaryDirectory(prefix="follow-up-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        database = Database(start_embedded(home / "postgres"), Keyring((("bench", b"b" * 32),)))
        try:
            migrate(database.engine)
            seed_procedures(database, count)
            seed_texts(database, texts)
            yield from _measured(runtime_on(database, home), count, texts)
        finally:
            database.dispose()
            stop_embedded()
    yield _survival()


def runtime_on(database: Database, home: Path) -> Runtime:
    set_clock_file(home / "clock.json", NOW, rate=0.0)
    settings = Settings(bot_data_dir=home, twilio_api_url="http://127.0.0.1:9")
    content = load_content(ROOT / "config")
    return Runtime(settings, Clock(home / "clock.json"), database, content, TwilioGateway, uuid4())


def _measured(rt: Runtime, count: int, texts: int) -> Iterator[str]:
    with rt.database.begin() as tx:
        held = tx.connection.execute(text("SELECT count(*) FROM texts")).scalar_one()
    assert held >= texts
    wanted = [f"S-{number}" for number in range(0, count, max(1, count // 40))]

    def timelines() -> None:
        for mrn in wanted:
            assert find_timeline(rt, mrn) is not None

    def bare() -> None:
        """The SQL alone: the answers of as many procedures, by their index."""
        with rt.database.begin() as tx:
            for _ in wanted:
                tx.connection.execute(
                    text("SELECT * FROM scores WHERE procedure_id = (SELECT id FROM procedures LIMIT 1)")
                ).all()

    mine, theirs = _alternately(timelines, bare)
    each, limit = 1000 * mine / len(wanted), 1000 * theirs / len(wanted)
    yield _row(f"one timeline at {held:,} texts (one query)", each, limit, "ms", "50 ms")

    def cohort() -> None:
        assert cohort_page(rt, Choice(), None).cohort.n == count

    def every_row() -> None:
        with rt.database.begin() as tx:
            tx.connection.execute(text("SELECT procedure_id, kind, value, day, asked, at FROM scores")).all()

    mine, theirs = _alternately(cohort, every_row)
    yield _row(f"cohort of {count:,} (its scores as rows)", mine, theirs, "s ", "2 s")


def _survival() -> str:
    from lifelines import KaplanMeierFitter  # noqa: PLC0415 - only here, and only in development

    chance = Random(1)
    watched = [Watched(chance.choice((5, 14, 28, 42, 84)), chance.random() < 0.6) for _ in range(PROCEDURES)]
    days, ended = [one.days for one in watched], [one.ended for one in watched]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mine, theirs = _alternately(lambda: kaplan_meier(watched), lambda: KaplanMeierFitter().fit(days, ended))
    return _row(f"Kaplan-Meier of {PROCEDURES:,} (lifelines)", 1000 * mine, 1000 * theirs, "ms", "20 ms")


def _row(what: str, ours: float, limit: float, unit: str, goal: str) -> str:
    return f"{what:44} {ours:11.2f} {unit} {limit:11.2f} {unit} {ours / limit:7.2f}  {goal}"


def _alternately(ours: Callable[[], object], limit: Callable[[], object]) -> tuple[float, float]:
    """Seconds of each, medians of rounds that take turns, after one round of each that does not count."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 1):
        for one, times in zip((ours, limit), taken, strict=True):
            start = time.perf_counter()
            one()
            if number:
                times.append(time.perf_counter() - start)
    return median(taken[0]), median(taken[1])
