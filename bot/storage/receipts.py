"""Delivery states as the provider tells them: each kept once, and written to its row only if it leads further."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.planning.sending import Sending
from bot.storage.database import Tx
from bot.storage.outbox import Outgoing, lease, opened
from bot.storage.tables import outbox, receipts
from bot.vocabulary import OutboxId


def keep_receipt(
    tx: Tx, *, outbox_id: OutboxId | None, sid: str, status: str, rank: int, error_code: int | None, now: datetime
) -> bool:
    """Writes the receipt; False if it was told before, or is behind what is known of this SID."""
    row = {
        "id": uuid4(),
        "outbox_id": outbox_id,
        "sid": sid,
        "status": status,
        "rank": rank,
        "error_code": error_code,
        "at": now,
    }
    if not tx.run(upsert(receipts).values(row).on_conflict_do_nothing()):
        return False
    others = select(func.max(receipts.c.rank)).where(receipts.c.sid == sid, receipts.c.id != row["id"])
    found = tx.find(others)
    return found is None or found[0] is None or rank > found[0]


def advance_row(
    tx: Tx,
    *,
    outbox_id: OutboxId | None,
    sid: str,
    status: str,
    rank: int,
    state: Sending,
    error_code: int | None,
    now: datetime,
    fetch_after_s: int,
) -> Outgoing | None:
    """Writes a state that is further than the row's, and the SID if it has none; None if no row takes it."""
    by_id = (outbox.c.id == outbox_id) & or_(outbox.c.sid.is_(None), outbox.c.sid == sid)
    mine = by_id if outbox_id is not None else (outbox.c.sid == sid)
    values: dict[str, Any] = {
        "sid": sid,
        "provider_status": status,
        "status_rank": rank,
        "state": state.value,
        "owner": None,
        "accepted_at": func.coalesce(outbox.c.accepted_at, now),
        "lease_until": lease(fetch_after_s),
        "error_code": error_code,
    }
    if state in (Sending.DELIVERED, Sending.FAILED):
        values["ended_at"] = now
    row = tx.find(update(outbox).where(mine, outbox.c.status_rank < rank).values(**values).returning(outbox))
    return None if row is None else opened(tx, row)


def send_again(tx: Tx, row: Outgoing, due_at: datetime) -> None:
    """The text did not arrive and may be tried once more; its SID stays in the receipts."""
    values = {
        "state": Sending.DUE.value,
        "due_at": due_at,
        "sid": None,
        "status_rank": 0,
        "failures": outbox.c.failures + 1,
        "ended_at": None,
        "first_requested_at": None,
        "owner": None,
    }
    failed = (outbox.c.id == row.id) & (outbox.c.state == Sending.FAILED.value)
    tx.run(update(outbox).where(failed).values(**values))
