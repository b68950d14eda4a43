"""The console's lists as a browser gets them: 5,000 patients, 300 open items, 100,000 texts; beside the bare rows."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import event, insert, select, text

from bench.relief import runtime_on
from bench.seeding import NOW, seed_procedures, seed_texts
from bot.exchange.enrolment import StaffIn, read_list
from bot.runtime import Runtime
from bot.services.health import beat
from bot.services.people import add_staff
from bot.storage.database import Database
from bot.storage.embedded import start_embedded, stop_embedded
from bot.storage.migrations import migrate
from bot.storage.sealing import Keyring
from bot.storage.tables import alerts, procedures, texters, texts, work_items
from bot.web.app import create_app

PATIENTS, ITEMS, ALERTS, TEXTS, ROUNDS = 5_000, 300, 20, 100_000, 25
KINDS = ("question", "not_reached", "appointment_request", "check_in_too_late", "old_signs")
PASSWORD = "a-long-secret-for-the-bench"  # of a database that is thrown away
GOAL_MS, MOST_QUERIES = 300, 25
POLL_MS = 20


def measure_console() -> Iterator[str]:
    """Rows of the table, on a database of this run's own."""
    with tempfile.TemporaryDirectory(prefix="follow-up-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        database = Database(start_embedded(home / "postgres"), Keyring((("bench", b"b" * 32),)))
        try:
            migrate(database.engine)
            seed_procedures(database, PATIENTS)
            seed_texts(database, TEXTS)
            _open_work(database)
            yield from _measured(runtime_on(database, home))
        finally:
            database.dispose()
            stop_embedded()


def _open_work(database: Database) -> None:
    """Items and alerts of as many patients, each about a text with words of its own."""
    with database.begin() as tx:
        whose = tx.list(select(texters.c.patient_id, texters.c.phone_id).limit(ITEMS + ALERTS))
        said = [uuid4() for _ in whose]
        tx.run(insert(texts), [
            {"id": key, "phone_id": one.phone_id, "direction": "in", "kind": "reply", "words_hash": b"-", "at": NOW,
             "words_sealed": tx.seal("texts.words", key, f"Can I go swimming on Friday? {n} " + "and so on " * 12),
             "media": 0, "attempts": 0, "answered_at": NOW}
            for n, (one, key) in enumerate(zip(whose, said, strict=True))
        ])  # by rows, not an item a line  # fmt: skip
        tx.run(insert(work_items), [
            {"id": uuid4(), "dedupe_key": f"bench-{n}", "kind": KINDS[n % len(KINDS)], "patient_id": one.patient_id,
             "phone_id": one.phone_id, "text_id": key, "created_at": NOW - timedelta(hours=1),
             "due_at": NOW + timedelta(minutes=n - 60)}
            for n, (one, key) in enumerate(zip(whose[:ITEMS], said[:ITEMS], strict=True))
        ])  # by rows, not an item a line  # fmt: skip
        tx.run(insert(alerts), [
            {"id": uuid4(), "patient_id": one.patient_id, "phone_id": one.phone_id, "text_id": key, "level": "urgent",
             "flags": ["fever"], "reason": "red_flag", "code": f"B{n}", "opened_at": NOW, "policy": {},
             "paging_from": NOW, "round": 0}
            for n, (one, key) in enumerate(zip(whose[ITEMS:], said[ITEMS:], strict=True))
        ])  # by rows, not an item a line  # fmt: skip


def _measured(rt: Runtime) -> Iterator[str]:
    client = _signed_in(rt)
    with rt.database.begin() as tx:
        held = int(tx.connection.execute(text("SELECT count(*) FROM texts")).scalar_one())
    assert held >= TEXTS
    mark = client.get("/work-list").headers["ETag"]
    token = client.get("/patients").text.split('name="csrf_token" value="')[1].split('"')[0]
    rounds: tuple[tuple[str, Callable[[], bool], Callable[[], None], float], ...] = (
        (f"work list, {ITEMS} items, {ALERTS} alerts (bare rows)",
         lambda: client.get("/").text.count('id="item-') == ITEMS, lambda: _bare_work(rt), GOAL_MS),
        ("the same, nothing new (its bare query)",
         lambda: client.get("/work-list", headers={"If-None-Match": mark, "X-Asked-By": "page"}).status_code == 304,
         lambda: _bare_ids(rt), POLL_MS),
        (f"patients, {PATIENTS:,} (bare rows of a page)",
         lambda: "of 5,000" in client.get("/patients").text, lambda: _bare_people(rt, 100), GOAL_MS),
        (f"search among {PATIENTS:,} (all bare rows)",
         lambda: "more are called that" in client.post("/patients", data={"csrf_token": token, "q": "patient 1"}).text,
         lambda: _bare_people(rt, PATIENTS), GOAL_MS),
    )  # by rows, not an item a line  # fmt: skip
    for what, ours, bare, goal in rounds:
        mine, worst, busy, theirs, queries = _alternately(rt, ours, bare)
        assert queries <= MOST_QUERIES, (what, queries)
        print_as = f"{what:44} {mine:11.1f} ms {theirs:11.1f} ms {mine / theirs:7.2f}"
        yield f"{print_as}  {goal} ms (p95 {worst:.1f}, processor {busy:.1f}, {queries} queries)"


def _signed_in(rt: Runtime) -> FlaskClient:
    person = {"username": "kim", "name": "Kim", "phone": "+19135550190", "role": "nurse", "password": PASSWORD}
    add_staff(rt, read_list(StaffIn, person), "bench")
    beat(rt)
    client = create_app(rt).test_client()
    token = client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    entered = client.post("/sign-in", data={"csrf_token": token, "username": "kim", "password": PASSWORD, "next": "/"})
    assert entered.status_code == 302
    return client


def _bare_work(rt: Runtime) -> None:
    with rt.database.begin() as tx:
        tx.list(work_items.select().where(work_items.c.done_at.is_(None)).order_by(work_items.c.due_at))
        tx.list(alerts.select().where(alerts.c.closed_at.is_(None)))


def _bare_ids(rt: Runtime) -> None:
    with rt.database.begin() as tx:
        tx.list(select(work_items.c.id, work_items.c.claimed_by).where(work_items.c.done_at.is_(None)))


def _bare_people(rt: Runtime, count: int) -> None:
    with rt.database.begin() as tx:
        tx.connection.execute(
            text("SELECT id, name_sealed, mrn_sealed FROM patients ORDER BY created_at DESC LIMIT :n"), {"n": count}
        ).all()
        tx.list(select(procedures.c.patient_id, procedures.c.at).limit(count))


def _alternately(
    rt: Runtime, ours: Callable[[], bool], bare: Callable[[], None]
) -> tuple[float, float, float, float, int]:
    """Milliseconds: our median, 95th percentile and processor time, the bare median; and our number of queries."""
    mine: list[float] = []
    theirs: list[float] = []
    assert ours()
    bare()
    busy = 0.0
    for _ in range(ROUNDS):
        for times, act in ((mine, ours), (theirs, bare)):
            start, before = time.perf_counter(), time.process_time()
            act()
            times.append(1000 * (time.perf_counter() - start))
            busy += 1000 * (time.process_time() - before) if act is ours else 0.0
    with _counted(rt) as statements:
        assert ours()
    return median(mine), quantiles(mine, n=20)[-1], busy / ROUNDS, median(theirs), len(statements)


@contextmanager
def _counted(rt: Runtime) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(rt.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(rt.database.engine, "before_cursor_execute", note)
