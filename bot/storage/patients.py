"""Patients, and the consents they gave."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import consents, patients
from bot.vocabulary import LanguageCode, PatientId


@dataclass(frozen=True, slots=True)
class Chart:
    """What the clinic wrote down before: old deficits, and what a nurse wants at hand on a page."""

    history: tuple[str, ...] = ()
    anticoagulant: str | None = None
    diabetes: str | None = None
    allergies: str | None = None
    emergency_contact: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient, opened: never to be logged."""

    id: PatientId
    mrn: str
    name: str
    born_on: date
    language: LanguageCode
    zone: ZoneInfo
    chart: Chart = field(default_factory=Chart)
    died_at: datetime | None = None

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name


def find_patient_by_mrn(tx: Tx, mrn: str) -> Patient | None:
    """The patient with that record number."""
    row = tx.find(select(patients).where(patients.c.mrn_hash.in_(tx.keyring.digests("mrn", mrn))))
    return None if row is None else _opened(tx, row)


def get_patient(tx: Tx, patient_id: PatientId) -> Patient:
    """The patient; LookupError if there is none."""
    row = tx.find(select(patients).where(patients.c.id == patient_id))
    if row is None:
        raise LookupError(f"no patient {patient_id}")
    return _opened(tx, row)


def list_patients(tx: Tx) -> list[Patient]:
    """Every patient, newest first: a search by name opens one clinic's patients in memory."""
    return [_opened(tx, row) for row in tx.list(select(patients).order_by(patients.c.created_at.desc()))]


def count_patients(tx: Tx) -> int:
    """How many there are."""
    row = tx.find(select(func.count()).select_from(patients))
    return int(row[0]) if row else 0


def keep_patient(tx: Tx, patient: Patient, now: datetime) -> None:
    """Writes a new patient."""
    tx.run(insert(patients).values(id=patient.id, created_at=now, **_sealed(tx, patient)))


def change_patient(tx: Tx, patient: Patient) -> None:
    """Writes what enrolling again changed."""
    tx.run(update(patients).where(patients.c.id == patient.id).values(**_sealed(tx, patient)))


def set_language(tx: Tx, patient_id: PatientId, language: LanguageCode) -> None:
    """The language in which the patient is written to from now on."""
    tx.run(update(patients).where(patients.c.id == patient_id).values(language=language))


def mark_died(tx: Tx, patient_id: PatientId, now: datetime) -> None:
    """The patient died: nothing automatic is ever sent again."""
    tx.run(update(patients).where(patients.c.id == patient_id).values(died_at=now))


@dataclass(frozen=True, slots=True)
class Consent:
    """Who agreed to be texted, how, when, and to which wording."""

    by: str
    method: str
    at: datetime
    wording: str
    withdrawn_at: datetime | None = None


def keep_consent(tx: Tx, patient_id: PatientId, consent: Consent, now: datetime) -> None:
    """Records a consent once."""
    row = {
        "id": uuid4(),
        "patient_id": patient_id,
        "given_by": consent.by,
        "method": consent.method,
        "given_at": consent.at,
        "wording": consent.wording,
        "recorded_at": now,
    }
    tx.run(upsert(consents).values(row).on_conflict_do_nothing())


def list_consents(tx: Tx, patient_id: PatientId) -> list[Consent]:
    """The patient's consents, newest first."""
    query = select(consents).where(consents.c.patient_id == patient_id).order_by(consents.c.given_at.desc())
    return [Consent(r.given_by, r.method, r.given_at, r.wording, r.withdrawn_at) for r in tx.list(query)]


def withdraw_consents(tx: Tx, patient_id: PatientId, now: datetime) -> int:
    """None of the patient's consents stands any more; how many did until now."""
    standing = (consents.c.patient_id == patient_id) & consents.c.withdrawn_at.is_(None)
    return tx.run(update(consents).where(standing).values(withdrawn_at=now))


def _sealed(tx: Tx, patient: Patient) -> dict[str, Any]:
    row_id = UUID(str(patient.id))
    chart = {name: getattr(patient.chart, name) for name in Chart.__dataclass_fields__}
    return {
        "mrn_hash": tx.keyring.digest("mrn", patient.mrn),
        "mrn_sealed": tx.seal("patients.mrn", row_id, patient.mrn),
        "name_sealed": tx.seal("patients.name", row_id, patient.name),
        "born_on_sealed": tx.seal("patients.born_on", row_id, patient.born_on.isoformat()),
        "chart_sealed": tx.seal("patients.chart", row_id, json.dumps(chart)),
        "language": patient.language,
        "time_zone": patient.zone.key,
    }


def _opened(tx: Tx, row: Row[Any]) -> Patient:
    chart = json.loads(tx.open("patients.chart", row.id, row.chart_sealed))
    chart["history"] = tuple(chart["history"])
    return Patient(
        id=PatientId(row.id),
        mrn=tx.open("patients.mrn", row.id, row.mrn_sealed),
        name=tx.open("patients.name", row.id, row.name_sealed),
        born_on=date.fromisoformat(tx.open("patients.born_on", row.id, row.born_on_sealed)),
        language=LanguageCode(row.language),
        zone=ZoneInfo(row.time_zone),
        chart=Chart(**chart),
        died_at=row.died_at,
    )
