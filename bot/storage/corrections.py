"""Levels that staff corrected, each beside what the bot said; a correction changes nothing but this list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, insert, select, update

from bot.storage.database import Tx
from bot.storage.tables import conversations, corrections, staff, texts
from bot.vocabulary import CorrectionId, Flag, Level, PatientId, Role, StaffId, TextId


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody says the text was, and why, in their words: never to be logged. `by` is a username."""

    id: CorrectionId
    text_id: TextId
    level: Level
    flag: Flag | None
    reason: str
    by: str
    role: Role
    at: datetime
    looked_at: datetime | None
    looked_by: str | None


QUERY = select(corrections, staff.c.username, staff.c.role).join(staff, staff.c.id == corrections.c.staff_id)


def keep_correction(
    tx: Tx, text_id: TextId, staff_id: StaffId, *, level: Level, flag: Flag | None, reason: str, now: datetime
) -> CorrectionId:
    """Adds one; the newest of a text counts, the earlier ones stay."""
    new_id = CorrectionId(uuid4())
    row = {
        "id": new_id,
        "text_id": text_id,
        "level": level.value,
        "flag": flag,
        "reason_sealed": tx.seal("corrections.reason", new_id, reason),
        "staff_id": staff_id,
        "at": now,
    }
    tx.run(insert(corrections).values(row))
    return new_id


def map_corrections(tx: Tx, ids: Collection[TextId]) -> dict[TextId, list[Correction]]:
    """The corrections of these texts, oldest first."""
    found: dict[TextId, list[Correction]] = {}
    rows = tx.list(QUERY.where(corrections.c.text_id.in_(ids)).order_by(corrections.c.at)) if ids else ()
    for correction in (_opened(tx, row) for row in rows):
        found.setdefault(correction.text_id, []).append(correction)
    return found


def list_newest(tx: Tx, *, looked_at: bool | None, limit: int) -> list[Correction]:
    """The newest correction of each text, the latest first; `looked_at` None: looked at or not."""
    later = corrections.alias()
    newer = select(later.c.id).where(later.c.text_id == corrections.c.text_id, later.c.at > corrections.c.at)
    query = QUERY.where(~newer.exists())
    if looked_at is not None:
        seen = corrections.c.looked_at
        query = query.where(seen.is_not(None) if looked_at else seen.is_(None))
    return [_opened(tx, row) for row in tx.list(query.order_by(corrections.c.at.desc()).limit(limit))]


def mark_looked_at(tx: Tx, correction_id: CorrectionId, by: str, now: datetime) -> bool:
    """Whoever keeps the lexicon has seen it; False if somebody had before, or there is none."""
    unseen = (corrections.c.id == correction_id) & corrections.c.looked_at.is_(None)
    return tx.run(update(corrections).where(unseen).values(looked_at=now, looked_by=by)) == 1


def map_patients(tx: Tx, ids: Collection[TextId]) -> dict[TextId, PatientId]:
    """Whose texts these are; one of an unknown number is nobody's."""
    query = select(texts.c.id, conversations.c.patient_id).join(
        conversations, conversations.c.id == texts.c.conversation_id
    )
    rows = tx.list(query.where(texts.c.id.in_(ids))) if ids else ()
    return {TextId(row.id): PatientId(row.patient_id) for row in rows}


def _opened(tx: Tx, row: Row[Any]) -> Correction:
    return Correction(
        id=CorrectionId(row.id),
        text_id=TextId(row.text_id),
        level=Level(row.level),
        flag=None if row.flag is None else Flag(row.flag),
        reason=tx.open("corrections.reason", row.id, row.reason_sealed),
        by=row.username,
        role=Role(row.role),
        at=row.at,
        looked_at=row.looked_at,
        looked_by=row.looked_by,
    )
