"""What lists show of many rows at once: one query for each kind of row, opened as far as the list needs; it writes
nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from bot.storage.database import Tx
from bot.storage.tables import patients, phones, procedures, texters, texts
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
    newest = select(procedures.c.patient_id, func.max(procedures.c.at).label("at")).group_by(procedures.c.patient_id)
    latest = newest.subquery()
    query = (
        select(patients.c.id, patients.c.name_sealed, patients.c.mrn_sealed, latest.c.at)
        .join(latest, latest.c.patient_id == patients.c.id, isouter=True)
        .order_by(patients.c.created_at.desc())
    )
    if ids is not None:
        query = query.where(patients.c.id.in_(ids))
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
