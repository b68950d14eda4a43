"""Phones, and who texts from them for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import patients, phones, texters
from bot.vocabulary import LanguageCode, PatientId, PhoneId, Relation


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164, opened: never to be logged."""

    id: PhoneId
    number: str
    opted_out_at: datetime | None
    greeted_unknown_at: datetime | None
    unusable_since: datetime | None


@dataclass(frozen=True, slots=True)
class Texter:
    """Somebody who texts for a patient from a phone; the first one gets the check-ins, one who has ended does not."""

    patient_id: PatientId
    phone_id: PhoneId
    relation: Relation
    name: str
    is_first: bool
    ended_at: datetime | None = None


def find_phone(tx: Tx, number: str) -> Phone | None:
    """The phone with that number."""
    row = tx.find(select(phones).where(phones.c.number_hash.in_(tx.keyring.digests("number", number))))
    return None if row is None else _opened(tx, row)


def get_phone(tx: Tx, phone_id: PhoneId) -> Phone:
    """The phone; LookupError if there is none."""
    row = tx.find(select(phones).where(phones.c.id == phone_id))
    if row is None:
        raise LookupError(f"no phone {phone_id}")
    return _opened(tx, row)


def keep_phone(tx: Tx, number: str, now: datetime) -> Phone:
    """The phone with that number, written if it is new; safe when two do it at once."""
    phone = find_phone(tx, number)
    if phone is not None:
        return phone
    new_id = uuid4()
    row = {
        "id": new_id,
        "number_hash": tx.keyring.digest("number", number),
        "number_sealed": tx.seal("phones.number", new_id, number),
        "created_at": now,
    }
    tx.run(upsert(phones).values(row).on_conflict_do_nothing())
    phone = find_phone(tx, number)
    if phone is None:
        raise LookupError("the phone was written and is not there")
    return phone


def lock_phone(tx: Tx, phone_id: PhoneId) -> None:
    """Makes everything about this phone wait its turn until the transaction ends, but for rows that only name it: who
    has a conversation and writes a work item about the phone would wait for who has the phone, and the other way."""
    tx.find(select(phones.c.id).where(phones.c.id == phone_id).with_for_update(key_share=True))


def lock_phones_of(tx: Tx, patient_id: PatientId, *also: PhoneId) -> None:
    """Makes everything about the phones from which anybody has texted for this patient, and about these, wait its
    turn; always in the same order, so that two who do so never wait for each other."""
    theirs = select(texters.c.phone_id).where(texters.c.patient_id == patient_id)
    wanted = or_(phones.c.id.in_(theirs), phones.c.id.in_(also))
    tx.list(select(phones.c.id).where(wanted).order_by(phones.c.id).with_for_update(key_share=True))


def stop_texts(tx: Tx, phone_id: PhoneId, how: str, now: datetime) -> None:
    """Nothing automatic goes to this phone any more; the first stop is the one that is kept."""
    changed = phones.c.opted_out_at.is_(None) & (phones.c.id == phone_id)
    tx.run(update(phones).where(changed).values(opted_out_at=now, opted_out_how=how))


def start_texts(tx: Tx, phone_id: PhoneId) -> None:
    """The phone wants texts again."""
    tx.run(update(phones).where(phones.c.id == phone_id).values(opted_out_at=None, opted_out_how=None))


def mark_greeted(tx: Tx, phone_id: PhoneId, now: datetime) -> None:
    """The one neutral answer to an unknown number has been given."""
    tx.run(update(phones).where(phones.c.id == phone_id).values(greeted_unknown_at=now))


def mark_unusable(tx: Tx, phone_id: PhoneId, now: datetime) -> None:
    """The provider says that no text can reach this number."""
    tx.run(update(phones).where(phones.c.id == phone_id).values(unusable_since=now))


