"""Writes corrected texts as lines of the corpus, for whoever keeps the lexicon; it changes nothing but the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.exchange.corpus import Corrected, corpus_line
from bot.runtime import Runtime
from bot.services.party import current_procedure
from bot.storage import patients, phones, procedures, texts
from bot.storage.audit import note
from bot.storage.corrections import Correction, list_newest, map_patients
from bot.storage.database import Tx
from bot.storage.findings import map_asked, map_findings
from bot.storage.patients import Patient
from bot.storage.procedures import Procedure
from bot.storage.staff import StaffMember
from bot.vocabulary import PatientId

MOST = 2000


@dataclass(frozen=True, slots=True)
class _Owner:
    patient: Patient
    procedures: list[Procedure]
    names: tuple[str, ...]


def corpus_of_corrections(rt: Runtime, by: StaffMember) -> list[dict[str, Any]]:
    """One line for each corrected text, the newest correction of each, oldest first."""
    now = rt.now()
    with rt.database.begin() as tx:
        found = list_newest(tx, looked_at=None, limit=MOST)[::-1]
        note(tx, who=by.username, did="exported_corrections", now=now, about=f"{len(found)} texts")
        owners = map_patients(tx, {one.text_id for one in found})
        people = {patient_id: _owner(tx, patient_id) for patient_id in set(owners.values())}
        lines = _corrected(tx, found, {text_id: people[owner] for text_id, owner in owners.items()})
    levels = {flag: rule.level for flag, rule in rt.content.red_flags.flags.items()}
    return [corpus_line(line, levels) for line in lines]


def _owner(tx: Tx, patient_id: PatientId) -> _Owner:
    patient = patients.get_patient(tx, patient_id)
    texters = [texter.name for texter, _ in phones.list_all_texters_of(tx, patient_id)]
    return _Owner(patient, procedures.list_procedures(tx, patient_id), (patient.name, *texters))


def _corrected(tx: Tx, found: list[Correction], owners: dict[Any, _Owner]) -> list[Corrected]:
    ids = {one.text_id for one in found}
    findings, asked = map_findings(tx, ids), map_asked(tx, ids)
    lines = []
    for one in found:
        text, owner = texts.get_text(tx, one.text_id), owners.get(one.text_id)
        day, hours, baseline = (None, None, None) if owner is None else _since(owner, text.at)
        lines.append(
            Corrected(
                key=f"k{one.text_id.hex[:8]}",
                words=text.words,
                finding=findings[one.text_id],
                level=one.level,
                flag=one.flag,
                reason=one.reason,
                by=one.role,
                asked=asked.get(one.text_id),
                day=day,
                hours=hours,
                baseline=baseline,
                names=() if owner is None else owner.names,
                records=() if owner is None else (owner.patient.mrn,),
            )
        )
    return lines


def _since(owner: _Owner, at: datetime) -> tuple[int | None, float | None, int | None]:
    """Whole local days and hours since the procedure that the text followed, and the pain before it."""
    procedure = current_procedure(owner.procedures, at)
    if procedure is None:
        return None, None, None
    zone = owner.patient.zone
    days = (at.astimezone(zone).date() - procedure.at.astimezone(zone).date()).days
    return days, round((at - procedure.at).total_seconds() / 3600, 1), procedure.baseline_pain
