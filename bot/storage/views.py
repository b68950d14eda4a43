"""What lists show of many rows at once: one query for each kind of row, opened as far as the list needs; it writes
nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by

from bot.storage.database import Tx
from bot.storage.tables import (
    alerts,
    audit,
    conversations,
    outbox,
    patients,
    phones,
    procedures,
    texters,
    texts,
    work_items,
)
from bot.vocabulary import PatientId, PhoneId, TextId


@dataclass(frozen=True, slots=True)
class Person:
    """A patient as a list shows them: never to be logged. `procedure_at` is the newest one's."""

    id: PatientId
    name: str
    mrn: str
    procedure_at: datetime | None


def list_people(tx: Tx, ids: Collection[PatientId] | None = None) -> list[Person]:
    """These patients, or everybody, newest first."""
    return _people(tx, _NEWEST_FIRST if ids is None else _NEWEST_FIRST.where(patients.c.id.in_(ids)))


def list_newest(tx: Tx, limit: int, offset: int) -> list[Person]:
    """So many patients, newest first, after so many that are left out."""
    return _people(tx, _NEWEST_FIRST.limit(limit).offset(offset))


def count_people(tx: Tx) -> int:
    """How many patients there are."""
    row = tx.find(select(func.count()).select_from(patients))
    return int(row[0]) if row else 0


_NEWEST_PROCEDURE = (
    select(func.max(procedures.c.at)).where(procedures.c.patient_id == patients.c.id).scalar_subquery().label("at")
)
_NEWEST_FIRST = select(patients.c.id, patients.c.name_sealed, patients.c.mrn_sealed, _NEWEST_PROCEDURE).order_by(
    patients.c.created_at.desc(), patients.c.id
)


def _people(tx: Tx, query: Select[Any]) -> list[Person]:
    return [
        Person(
            id=PatientId(row.id),
            name=tx.open("patients.name", row.id, row.name_sealed),
            mrn=tx.open("patients.mrn", row.id, row.mrn_sealed),
            procedure_at=row.at,
        )
        for row in tx.list(query)
    ]


def map_numbers(tx: Tx, ids: Collection[PhoneId]) -> dict[PhoneId, str]:
    """The numbers of these phones."""
    rows = tx.list(select(phones.c.id, phones.c.number_sealed).where(phones.c.id.in_(ids)))
    return {PhoneId(row.id): tx.open("phones.number", row.id, row.number_sealed) for row in rows}


def map_first_phones(tx: Tx, ids: Collection[PatientId]) -> dict[PatientId, PhoneId]:
    """The phone that gets each patient's check-ins."""
    query = select(texters.c.patient_id, texters.c.phone_id).where(texters.c.patient_id.in_(ids), texters.c.is_first)
    return {PatientId(row.patient_id): PhoneId(row.phone_id) for row in tx.list(query)}


def map_words(tx: Tx, ids: Collection[TextId]) -> dict[TextId, str]:
    """The words of these texts."""
    rows = tx.list(select(texts.c.id, texts.c.words_sealed).where(texts.c.id.in_(ids)))
    return {TextId(row.id): tx.open("texts.words", UUID(str(row.id)), row.words_sealed) for row in rows}


def mark_of_work(tx: Tx) -> str:
    """Changes when an open alert or work item comes, goes, rises or changes hands: one query, no word opened."""
    one_alert = func.concat_ws(
        " ", alerts.c.id, alerts.c.level, alerts.c.round, alerts.c.acknowledged_by, alerts.c.unreached_at,
        cast(alerts.c.flags, Text),
    )  # by rows, not an item a line  # fmt: skip
    one_item = func.concat_ws(" ", work_items.c.id, func.coalesce(work_items.c.claimed_by, "-"))
    lines = union_all(
        select(one_alert.label("line")).where(alerts.c.closed_at.is_(None)),
        select(one_item.label("line")).where(work_items.c.done_at.is_(None)),
    ).subquery()
    together = func.string_agg(lines.c.line, aggregate_order_by(literal("\n"), lines.c.line))
    row = tx.find(select(func.md5(func.coalesce(together, ""))))
    return str(row[0]) if row else ""


def mark_of_patient(tx: Tx, patient_id: PatientId) -> str:
    """Changes whenever something on the patient's page does: texts and how they travel, alerts, tasks, check-ins,
    corrections, what staff did."""
    mine = conversations.c.patient_id == patient_id
    sent = func.coalesce(outbox.c.provider_status, outbox.c.state)
    thread = (
        select(
            func.concat(
                func.count(texts.c.id), func.md5(func.string_agg(sent, aggregate_order_by(literal(","), texts.c.id)))
            )
        )
        .join(conversations, conversations.c.id == texts.c.conversation_id)
        .join(outbox, outbox.c.text_id == texts.c.id, isouter=True)
        .where(mine)
    )
    parts = [
        thread,
        select(func.concat(func.max(conversations.c.updated_at))).where(mine),
        select(func.concat(func.count(), func.count(alerts.c.acknowledged_at), func.count(alerts.c.closed_at)))
        .select_from(alerts)
        .where(alerts.c.patient_id == patient_id),
        select(func.concat(func.count(), func.count(work_items.c.done_at)))
        .select_from(work_items)
        .where(work_items.c.patient_id == patient_id),
        select(func.concat(func.max(audit.c.id))).where(
            audit.c.patient_id == patient_id, audit.c.did.not_like("viewed%")
        ),
    ]
    row = tx.find(select(*(part.scalar_subquery() for part in parts)))
    return "" if row is None else " ".join(str(one) for one in row)
