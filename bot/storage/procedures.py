"""Procedures: what was injected, when, and how the patient was before it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.storage.database import Tx
from bot.storage.tables import procedures
from bot.vocabulary import PatientId, ProcedureId


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure; pain is NRS 0-10, `dose_mg` the steroid's, `at` when it began."""

    id: ProcedureId
    patient_id: PatientId
    protocol: str
    at: datetime
    level: str | None = None
    side: str | None = None
    sedation: bool | None = None
    provider: str | None = None
    drug: str | None = None
    dose_mg: float | None = None
    baseline_pain: int | None = None
    block_pain: int | None = None


def keep_procedure(tx: Tx, procedure: Procedure, now: datetime) -> None:
    """Writes a new procedure."""
    tx.run(insert(procedures).values(created_at=now, **asdict(procedure)))


def change_procedure(tx: Tx, procedure: Procedure) -> None:
    """Writes what enrolling again changed, its time among it."""
    tx.run(update(procedures).where(procedures.c.id == procedure.id).values(**asdict(procedure)))


def keep_baseline(tx: Tx, procedure_id: ProcedureId, pain: int) -> None:
    """The pain before the procedure as the patient gave it, where the clinic took none."""
    unknown = (procedures.c.id == procedure_id) & procedures.c.baseline_pain.is_(None)
    tx.run(update(procedures).where(unknown).values(baseline_pain=pain))


def get_procedure(tx: Tx, procedure_id: ProcedureId) -> Procedure:
    """The procedure; LookupError if there is none."""
    row = tx.find(select(procedures).where(procedures.c.id == procedure_id))
    if row is None:
        raise LookupError(f"no procedure {procedure_id}")
    return _opened(row)


def list_procedures(tx: Tx, patient_id: PatientId) -> list[Procedure]:
    """The patient's procedures, newest first."""
    query = select(procedures).where(procedures.c.patient_id == patient_id).order_by(procedures.c.at.desc())
    return [_opened(row) for row in tx.list(query)]


def _opened(row: Row[Any]) -> Procedure:
    return Procedure(**{name: getattr(row, name) for name in Procedure.__dataclass_fields__})
