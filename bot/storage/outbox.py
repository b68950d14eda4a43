"""Everything that is to leave: a row before it is a request, claimed by one worker, fenced by its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, Select, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import outbox
from bot.vocabulary import Channel, OutboxId, PageId, PhoneId, TextId

LEASE_S = 20  # the database's clock; a request is given up after 10 s (gateways.twilio)


class Kind(StrEnum):
    """Why something is sent; it decides the lane and what a failure means."""

    PAGE = "page"
    STAFF = "staff"
    REPLY = "reply"
    LAST_WORD = "last_word"
    CHECK_IN = "check_in"


PRIORITY = {Kind.PAGE: 0, Kind.STAFF: 0, Kind.REPLY: 1, Kind.LAST_WORD: 1, Kind.CHECK_IN: 2}


class Sending(StrEnum):
    """Where a row stands; `unknown` means that a request was made and nobody knows how it ended."""

    DUE = "due"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row, opened: never to be logged. For a voice page `body` is empty."""

    id: OutboxId
    kind: Kind
    channel: Channel
    to: str
    body: str
    phone_id: PhoneId | None
    text_id: TextId | None
    page_id: PageId | None
    state: Sending
    created_at: datetime
    expires_at: datetime
    attempts: int
    first_try_at: datetime | None
    sid: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What to send, to whom, until when; `dedupe_key` makes it impossible to write twice."""

    dedupe_key: str
    kind: Kind
    channel: Channel
    to: str
    body: str
    expires_at: datetime
    phone_id: PhoneId | None = None
    text_id: TextId | None = None
    page_id: PageId | None = None


def keep_outgoing(tx: Tx, draft: Draft, now: datetime) -> OutboxId | None:
    """Writes the row; None if its key was written before."""
    new_id = uuid4()
    row = {
        "id": new_id,
        "dedupe_key": draft.dedupe_key,
        "kind": draft.kind.value,
        "channel": draft.channel.value,
        "priority": PRIORITY[draft.kind],
        "to_sealed": tx.seal("outbox.to", new_id, draft.to),
        "body_sealed": tx.seal("outbox.body", new_id, draft.body),
        "phone_id": draft.phone_id,
        "text_id": draft.text_id,
        "page_id": draft.page_id,
        "state": Sending.DUE.value,
        "created_at": now,
        "due_at": now,
        "expires_at": draft.expires_at,
        "attempts": 0,
        "status_rank": 0,
    }
    kept = tx.run(upsert(outbox).values(row).on_conflict_do_nothing(index_elements=["dedupe_key"]))
    return OutboxId(new_id) if kept else None


def claim_due(tx: Tx, owner: UUID, *, pages: bool, now: datetime, limit: int) -> list[Outgoing]:
    """Takes due rows of one lane (pages, or everything else), and rows whose claimer died before sending."""
    return _claim(
        tx,
        owner,
        or_(
            (outbox.c.state == Sending.DUE.value) & (outbox.c.due_at <= now),
            (outbox.c.state == Sending.CLAIMED.value) & (outbox.c.lease_until < func.clock_timestamp()),
        )
        & (outbox.c.priority == 0 if pages else outbox.c.priority > 0),
        Sending.CLAIMED,
        limit,
    )


def claim_unknown(tx: Tx, owner: UUID, *, now: datetime, limit: int) -> list[Outgoing]:
    """Takes rows whose request had no known end, or whose sender died during it."""
    return _claim(
        tx,
        owner,
        or_(
            (outbox.c.state == Sending.UNKNOWN.value) & (outbox.c.lease_until < func.clock_timestamp()),
            (outbox.c.state == Sending.SENDING.value) & (outbox.c.lease_until < func.clock_timestamp()),
        ),
        Sending.UNKNOWN,
        limit,
    )


def _claim(tx: Tx, owner: UUID, wanted: Any, state: Sending, limit: int) -> list[Outgoing]:
    ids: Select[Any] = (
        select(outbox.c.id)
        .where(wanted)
        .order_by(outbox.c.priority, outbox.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = tx.list(
        update(outbox)
        .where(outbox.c.id.in_(ids.scalar_subquery()))
        .values(state=state.value, owner=owner, lease_until=_lease(LEASE_S))
        .returning(outbox)
    )
    return sorted((_opened(tx, row) for row in rows), key=lambda o: (PRIORITY[o.kind], o.created_at))


def _lease(seconds: int) -> Any:
    return func.clock_timestamp() + text(f"interval '{seconds} seconds'")


def begin_sending(tx: Tx, row: Outgoing, owner: UUID, now: datetime) -> bool:
    """Commits the intention to make the request now; False if somebody else has the row."""
    mine = (outbox.c.id == row.id) & (outbox.c.owner == owner) & (outbox.c.state == Sending.CLAIMED.value)
    values = {
        "state": Sending.SENDING.value,
        "attempts": outbox.c.attempts + 1,
        "first_try_at": func.coalesce(outbox.c.first_try_at, now),
        "lease_until": _lease(LEASE_S),
    }
    return bool(tx.run(update(outbox).where(mine).values(**values)))


def settle(
    tx: Tx,
    row: Outgoing,
    owner: UUID | None,
    state: Sending,
    *,
    now: datetime,
    sid: str | None = None,
    error_code: int | None = None,
    due_at: datetime | None = None,
    look_again_s: int | None = None,
) -> bool:
    """Writes how a try ended; False if the row was settled by another owner or a receipt meanwhile."""
    values: dict[str, Any] = {"state": state.value, "error_code": error_code, "owner": None}
    if sid is not None:
        values |= {"sid": sid, "accepted_at": now}
    if due_at is not None:
        values["due_at"] = due_at
    if look_again_s is not None:
        values["lease_until"] = _lease(look_again_s)
    if state in (Sending.FAILED, Sending.DROPPED):
        values["ended_at"] = now
    open_states = [s.value for s in (Sending.DUE, Sending.CLAIMED, Sending.SENDING, Sending.UNKNOWN)]
    mine = (outbox.c.id == row.id) & outbox.c.state.in_(open_states)
    if owner is not None:
        mine &= outbox.c.owner == owner
    return bool(tx.run(update(outbox).where(mine).values(**values)))


def keep_receipt(
    tx: Tx,
    *,
    outbox_id: OutboxId | None,
    sid: str,
    status: str,
    rank: int,
    state: Sending,
    error_code: int | None,
    now: datetime,
) -> Outgoing | None:
    """Writes a delivery state that is further than what is known; None for an old, repeated or foreign one."""
    by_id = (outbox.c.id == outbox_id) & or_(outbox.c.sid.is_(None), outbox.c.sid == sid)
    mine = by_id if outbox_id is not None else (outbox.c.sid == sid)
    values: dict[str, Any] = {
        "sid": sid,
        "provider_status": status,
        "status_rank": rank,
        "state": state.value,
        "owner": None,
        "accepted_at": func.coalesce(outbox.c.accepted_at, now),
    }
    if error_code is not None:
        values["error_code"] = error_code
    if state in (Sending.DELIVERED, Sending.FAILED):
        values["ended_at"] = now
    row = tx.find(update(outbox).where(mine, outbox.c.status_rank < rank).values(**values).returning(outbox))
    return None if row is None else _opened(tx, row)


def bind_sid(tx: Tx, outbox_id: OutboxId, sid: str, now: datetime) -> Outgoing | None:
    """Gives a row that a callback names the SID that was never recorded."""
    unbound = (outbox.c.id == outbox_id) & outbox.c.sid.is_(None)
    row = tx.find(
        update(outbox)
        .where(unbound)
        .values(sid=sid, accepted_at=now, state=Sending.ACCEPTED.value, owner=None)
        .returning(outbox)
    )
    return None if row is None else _opened(tx, row)


def drop_waiting(tx: Tx, phone_id: PhoneId, now: datetime) -> int:
    """Drops what has not left yet for a phone that stopped texts; a last word still goes."""
    waiting = (outbox.c.phone_id == phone_id) & (outbox.c.state == Sending.DUE.value)
    quiet = outbox.c.kind != Kind.LAST_WORD.value
    values = {"state": Sending.DROPPED.value, "ended_at": now}
    return tx.run(update(outbox).where(waiting, quiet).values(**values))


def count_waiting(tx: Tx) -> dict[str, int]:
    """How many rows wait in each state that is not an end."""
    states = [s.value for s in (Sending.DUE, Sending.CLAIMED, Sending.SENDING, Sending.UNKNOWN)]
    query = (
        select(outbox.c.state, func.count().label("waiting")).where(outbox.c.state.in_(states)).group_by(outbox.c.state)
    )
    return {str(row.state): int(row.waiting) for row in tx.list(query)}


def _opened(tx: Tx, row: Row[Any]) -> Outgoing:
    return Outgoing(
        id=OutboxId(row.id),
        kind=Kind(row.kind),
        channel=Channel(row.channel),
        to=tx.open("outbox.to", row.id, row.to_sealed),
        body=tx.open("outbox.body", row.id, row.body_sealed),
        phone_id=None if row.phone_id is None else PhoneId(row.phone_id),
        text_id=None if row.text_id is None else TextId(row.text_id),
        page_id=None if row.page_id is None else PageId(row.page_id),
        state=Sending(row.state),
        created_at=row.created_at,
        expires_at=row.expires_at,
        attempts=row.attempts,
        first_try_at=row.first_try_at,
        sid=row.sid,
    )
