"""Who works on which rows of the outbox: claims that skip what others hold, and leases that run out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, Select, func, or_, select, update

from bot.planning.sending import TRAVELLING, Sending
from bot.storage.database import Tx
from bot.storage.outbox import Outgoing, lease, opened
from bot.storage.sealing import SealError
from bot.storage.tables import outbox
from bot.vocabulary import OutboxId, PageId, PhoneId, TextId


@dataclass(frozen=True, slots=True)
class Sealed:
    """A row that cannot be opened, or not be understood: what is known of it without its content."""

    id: OutboxId
    page_id: PageId | None
    phone_id: PhoneId | None
    text_id: TextId | None
    claim: UUID


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one claim brought."""

    rows: list[Outgoing]
    unreadable: list[Sealed]


LAPSED = outbox.c.lease_until < func.clock_timestamp()


def claim_due(tx: Tx, *, pages: bool, now: datetime, limit: int, lease_s: int) -> Claimed:
    """Takes due rows of one lane (pages, or everything else), and rows whose claimer died before sending."""
    due = (outbox.c.state == Sending.DUE.value) & (outbox.c.due_at <= now)
    left = (outbox.c.state == Sending.CLAIMED.value) & LAPSED
    lane = outbox.c.priority == 0 if pages else outbox.c.priority > 0
    return _claim(tx, or_(due, left) & lane, Sending.CLAIMED, limit, lease_s)


def claim_unknown(tx: Tx, *, limit: int, lease_s: int) -> Claimed:
    """Takes rows whose request had no known end, or whose sender died during it."""
    states = [Sending.UNKNOWN.value, Sending.SENDING.value]
    return _claim(tx, outbox.c.state.in_(states) & LAPSED, Sending.UNKNOWN, limit, lease_s)


def claim_silent(tx: Tx, *, limit: int, look_again_s: int) -> Claimed:
    """Takes rows that were accepted and have had no final state for too long; nobody else does so for a while."""
    states = [s.value for s in TRAVELLING]
    return _claim(tx, outbox.c.state.in_(states) & LAPSED, None, limit, look_again_s)


def _claim(tx: Tx, wanted: Any, state: Sending | None, limit: int, lease_s: int) -> Claimed:
    ids: Select[Any] = (
        select(outbox.c.id)
        .where(wanted)
        .order_by(outbox.c.priority, outbox.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claim = uuid4()
    values: dict[str, Any] = {"owner": claim, "lease_until": lease(lease_s)}
    if state is not None:
        values["state"] = state.value
    statement = update(outbox).where(outbox.c.id.in_(ids.scalar_subquery())).values(**values).returning(outbox)
    found = sorted(tx.list(statement), key=lambda row: (row.priority, row.due_at, row.created_at))
    return _opened(tx, found, claim)


def _opened(tx: Tx, found: list[Row[Any]], claim: UUID) -> Claimed:
    rows: list[Outgoing] = []
    unreadable: list[Sealed] = []
    for row in found:
        try:
            rows.append(opened(tx, row))
        except (SealError, ValueError):  # it must not hold up the others: a person is told instead
            page_id = None if row.page_id is None else PageId(row.page_id)
            phone_id = None if row.phone_id is None else PhoneId(row.phone_id)
            text_id = None if row.text_id is None else TextId(row.text_id)
            unreadable.append(Sealed(OutboxId(row.id), page_id, phone_id, text_id, claim))
    return Claimed(rows, unreadable)


def quarantine(tx: Tx, row: Sealed, now: datetime) -> bool:
    """A row that nobody can read is over; False if it was claimed again."""
    mine = (outbox.c.id == row.id) & (outbox.c.owner == row.claim)
    values = {"state": Sending.FAILED.value, "ended_at": now, "owner": None}
    return bool(tx.run(update(outbox).where(mine).values(**values)))


def let_go(tx: Tx, rows: list[Outgoing], states: tuple[Sending, ...]) -> None:
    """Puts back what was claimed, or begun and not requested: the next worker may have it at once."""
    for row in rows:
        mine = (outbox.c.id == row.id) & (outbox.c.owner == row.claim) & outbox.c.state.in_([s.value for s in states])
        tx.run(update(outbox).where(mine).values(state=Sending.DUE.value, owner=None))
