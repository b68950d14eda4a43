"""Everything that is to leave: a row before it is a request, claimed by one worker, fenced by the claim."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, ScalarSelect, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.planning.sending import OPEN, TRAVELLING, Kind, Sending, Try, sources_of
from bot.storage.database import Tx
from bot.storage.tables import outbox, texts
from bot.vocabulary import Channel, ConversationId, OutboxId, PageId, PhoneId, TextId

__all__ = ["Draft", "Kind", "Outgoing", "Sending", "keep_outgoing"]

PRIORITY = {Kind.PAGE: 0, Kind.STAFF: 0, Kind.REPLY: 1, Kind.LAST_WORD: 1, Kind.CHECK_IN: 2}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row, opened: never to be logged. For a voice page `body` is empty. `claim` fences what is written next."""

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
    failures: int
    first_try_at: datetime | None
    first_requested_at: datetime | None
    requested_at: datetime | None
    sid: str | None
    claim: UUID | None

    def tried(self, now: datetime) -> Try:
        """As the plan for what follows a failure sees it."""
        return Try(self.kind, max(1, self.attempts), self.failures, self.first_try_at or now, self.expires_at)


@dataclass(frozen=True, slots=True)
class Draft:
    """What to send, to whom, until when; `dedupe_key` makes it impossible to write twice, `place` orders one moment."""

    dedupe_key: str
    kind: Kind
    channel: Channel
    to: str
    body: str
    expires_at: datetime
    phone_id: PhoneId | None = None
    text_id: TextId | None = None
    page_id: PageId | None = None
    place: int = 0


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
        "created_at": now + timedelta(milliseconds=draft.place),
        "due_at": now,
        "expires_at": draft.expires_at,
        "attempts": 0,
        "failures": 0,
        "status_rank": 0,
    }
    kept = tx.run(upsert(outbox).values(row).on_conflict_do_nothing(index_elements=["dedupe_key"]))
    return OutboxId(new_id) if kept else None


def lease(seconds: int) -> Any:
    """So long from now on the database's clock."""
    return func.clock_timestamp() + text(f"interval '{seconds} seconds'")


def begin_sending(tx: Tx, rows: Sequence[Outgoing], now: datetime, lease_s: int) -> set[OutboxId]:
    """Commits the intention to make these requests now; which of them are still ours."""
    begun: set[OutboxId] = set()
    for claim in {row.claim for row in rows}:
        ids = [row.id for row in rows if row.claim == claim]
        mine = outbox.c.id.in_(ids) & (outbox.c.owner == claim) & (outbox.c.state == Sending.CLAIMED.value)
        values = {
            "state": Sending.SENDING.value,
            "attempts": outbox.c.attempts + 1,
            "first_try_at": func.coalesce(outbox.c.first_try_at, now),
            "first_requested_at": func.coalesce(outbox.c.first_requested_at, func.clock_timestamp()),
            "requested_at": func.clock_timestamp(),
            "lease_until": lease(lease_s),
        }
        found = tx.list(update(outbox).where(mine).values(**values).returning(outbox.c.id))
        begun |= {OutboxId(row.id) for row in found}
    return begun


def settle(
    tx: Tx,
    row: Outgoing,
    state: Sending,
    *,
    now: datetime,
    sid: str | None = None,
    error_code: int | None = None,
    due_at: datetime | None = None,
    look_after_s: int | None = None,
    counts: bool = False,
) -> bool:
    """Writes how a try ended; False if the row was claimed again, or a receipt was quicker."""
    values: dict[str, Any] = {"state": state.value, "error_code": error_code, "owner": None}
    if sid is not None:
        values |= {"sid": sid, "accepted_at": now}
    if due_at is not None:
        values["due_at"] = due_at
    if look_after_s is not None:
        values["lease_until"] = lease(look_after_s)
    if counts:
        values["failures"] = outbox.c.failures + 1
    if state in (Sending.FAILED, Sending.DROPPED):
        values["ended_at"] = now
    mine = (outbox.c.id == row.id) & outbox.c.state.in_(sources_of(state)) & (outbox.c.owner == row.claim)
    return bool(tx.run(update(outbox).where(mine).values(**values)))


