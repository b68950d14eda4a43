"""Many procedures at once, for the cohort: four queries however many there are, a row for each procedure. It opens
birth dates and nothing else, and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, Subquery, and_, func, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.types import NullType

from bot.storage.database import Tx
from bot.storage.tables import alerts, check_ins, patients, phones, procedures, scores, texters
from bot.vocabulary import CheckInState, ProcedureId


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which procedures: one protocol's, begun within the span, and which of its check-ins; None takes every value."""

    protocol: str
    since: datetime
    until: datetime
    check_ins: tuple[str, ...]
    provider: str | None = None
    level: str | None = None
    side: str | None = None


Number = tuple[str, int, int, str, datetime]
"""kind, value, day, asked, at: as `scores` holds them; a plain tuple, because there are ten for each procedure."""


@dataclass(frozen=True, slots=True)
class AlertTimes:
    """One alert of one procedure."""

    level: str
    opened_at: datetime
    first_paged_at: datetime | None
    acknowledged_at: datetime | None
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One procedure with everything that a cohort counts. `stopped_at`, `unreachable_since`: of the first phone."""

    id: ProcedureId
    at: datetime
    level: str | None
    side: str | None
    provider: str | None
    sedation: bool | None
    baseline_pain: int | None
    block_pain: int | None
    born_on: date
    zone: ZoneInfo
    died_at: datetime | None
    stopped_at: datetime | None
    unreachable_since: datetime | None
    numbers: list[Number]
    check_ins: tuple[tuple[str, CheckInState], ...]
    alerts: list[AlertTimes]


def list_cohort(tx: Tx, wanted: Wanted) -> list[CohortRow]:
    """The procedures, oldest first."""
    ids = _ids(wanted).subquery()
    numbers = _numbers(tx, ids)
    askings = _check_ins(tx, ids, wanted.check_ins)
    raised = _raised(tx, ids)
    return [
        CohortRow(
            id=ProcedureId(row.id),
            at=row.at,
            level=row.level,
            side=row.side,
            provider=row.provider,
            sedation=row.sedation,
            baseline_pain=row.baseline_pain,
            block_pain=row.block_pain,
            born_on=date.fromisoformat(tx.open("patients.born_on", row.patient_id, row.born_on_sealed)),
            zone=ZoneInfo(row.time_zone),
            died_at=row.died_at,
            stopped_at=row.opted_out_at,
            unreachable_since=row.unusable_since,
            numbers=numbers.get(row.id, []),
            check_ins=askings.get(row.id, ()),
            alerts=raised.get(row.id, []),
        )
        for row in tx.list(_people(ids))
    ]


def list_values(tx: Tx, protocol: str) -> dict[str, list[str]]:
    """Which providers, levels and sides there are to choose from."""
    found = {}
    for name in ("provider", "level", "side"):
        column = procedures.c[name]
        query = select(column).where(procedures.c.protocol == protocol, column.is_not(None)).distinct().order_by(column)
        found[name] = [str(row[0]) for row in tx.list(query)]
    return found


def _ids(wanted: Wanted) -> Select[Any]:
    query = select(procedures.c.id).where(
        procedures.c.protocol == wanted.protocol, procedures.c.at >= wanted.since, procedures.c.at < wanted.until
    )
    for name in ("provider", "level", "side"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(procedures.c[name] == value)
    return query


def _people(ids: Subquery) -> Select[Any]:
    first = and_(texters.c.patient_id == patients.c.id, texters.c.is_first)
    return (
        select(
            procedures, patients.c.born_on_sealed, patients.c.time_zone, patients.c.died_at, phones.c.opted_out_at,
            phones.c.unusable_since,
        )
        .join(ids, ids.c.id == procedures.c.id)
        .join(patients, patients.c.id == procedures.c.patient_id)
        .join(texters, first, isouter=True)
        .join(phones, phones.c.id == texters.c.phone_id, isouter=True)
        .order_by(procedures.c.at, procedures.c.id)
    )  # by rows, not an item a line  # fmt: skip


def _numbers(tx: Tx, ids: Subquery) -> dict[Any, list[Number]]:
    """procedure -> its numbers, gathered by the database: one row for each procedure travels."""
    names = ("kind", "value", "day", "asked", "at")
    order = (scores.c.at, scores.c.id)
    columns = [type_coerce(func.array_agg(aggregate_order_by(scores.c[name], *order)), NullType()) for name in names]
    query = select(scores.c.procedure_id, *columns).join(ids, ids.c.id == scores.c.procedure_id)
    return {row[0]: list(zip(*row[1:], strict=True)) for row in tx.list(query.group_by(scores.c.procedure_id))}


def _check_ins(tx: Tx, ids: Subquery, names: tuple[str, ...]) -> dict[Any, tuple[tuple[str, CheckInState], ...]]:
    """procedure -> its check-ins in order; most fared alike, so that each way to fare is taken apart once."""
    one = check_ins.c.name + ":" + check_ins.c.state
    told = func.string_agg(one, aggregate_order_by(literal(" "), check_ins.c.due_at, check_ins.c.name))
    query = select(check_ins.c.procedure_id, told.label("told")).join(ids, ids.c.id == check_ins.c.procedure_id)
    query = query.where(check_ins.c.name.in_(names))
    return {row[0]: _taken_apart(row.told) for row in tx.list(query.group_by(check_ins.c.procedure_id))}


@lru_cache(maxsize=4096)
def _taken_apart(told: str) -> tuple[tuple[str, CheckInState], ...]:
    return tuple((name, CheckInState(state)) for name, _, state in (one.partition(":") for one in told.split(" ")))


def _raised(tx: Tx, ids: Subquery) -> dict[Any, list[AlertTimes]]:
    query = select(alerts).join(ids, ids.c.id == alerts.c.procedure_id).order_by(alerts.c.opened_at)
    found: dict[Any, list[AlertTimes]] = {}
    for row in tx.list(query):
        found.setdefault(row.procedure_id, []).append(_alert(row))
    return found


def _alert(row: Row[Any]) -> AlertTimes:
    return AlertTimes(row.level, row.opened_at, row.first_paged_at, row.acknowledged_at, row.closed_at, row.outcome)
