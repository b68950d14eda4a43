"""Codes and test pages to staff numbers; a new number starts without any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, func, insert, select, tuple_, update

from bot.storage.database import Tx
from bot.storage.tables import staff_checks
from bot.vocabulary import Channel, StaffId


class CheckKind(StrEnum):
    """How a number is proved."""

    CODE = "code"  #: entered in the console
    TEST = "test"  #: a page without a patient, answered by text or key


@dataclass(frozen=True, slots=True)
class Check:
    """One code or test page, opened: the pin is never logged."""

    id: UUID
    staff_id: StaffId
    channel: Channel
    kind: CheckKind
    pin: str
    tries: int
    sent_at: datetime
    answered_at: datetime | None


def keep_check(
    tx: Tx, staff_id: StaffId, number: str, channel: Channel, kind: CheckKind, pin: str, now: datetime
) -> UUID:
    """Writes what is about to be sent."""
    new_id = uuid4()
    tx.run(
        insert(staff_checks).values(
            id=new_id,
            staff_id=staff_id,
            number_hash=tx.keyring.digest("number", number),
            channel=channel.value,
            kind=kind.value,
            code_sealed=tx.seal("staff_checks.code", new_id, pin),
            tries=0,
            sent_at=now,
        )
    )
    return new_id


def list_open(tx: Tx, staff_id: StaffId, number: str | None, kind: CheckKind, since: datetime) -> list[Check]:
    """Unanswered ones of this number sent since then, the newest first."""
    waiting = staff_checks.c.answered_at.is_(None) & (staff_checks.c.sent_at >= since)
    return [check for check in _list(tx, staff_id, number, waiting) if check.kind is kind]


def list_all(tx: Tx, staff_id: StaffId, number: str | None, limit: int = 50) -> list[Check]:
    """The newest ones of this number, the oldest of them first."""
    return list(reversed(_list(tx, staff_id, number, None)[:limit]))


def map_checks(tx: Tx, numbers: Mapping[StaffId, str | None], limit: int = 50) -> dict[StaffId, list[Check]]:
    """The same for many members in one query; everybody has an entry."""
    theirs = [
        (staff_id, digest)
        for staff_id, number in numbers.items()
        if number is not None
        for digest in tx.keyring.digests("number", number)
    ]
    c = staff_checks.c
    place = func.row_number().over(partition_by=c.staff_id, order_by=c.sent_at.desc()).label("place")
    ranked = select(staff_checks, place).where(tuple_(c.staff_id, c.number_hash).in_(theirs)).subquery()
    found: dict[StaffId, list[Check]] = {staff_id: [] for staff_id in numbers}
    for row in tx.list(select(ranked).where(ranked.c.place <= limit).order_by(ranked.c.sent_at)):
        found[StaffId(row.staff_id)].append(_opened(tx, row))
    return found


def last_sent_at(tx: Tx, staff_id: StaffId, number: str | None) -> datetime | None:
    """When this number was last sent one."""
    found = list_all(tx, staff_id, number, limit=1)
    return found[0].sent_at if found else None


def find_check(tx: Tx, check_id: str) -> Check | None:
    """The one with that id."""
    row = tx.find(select(staff_checks).where(staff_checks.c.id == UUID(check_id)))
    return None if row is None else _opened(tx, row)


def mark_answered(tx: Tx, check_id: UUID, now: datetime) -> None:
    """The number is proved on this channel; a second answer changes nothing."""
    first = func.coalesce(staff_checks.c.answered_at, now)
    tx.run(update(staff_checks).where(staff_checks.c.id == check_id).values(answered_at=first))


def count_try(tx: Tx, check_id: UUID) -> None:
    """Somebody typed a code that is not this one."""
    tx.run(update(staff_checks).where(staff_checks.c.id == check_id).values(tries=staff_checks.c.tries + 1))


def _list(tx: Tx, staff_id: StaffId, number: str | None, wanted: ColumnElement[bool] | None) -> list[Check]:
    if number is None:
        return []
    mine = staff_checks.c.number_hash.in_(tx.keyring.digests("number", number)) & (staff_checks.c.staff_id == staff_id)
    query = select(staff_checks).where(mine if wanted is None else mine & wanted)
    return [_opened(tx, row) for row in tx.list(query.order_by(staff_checks.c.sent_at.desc()))]


def _opened(tx: Tx, row: Row[Any]) -> Check:
    return Check(
        id=row.id,
        staff_id=StaffId(row.staff_id),
        channel=Channel(row.channel),
        kind=CheckKind(row.kind),
        pin=tx.open("staff_checks.code", row.id, row.code_sealed),
        tries=row.tries,
        sent_at=row.sent_at,
        answered_at=row.answered_at,
    )
