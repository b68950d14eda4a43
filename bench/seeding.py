"""Fills a database with procedures, answers and texts that nobody wrote, for benches and pictures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text

from bot.storage.database import Database, Tx
from bot.storage.procedures import Procedure
from bot.storage.tables import alerts, check_ins, patients, phones, procedures, scores, texters, texts
from bot.vocabulary import PatientId, ProcedureId

NOW = datetime(2026, 11, 1, 15, 0, tzinfo=UTC)
DAYS = {"day_1": 1, "day_5": 5, "week_2": 14, "week_4": 28, "week_6": 42, "week_12": 84}
PROVIDERS = ("Dr. Rivera", "Dr. Okafor", "Dr. Lindqvist", "Dr. Chen")
BATCH = 2000
SPAN = timedelta(days=360)


def seed_procedures(database: Database, count: int, *, seed: int = 1, now: datetime = NOW) -> None:
    """So many patients with one procedure each, followed up to now as the published studies say they fare."""
    chance = Random(seed)
    for start in range(0, count, BATCH):
        rows: dict[Any, list[dict[str, Any]]] = {
            table: [] for table in (patients, phones, texters, procedures, texts, check_ins, scores, alerts)
        }
        with database.begin() as tx:
            for number in range(start, min(count, start + BATCH)):
                at = now - timedelta(days=1) - SPAN * chance.random()
                _one(tx, rows, chance, number, at.replace(microsecond=0), now)
            for table, found in rows.items():
                if found:
                    tx.run(insert(table), found)


def _one(
    tx: Tx, rows: dict[Any, list[dict[str, Any]]], chance: Random, number: int, at: datetime, now: datetime
) -> None:
    patient, phone, procedure, said = (uuid4() for _ in range(4))
    rows[patients].append(_patient(tx, patient, number, chance, at))
    rows[phones].append({
        "id": phone, "number_hash": tx.keyring.digest("number", f"bench-{number}"),
        "number_sealed": tx.seal("phones.number", phone, f"+1913{number:07}"), "created_at": at,
    })  # by rows, not an item a line  # fmt: skip
    rows[texters].append({
        "id": uuid4(), "patient_id": patient, "phone_id": phone, "relation": "self", "is_first": True,
        "name_sealed": tx.seal("texters.name", patient, f"Patient {number}"),
    })  # by rows, not an item a line  # fmt: skip
    baseline = chance.randint(5, 9)
    helped, lasts = chance.random() < 0.75, chance.random()
    block = max(0, baseline - (chance.randint(4, baseline) if helped else chance.randint(0, 2)))
    made = Procedure(
        ProcedureId(procedure), PatientId(patient), "pars_injection", at, chance.choice(("L4", "L5")),
        chance.choice(("left", "right", "bilateral")), chance.random() < 0.1, chance.choice(PROVIDERS), None, None,
        baseline, block,
    )  # by rows, not an item a line  # fmt: skip
    rows[procedures].append({name: getattr(made, name) for name in Procedure.__dataclass_fields__} | {"created_at": at})
    silent_from = chance.choice((2, 15, 43, 999, 999, 999, 999))
    for name, day in DAYS.items():
        due = at + timedelta(days=day)
        state = "planned" if due > now else "missed" if day >= silent_from or chance.random() < 0.08 else "answered"
        rows[check_ins].append({
            "id": uuid4(), "procedure_id": procedure, "name": name, "due_at": due, "closes_at": due, "state": state,
            "sent_at": None if state == "planned" else due, "ended_at": None,
        })  # by rows, not an item a line  # fmt: skip
        if state == "answered" and name != "week_4":
            _answers(rows, chance, (procedure, phone), due, day, baseline, relieved=helped and lasts > day / 130)
    if chance.random() < 0.04:
        rows[texts].append(_text(said, phone, at + timedelta(days=3)))
        rows[alerts].append(_alert(chance, number, patient, procedure, phone, said, at + timedelta(days=3)))


def _patient(tx: Tx, key: UUID, number: int, chance: Random, at: datetime) -> dict[str, Any]:
    born = date(2026 - chance.randint(12, 70), chance.randint(1, 12), chance.randint(1, 28))
    sealed = {
        "mrn": f"S-{number}",
        "name": f"Patient {number}",
        "born_on": born.isoformat(),
        "chart": '{"history": []}',
    }
    return {
        "id": key,
        "mrn_hash": tx.keyring.digest("mrn", f"S-{number}"),
        "language": "en",
        "time_zone": "America/Chicago",
        "created_at": at,
        "died_at": None,
    } | {f"{name}_sealed": tx.seal(f"patients.{name}", key, value) for name, value in sealed.items()}


def _text(key: UUID, phone: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": key, "phone_id": phone, "direction": "in", "kind": "reply", "words_sealed": b"-", "words_hash": b"-",
        "at": at, "media": 0, "attempts": 0, "answered_at": at,
    }  # by rows, not an item a line  # fmt: skip


def _answers(
    rows: dict[Any, list[dict[str, Any]]],
    chance: Random,
    where: tuple[UUID, UUID],
    due: datetime,
    day: int,
    baseline: int,
    *,
    relieved: bool,
) -> None:
    procedure, phone = where
    said = uuid4()
    rows[texts].append(_text(said, phone, due))
    share = chance.uniform(0.5, 0.95) if relieved else chance.uniform(0.0, 0.45)
    for kind, value, asked in (
        ("pain", round(baseline * (1 - share)), "pain_now" if day < 14 else "pain_week"),
        ("relief", round(20 * share + chance.uniform(-1, 1)) * 5, "best_relief" if day == 1 else "relief"),
    ):
        rows[scores].append({
            "id": uuid4(), "procedure_id": procedure, "text_id": said, "kind": kind, "asked": asked, "at": due,
            "value": max(0, min(100, value)), "day": day,
        })  # by rows, not an item a line  # fmt: skip


def _alert(chance: Random, number: int, *keys: Any) -> dict[str, Any]:
    patient, procedure, phone, said, at = keys
    took = at + timedelta(seconds=chance.expovariate(1 / 150))
    return {
        "id": uuid4(), "patient_id": patient, "procedure_id": procedure, "phone_id": phone, "text_id": said,
        "level": chance.choice(("urgent", "urgent", "emergency")), "flags": ["fever"], "reason": "red_flag",
        "code": f"S{number}", "opened_at": at, "policy": {}, "paging_from": at, "round": 0,
        "first_paged_at": at + timedelta(seconds=1 + chance.random()),
        "acknowledged_at": took, "acknowledged_by": "kim", "acknowledged_how": "text",
        "closed_at": took + timedelta(hours=1), "closed_by": "kim",
        "outcome": chance.choice(("office_today", "home_care", "home_care", "false_alarm")),
    }  # by rows, not an item a line  # fmt: skip


def seed_texts(database: Database, count: int) -> None:
    """So many more texts in the threads of everybody, written by the server itself."""
    step = 100_000
    for start in range(0, count, step):
        with database.begin() as tx:
            tx.connection.execute(text("SET LOCAL statement_timeout = 0"))
            tx.connection.execute(
                text(
                    "INSERT INTO texts (id, phone_id, direction, kind, words_sealed, words_hash, at, media, attempts,"
                    " answered_at) SELECT gen_random_uuid(), p.id, 'in', 'reply', '\\x2d', '\\x2d', :now, 0, 0, :now"
                    " FROM (SELECT id, row_number() OVER () AS n FROM phones) p JOIN generate_series(1, :step) s"
                    " ON s % (SELECT count(*) FROM phones) + 1 = p.n"
                ),
                {"now": NOW, "step": min(step, count - start)},
            )
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
