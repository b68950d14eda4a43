"""Check-ins: which are planned, which are due, how they ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import check_ins, conversations, procedures
from bot.vocabulary import CheckInId, CheckInState, PatientId, ProcedureId


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in of one procedure; it may leave from `due_at` until `closes_at`."""

    id: CheckInId
    procedure_id: ProcedureId
    patient_id: PatientId
    protocol: str
    name: str
    due_at: datetime
    closes_at: datetime
    state: CheckInState
    sent_at: datetime | None = None


QUERY = select(
    check_ins.c.id,
    check_ins.c.procedure_id,
    procedures.c.patient_id,
    procedures.c.protocol,
    check_ins.c.name,
    check_ins.c.due_at,
    check_ins.c.closes_at,
    check_ins.c.state,
    check_ins.c.sent_at,
).join(procedures, procedures.c.id == check_ins.c.procedure_id)


def keep_check_in(
    tx: Tx, procedure_id: ProcedureId, name: str, due_at: datetime, closes_at: datetime, state: CheckInState
) -> CheckInId:
    """Writes a planned (or, if its day is over, a skipped) check-in; one that was sent before its procedure was moved
    stays as it is."""
    new_id = CheckInId(uuid4())
    row = {
        "id": new_id,
        "procedure_id": procedure_id,
        "name": name,
        "due_at": due_at,
        "closes_at": closes_at,
        "state": state.value,
    }
    tx.run(upsert(check_ins).values(row).on_conflict_do_nothing(index_elements=["procedure_id", "name"]))
    return new_id


def move_check_ins(tx: Tx, procedure_id: ProcedureId) -> None:
    """Forgets what is planned or skipped, so that it can be planned anew for a moved procedure."""
    unsent = check_ins.c.state.in_([CheckInState.PLANNED.value, CheckInState.SKIPPED.value])
    tx.run(delete(check_ins).where(check_ins.c.procedure_id == procedure_id, unsent))


def skip_planned(tx: Tx, patient_id: PatientId, now: datetime) -> None:
    """What is still planned for the patient's earlier procedures is not sent."""
    earlier = select(procedures.c.id).where(procedures.c.patient_id == patient_id).scalar_subquery()
    planned = check_ins.c.procedure_id.in_(earlier) & (check_ins.c.state == CheckInState.PLANNED.value)
    tx.run(update(check_ins).where(planned).values(state=CheckInState.SKIPPED.value, ended_at=now))


def get_check_in(tx: Tx, check_in_id: CheckInId) -> CheckIn:
    """The check-in; LookupError if there is none."""
    row = tx.find(QUERY.where(check_ins.c.id == check_in_id))
    if row is None:
        raise LookupError(f"no check-in {check_in_id}")
    return _opened(row)


def lock_check_in(tx: Tx, check_in_id: CheckInId) -> CheckIn:
    """The check-in, held until the transaction ends; LookupError if there is none."""
    row = tx.find(QUERY.where(check_ins.c.id == check_in_id).with_for_update(of=check_ins))
    if row is None:
        raise LookupError(f"no check-in {check_in_id}")
    return _opened(row)


def list_check_ins(tx: Tx, *procedure_ids: ProcedureId) -> list[CheckIn]:
    """The procedures' check-ins in order."""
    rows = tx.list(QUERY.where(check_ins.c.procedure_id.in_(procedure_ids)).order_by(check_ins.c.due_at))
    return [_opened(row) for row in rows]


def claim_due(tx: Tx, now: datetime, limit: int) -> list[CheckIn]:
    """Planned check-ins whose hour has come, each held by this transaction alone."""
    query = (
        QUERY.where(check_ins.c.state == CheckInState.PLANNED.value, check_ins.c.due_at <= now)
        .order_by(check_ins.c.due_at)
        .limit(limit)
        .with_for_update(of=check_ins, skip_locked=True)
    )
    return [_opened(row) for row in tx.list(query)]


def next_due_at(tx: Tx) -> datetime | None:
    """When the next planned check-in falls due; for the demo's clock."""
    row = tx.find(
        select(check_ins.c.due_at)
        .where(check_ins.c.state == CheckInState.PLANNED.value)
        .order_by(check_ins.c.due_at)
        .limit(1)
    )
    return None if row is None else row.due_at


def postpone(tx: Tx, check_in_id: CheckInId, until: datetime) -> None:
    """Tries again at `until`; the end of its window stays."""
    tx.run(update(check_ins).where(check_ins.c.id == check_in_id).values(due_at=until))


def replan(tx: Tx, check_in_id: CheckInId, due_at: datetime, closes_at: datetime) -> None:
    """It is planned for then, whatever had become of it unsent."""
    values = {"state": CheckInState.PLANNED.value, "due_at": due_at, "closes_at": closes_at, "ended_at": None}
    tx.run(update(check_ins).where(check_ins.c.id == check_in_id).values(**values))


def mark_sent(tx: Tx, check_in_id: CheckInId, now: datetime) -> None:
    """Its first question is in the outbox."""
    tx.run(update(check_ins).where(check_ins.c.id == check_in_id).values(state=CheckInState.SENT.value, sent_at=now))


def end_check_in(tx: Tx, check_in_id: CheckInId, state: CheckInState, now: datetime) -> None:
    """It is over, in this state."""
    ended_at = func.coalesce(check_ins.c.ended_at, now)
    tx.run(update(check_ins).where(check_ins.c.id == check_in_id).values(state=state.value, ended_at=ended_at))


def list_unanswered(tx: Tx, now: datetime, after: timedelta, names: Sequence[str], limit: int) -> list[CheckIn]:
    """Check-ins of these names that were sent so long ago and that a conversation still holds open, if only for what
    it may ask afterwards."""
    waiting = check_ins.c.state.in_([CheckInState.SENT.value, CheckInState.ANSWERED.value])
    query = (
        QUERY.join(conversations, conversations.c.check_in_id == check_ins.c.id)
        .where(waiting, check_ins.c.name.in_(names), check_ins.c.sent_at <= now - after)
        .order_by(check_ins.c.sent_at)
        .limit(limit)
    )
    return [_opened(row) for row in tx.list(query)]


def _opened(row: Row[Any]) -> CheckIn:
    return CheckIn(
        id=CheckInId(row.id),
        procedure_id=ProcedureId(row.procedure_id),
        patient_id=PatientId(row.patient_id),
        protocol=row.protocol,
        name=row.name,
        due_at=row.due_at,
        closes_at=row.closes_at,
        state=CheckInState(row.state),
        sent_at=row.sent_at,
    )