def keep_texter(tx: Tx, texter: Texter) -> None:
    """Writes who texts for the patient, or what changed about them."""
    row = tx.find(
        select(texters.c.id).where(texters.c.patient_id == texter.patient_id, texters.c.phone_id == texter.phone_id)
    )
    texter_id = uuid4() if row is None else row.id
    values = {
        "relation": texter.relation.value,
        "name_sealed": tx.seal("texters.name", texter_id, texter.name),
        "is_first": texter.is_first,
        "ended_at": texter.ended_at,
    }
    if row is None:
        ids = {"id": texter_id, "patient_id": texter.patient_id, "phone_id": texter.phone_id}
        tx.run(insert(texters).values(**ids, **values))
    else:
        tx.run(update(texters).where(texters.c.id == texter_id).values(**values))


def demote_texters(tx: Tx, patient_id: PatientId) -> None:
    """Nobody is the first texter until one is kept as such."""
    tx.run(update(texters).where(texters.c.patient_id == patient_id).values(is_first=False))


def end_texter(tx: Tx, patient_id: PatientId, phone_id: PhoneId, now: datetime) -> None:
    """Whoever texts from this phone does not speak for the patient any more."""
    this = (texters.c.patient_id == patient_id) & (texters.c.phone_id == phone_id)
    tx.run(update(texters).where(this).values(ended_at=now, is_first=False))


def list_texters_of(tx: Tx, patient_id: PatientId) -> list[Texter]:
    """Who texts for the patient now, the first one first."""
    now = (texters.c.patient_id == patient_id) & texters.c.ended_at.is_(None)
    return [_texter(tx, row) for row in tx.list(select(texters).where(now).order_by(texters.c.is_first.desc()))]


def list_all_texters_of(tx: Tx, patient_id: PatientId) -> list[tuple[Texter, Phone]]:
    """Who texts or has texted for the patient, with their phones, the first one first and those who ended last."""
    query = (
        select(texters.c.id.label("texter_id"), *(c for c in texters.c if c.name != "id"), phones)
        .join(phones, phones.c.id == texters.c.phone_id)
        .where(texters.c.patient_id == patient_id)
        .order_by(texters.c.ended_at.is_not(None), texters.c.is_first.desc(), phones.c.created_at)
    )
    return [(_texter(tx, row, row.texter_id), _opened(tx, row)) for row in tx.list(query)]


def list_texters_at(tx: Tx, phone_id: PhoneId) -> list[Texter]:
    """For whom this phone texts now."""
    query = select(texters).where(texters.c.phone_id == phone_id, texters.c.ended_at.is_(None))
    return [_texter(tx, row) for row in tx.list(query)]


def _opened(tx: Tx, row: Row[Any]) -> Phone:
    return Phone(
        id=PhoneId(row.id),
        number=tx.open("phones.number", row.id, row.number_sealed),
        opted_out_at=row.opted_out_at,
        greeted_unknown_at=row.greeted_unknown_at,
        unusable_since=row.unusable_since,
    )


def _texter(tx: Tx, row: Row[Any], texter_id: UUID | None = None) -> Texter:
    return Texter(
        patient_id=PatientId(row.patient_id),
        phone_id=PhoneId(row.phone_id),
        relation=Relation(row.relation),
        name=tx.open("texters.name", texter_id or row.id, row.name_sealed),
        is_first=row.is_first,
        ended_at=row.ended_at,
    )


def list_opted_out(tx: Tx, phone_ids: Collection[PhoneId]) -> set[PhoneId]:
    """Which of these phones stopped texts."""
    query = select(phones.c.id).where(phones.c.id.in_(phone_ids), phones.c.opted_out_at.is_not(None))
    return {PhoneId(row.id) for row in tx.list(query)} if phone_ids else set()


def find_language(tx: Tx, phone_id: PhoneId) -> LanguageCode | None:
    """The language of a patient for whom this phone texts; nothing sealed is opened."""
    query = select(patients.c.language).join(texters, texters.c.patient_id == patients.c.id)
    texts_now = (texters.c.phone_id == phone_id) & texters.c.ended_at.is_(None)
    row = tx.find(query.where(texts_now).order_by(texters.c.is_first.desc()))
    return None if row is None else LanguageCode(row.language)
