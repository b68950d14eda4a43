"""Work items: what a person should look at that is not a page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import work_items
from bot.vocabulary import PatientId, PhoneId, TextId, WorkItemId


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to look at by `due_at`; `kind` is a flag's name or a word of ours."""

    id: WorkItemId
    kind: str
    patient_id: PatientId | None
    phone_id: PhoneId | None
    text_id: TextId | None
    created_at: datetime
    due_at: datetime
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    raised_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    outcome: str | None = None


def keep_work_item(
    tx: Tx,
    dedupe_key: str,
    *,
    kind: str,
    due_at: datetime,
    now: datetime,
    patient_id: PatientId | None = None,
    phone_id: PhoneId | None = None,
    text_id: TextId | None = None,
) -> WorkItemId | None:
    """Writes the item; None if its key was written before."""
    new_id = uuid4()
    row = {
        "id": new_id,
        "dedupe_key": dedupe_key,
        "kind": kind,
        "patient_id": patient_id,
        "phone_id": phone_id,
        "text_id": text_id,
        "created_at": now,
        "due_at": due_at,
    }
    kept = tx.run(upsert(work_items).values(row).on_conflict_do_nothing(index_elements=["dedupe_key"]))
    return WorkItemId(new_id) if kept else None


MOST_ITEMS = 500


def list_open_items(tx: Tx, limit: int = MOST_ITEMS) -> list[WorkItem]:
    """What nobody has done yet, the most pressing first."""
    query = select(work_items).where(work_items.c.done_at.is_(None)).order_by(work_items.c.due_at).limit(limit)
    return [_opened(row) for row in tx.list(query)]


def lock_items(tx: Tx, ids: Collection[WorkItemId]) -> list[WorkItem]:
    """These items, done or not, held until the transaction ends."""
    query = select(work_items).where(work_items.c.id.in_(ids)).order_by(work_items.c.id).with_for_update()
    return [_opened(row) for row in tx.list(query)]


def list_items_of(tx: Tx, patient_id: PatientId) -> list[WorkItem]:
    """Every item of one patient, newest first."""
    query = select(work_items).where(work_items.c.patient_id == patient_id)
    return [_opened(row) for row in tx.list(query.order_by(work_items.c.created_at.desc()))]


def claim_item(tx: Tx, item_id: WorkItemId, by: str, now: datetime) -> bool:
    """One person does it; False if somebody has it or it is done."""
    free = (work_items.c.id == item_id) & work_items.c.claimed_by.is_(None) & work_items.c.done_at.is_(None)
    return bool(tx.run(update(work_items).where(free).values(claimed_by=by, claimed_at=now)))


def release_item(tx: Tx, item_id: WorkItemId, by: str) -> bool:
    """Whoever has it gives it back; False if they do not have it."""
    mine = (work_items.c.id == item_id) & (work_items.c.claimed_by == by) & work_items.c.done_at.is_(None)
    return bool(tx.run(update(work_items).where(mine).values(claimed_by=None, claimed_at=None)))


def release_all(tx: Tx, by: str) -> int:
    """Gives back whatever somebody has who is not there any more; how many items."""
    theirs = (work_items.c.claimed_by == by) & work_items.c.done_at.is_(None)
    return tx.run(update(work_items).where(theirs).values(claimed_by=None, claimed_at=None))


def claim_overdue(tx: Tx, now: datetime, made_before: datetime) -> list[WorkItemId]:
    """Open items past their time that nobody was told about; from now on somebody was."""
    late = work_items.c.done_at.is_(None) & work_items.c.raised_at.is_(None)
    late &= (work_items.c.due_at <= now) & (work_items.c.created_at <= made_before)
    rows = tx.list(update(work_items).where(late).values(raised_at=now).returning(work_items.c.id))
    return sorted((WorkItemId(row.id) for row in rows), key=str)


def last_raised_at(tx: Tx) -> datetime | None:
    """When on-call staff were last told about overdue items."""
    row = tx.find(select(func.max(work_items.c.raised_at)))
    return row[0] if row else None


def finish_item(tx: Tx, item_id: WorkItemId, by: str, outcome: str, now: datetime) -> bool:
    """A person has dealt with it; False if it was done before."""
    still_open = (work_items.c.id == item_id) & work_items.c.done_at.is_(None)
    values = {"done_at": now, "done_by": by, "outcome": outcome}
    return bool(tx.run(update(work_items).where(still_open).values(**values)))


def finish_keyed(tx: Tx, dedupe_key: str, by: str, outcome: str, now: datetime) -> bool:
    """What the item with that key asked for has happened."""
    still_open = (work_items.c.dedupe_key == dedupe_key) & work_items.c.done_at.is_(None)
    values = {"done_at": now, "done_by": by, "outcome": outcome}
    return bool(tx.run(update(work_items).where(still_open).values(**values)))


def count_open_items(tx: Tx) -> int:
    """How many wait."""
    row = tx.find(select(func.count()).select_from(work_items).where(work_items.c.done_at.is_(None)))
    return int(row[0]) if row else 0


def _opened(row: Row[Any]) -> WorkItem:
    return WorkItem(**{name: getattr(row, name) for name in WorkItem.__dataclass_fields__})
