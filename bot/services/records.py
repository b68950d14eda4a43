"""One patient's whole record, for export: read in one transaction, noted in the audit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.exchange.record import (
    AlertRecord,
    AnswerRecord,
    CheckInRecord,
    ConsentRecord,
    PatientRecord,
    ProcedureRecord,
    TexterRecord,
    TextRecord,
)
from bot.relief.timeline import all_relief
from bot.runtime import Runtime
from bot.services.follow_up import FollowUp, load_follow_up
from bot.services.timeline import lay_out
from bot.storage import audit, conversations, patients, phones
from bot.storage.alerts import Alert
from bot.storage.database import Tx
from bot.storage.patients import Patient, find_patient_by_mrn
from bot.storage.procedures import list_procedures
from bot.storage.texts import list_thread

WHOLE_THREAD = 100_000


@dataclass(frozen=True, slots=True)
class Exported:
    """The record, each procedure's timeline, and relief computed from scores by procedure: (when, day, percent)."""

    record: PatientRecord
    timelines: list[dict[str, Any]]
    relief: dict[str, list[tuple[datetime, int, int]]]

    def as_json(self) -> dict[str, Any]:
        """The record with its timelines."""
        document: dict[str, Any] = _iso(asdict(self.record))
        return document | {"timelines": self.timelines}


def _iso(value: Any) -> Any:  # whatever a record holds, with times as JSON has them
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _iso(inner) for name, inner in value.items()}
    return [_iso(inner) for inner in value] if isinstance(value, list | tuple) else value


def find_record(rt: Runtime, mrn: str, by: str) -> Exported | None:
    """The record of whoever has that record number, and a line in the audit; None if nobody has it."""
    now = rt.now()
    with rt.database.begin() as tx:
        patient = find_patient_by_mrn(tx, mrn)
        if patient is None:
            return None
        found = sorted(list_procedures(tx, patient.id), key=lambda p: p.at)
        follow_ups = [load_follow_up(tx, rt, patient, procedure) for procedure in found]
        record = _record(tx, rt, patient, follow_ups)
        audit.note(tx, who=by, did="exported", now=now, patient_id=patient.id)
    return Exported(
        record,
        [lay_out(one, found, now) for one in follow_ups],
        {
            str(one.procedure.id): [
                (r.at, r.day, r.percent) for r in all_relief(one.course) if r.source == "from_scores"
            ]
            for one in follow_ups
        },
    )


def _record(tx: Tx, rt: Runtime, patient: Patient, follow_ups: list[FollowUp]) -> PatientRecord:
    everybody = phones.list_all_texters_of(tx, patient.id)
    texters = [(texter, phone) for texter, phone in everybody if texter.ended_at is None]
    numbers = {phone.id: phone.number for _, phone in everybody}
    talks = conversations.list_conversations_of(tx, patient.id, rt.content.questions())
    chart = patient.chart
    standing = [c for c in patients.list_consents(tx, patient.id) if c.withdrawn_at is None]
    return PatientRecord(
        key=str(patient.id),
        mrn=patient.mrn,
        name=patient.name,
        born_on=patient.born_on.isoformat(),
        language=patient.language,
        time_zone=patient.zone.key,
        history=chart.history,
        anticoagulant=chart.anticoagulant,
        diabetes=chart.diabetes,
        allergies=chart.allergies,
        emergency_contact=chart.emergency_contact,
        texters=tuple(TexterRecord(t.relation.value, t.name, phone.number, t.is_first) for t, phone in texters),
        consents=tuple(ConsentRecord(c.by, c.method, c.at, c.wording) for c in standing),
        procedures=tuple(_procedure(one, later) for one, later in _with_next(follow_ups)),
        texts=tuple(
            TextRecord(
                str(line.text.id), line.text.at, line.text.direction, line.text.kind, line.text.words,
                numbers.get(line.text.phone_id, ""),
            )
            for line in list_thread(tx, [talk.id for talk in talks], WHOLE_THREAD)
        ),
    )  # by rows, not an item a line  # fmt: skip


def _with_next(follow_ups: list[FollowUp]) -> list[tuple[FollowUp, datetime | None]]:
    following = [one.procedure.at for one in follow_ups[1:]]
    return list(zip(follow_ups, [*following, None], strict=True))


def _procedure(one: FollowUp, later: datetime | None) -> ProcedureRecord:
    """`later`: when the next procedure was; an alert without a procedure belongs to the one before it."""
    p = one.procedure
    mine = [
        alert
        for alert in one.alerts
        if alert.procedure_id == p.id
        or (alert.procedure_id is None and alert.opened_at >= p.at and (later is None or alert.opened_at < later))
    ]
    return ProcedureRecord(
        key=str(p.id),
        protocol=p.protocol,
        label=one.protocol.label,
        at=p.at,
        level=p.level,
        side=p.side,
        sedation=p.sedation,
        provider=p.provider,
        drug=p.drug,
        dose_mg=p.dose_mg,
        baseline_pain=p.baseline_pain,
        block_pain=p.block_pain,
        check_ins=tuple(CheckInRecord(c.name, c.due_at, c.state.value) for c in one.check_ins),
        answers=tuple(
            AnswerRecord(a.at, a.day, a.kind, a.value, a.asked, a.by and a.by.value, str(a.text_id))
            for a in one.answers
        ),
        alerts=tuple(_alert(alert) for alert in mine),
    )


def _alert(alert: Alert) -> AlertRecord:
    return AlertRecord(
        key=str(alert.id),
        level=alert.level.value,
        flags=tuple(alert.flags),
        reason=alert.reason,
        opened_at=alert.opened_at,
        paged_at=alert.first_paged_at,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=alert.acknowledged_by,
        closed_at=alert.closed_at,
        closed_by=alert.closed_by,
        outcome=alert.outcome,
    )
