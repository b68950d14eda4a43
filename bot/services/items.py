"""Work items as staff deal with them: taken, given back, finished one by one or several trifles together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.runtime import Runtime
from bot.storage import work_items
from bot.storage.audit import note
from bot.storage.database import Tx
from bot.storage.staff import StaffMember
from bot.storage.work_items import WorkItem
from bot.vocabulary import WorkItemId


class NotTogether(Exception):
    """One of the items is of a kind that is closed by itself; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How many items were finished now; the others somebody else does, or has done."""

    done: int
    left: int


def claim(tx: Tx, item_id: WorkItemId, staff: StaffMember, now: datetime) -> bool:
    """One person does it; False if somebody was first."""
    return _note(tx, work_items.claim_item(tx, item_id, staff.username, now), item_id, staff, "claimed_item", now)


def release(tx: Tx, item_id: WorkItemId, staff: StaffMember, now: datetime) -> bool:
    """Whoever has it gives it back; False if they do not have it."""
    return _note(tx, work_items.release_item(tx, item_id, staff.username), item_id, staff, "released_item", now)


def finish(tx: Tx, item_id: WorkItemId, staff: StaffMember, outcome: str, now: datetime) -> bool:
    """It has been dealt with; False if it was before."""
    done = work_items.finish_item(tx, item_id, staff.username, outcome, now)
    return _note(tx, done, item_id, staff, "finished_item", now)


def finish_together(
    tx: Tx, rt: Runtime, ids: Collection[WorkItemId], staff: StaffMember, outcome: str, now: datetime
) -> Finished:
    """Closes several trifles with one outcome, each with its own line in the audit.

    :raises NotTogether: one of them is no trifle (config/work_list.yaml).
    """
    found = work_items.lock_items(tx, ids)
    if any(item.kind not in rt.content.work_list.in_bulk for item in found):
        raise NotTogether
    mine = [item for item in found if _is_free_for(item, staff)]
    for item in mine:
        finish(tx, item.id, staff, outcome, now)
    return Finished(len(mine), len(ids) - len(mine))


def _is_free_for(item: WorkItem, staff: StaffMember) -> bool:
    return item.done_at is None and item.claimed_by in (None, staff.username)


def _note(tx: Tx, happened: bool, item_id: WorkItemId, staff: StaffMember, did: str, now: datetime) -> bool:
    if happened:
        note(tx, who=staff.username, did=did, now=now, about=str(item_id))
    return happened