def accept_all(
    tx: Tx, accepted: Sequence[tuple[Outgoing, str]], now: datetime, fetch_after_s: dict[OutboxId, int]
) -> set[OutboxId]:
    """Writes the ids that the provider gave; which rows took them."""
    taken: set[OutboxId] = set()
    query = text(
        "UPDATE outbox SET state = 'accepted', sid = v.sid, accepted_at = :now, owner = NULL, error_code = NULL,"
        " lease_until = clock_timestamp() + v.fetch_after * interval '1 second'"
        " FROM unnest(CAST(:ids AS uuid[]), CAST(:claims AS uuid[]), CAST(:sids AS text[]), CAST(:fetch AS int[]))"
        " AS v(id, claim, sid, fetch_after)"
        " WHERE outbox.id = v.id AND outbox.owner = v.claim AND outbox.state = ANY(:sources) RETURNING outbox.id"
    ).bindparams(
        now=now,
        ids=[row.id for row, _ in accepted],
        claims=[row.claim for row, _ in accepted],
        sids=[sid for _, sid in accepted],
        fetch=[fetch_after_s[row.id] for row, _ in accepted],
        sources=sources_of(Sending.ACCEPTED),
    )
    taken |= {OutboxId(row.id) for row in tx.list(query)}
    return taken


def list_bound_sids(tx: Tx, sids: Collection[str], but_for: OutboxId) -> set[str]:
    """Which of the provider's ids belong to other rows already."""
    query = select(outbox.c.sid).where(outbox.c.sid.in_(sids), outbox.c.id != but_for)
    return {str(row.sid) for row in tx.list(query)}


def find_row_of_page(tx: Tx, page_id: PageId) -> OutboxId | None:
    """The row that carries the page."""
    row = tx.find(select(outbox.c.id).where(outbox.c.page_id == page_id))
    return None if row is None else OutboxId(row.id)


def find_dedupe_key(tx: Tx, outbox_id: OutboxId) -> str | None:
    """What the row is about, in its writer's words."""
    row = tx.find(select(outbox.c.dedupe_key).where(outbox.c.id == outbox_id))
    return None if row is None else str(row.dedupe_key)


def find_state(tx: Tx, dedupe_key: str) -> Sending | None:
    """Where the row with that key stands."""
    row = tx.find(select(outbox.c.state).where(outbox.c.dedupe_key == dedupe_key))
    return None if row is None else Sending(row.state)


def map_states(tx: Tx, dedupe_keys: Collection[str]) -> dict[str, Sending]:
    """Where the rows with these keys stand, as far as they are there."""
    query = select(outbox.c.dedupe_key, outbox.c.state).where(outbox.c.dedupe_key.in_(dedupe_keys))
    return {row.dedupe_key: Sending(row.state) for row in tx.list(query)}


def drop_waiting(tx: Tx, phone_id: PhoneId, now: datetime) -> int:
    """Drops what has not left yet for a phone that stopped texts; a last word still goes."""
    return _drop(tx, outbox.c.phone_id == phone_id, now)


def drop_automatic(tx: Tx, conversation_id: ConversationId, now: datetime) -> int:
    """Drops what the bot, not a person, has written in this thread and what has not left yet. What is under way stays
    so, and is not tried again."""
    written = select(texts.c.id).where(texts.c.conversation_id == conversation_id, texts.c.staff_id.is_(None))
    automatic = outbox.c.text_id.in_(written) & (outbox.c.kind != Kind.LAST_WORD.value)
    under_way = outbox.c.state.in_([s.value for s in (Sending.SENDING, Sending.UNKNOWN, *TRAVELLING)])
    may_be_tried = automatic & under_way & (outbox.c.expires_at > now)
    tx.run(update(outbox).where(outbox.c.id.in_(_free(may_be_tried))).values(expires_at=now))
    return _drop(tx, automatic, now)


def _drop(tx: Tx, whose: ColumnElement[bool], now: datetime) -> int:
    """What waits, and what a worker holds and has not begun."""
    wanted = whose & (outbox.c.kind != Kind.LAST_WORD.value)
    over = {"state": Sending.DROPPED.value, "ended_at": now, "owner": None}
    dropped = tx.run(update(outbox).where(wanted, outbox.c.state == Sending.DUE.value).values(**over))
    held = wanted & (outbox.c.state == Sending.CLAIMED.value)
    return dropped + tx.run(update(outbox).where(outbox.c.id.in_(_free(held))).values(**over))


def _free(wanted: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Rows that a worker writes at this moment are passed over: it may wait for the phone that our caller holds."""
    return select(outbox.c.id).where(wanted).with_for_update(skip_locked=True).scalar_subquery()


def count_waiting(tx: Tx) -> dict[str, int]:
    """How many rows wait in each state that is not an end."""
    states = [s.value for s in OPEN]
    query = (
        select(outbox.c.state, func.count().label("waiting")).where(outbox.c.state.in_(states)).group_by(outbox.c.state)
    )
    return {str(row.state): int(row.waiting) for row in tx.list(query)}


def opened(tx: Tx, row: Row[Any]) -> Outgoing:
    """The row as a dataclass.

    :raises SealError: it cannot be opened.
    """
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
        failures=row.failures,
        first_try_at=row.first_try_at,
        first_requested_at=row.first_requested_at,
        requested_at=row.requested_at,
        sid=row.sid,
        claim=row.owner,
    )
