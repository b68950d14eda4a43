"""One patient's relief timeline, as CONTRACT.md (`timeline --json`) lays it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.relief.timeline import (
    Course,
    ReliefAnswer,
    Score,
    Thresholds,
    all_relief,
    anaesthetic_phase,
    pattern,
    steroid_phase,
    weeks_of_relief,
)
from bot.runtime import Runtime
from bot.services.party import current_procedure
from bot.storage.alerts import Alert, list_alerts_of
from bot.storage.check_ins import CheckIn, list_check_ins
from bot.storage.database import Tx
from bot.storage.findings import ScoreRow, list_scores
from bot.storage.patients import Patient, find_patient_by_mrn
from bot.storage.procedures import Procedure, list_procedures
from bot.vocabulary import CheckInState

CAUTION = "One uncontrolled block has placebo and false-positive responses; this labels a pattern, it advises nothing."


def find_timeline(rt: Runtime, mrn: str) -> dict[str, Any] | None:
    """The timeline of the patient's current procedure, or None if nobody has that record number."""
    with rt.database.begin() as tx:
        patient = find_patient_by_mrn(tx, mrn)
        return None if patient is None else timeline_of(tx, rt, patient)


def timeline_of(tx: Tx, rt: Runtime, patient: Patient) -> dict[str, Any]:
    """The timeline of an opened patient."""
    procedure = current_procedure(list_procedures(tx, patient.id), rt.now())
    if procedure is None:
        raise LookupError(f"patient {patient.id} has no procedure")
    check_ins = list_check_ins(tx, procedure.id)
    scores = list_scores(tx, procedure.id)
    limits = Thresholds(**rt.content.protocols[procedure.protocol].thresholds.model_dump())
    course = _course(procedure, scores)
    return {
        "patient": _patient(patient, rt.now()),
        "procedure": _procedure(procedure),
        "check_ins": [{"name": c.name, "due_at": _iso(c.due_at), "state": c.state.value} for c in check_ins],
        "pain": [{"at": _iso(s.at), "day": s.day, "score": s.score, "asked": s.asked} for s in course.scores],
        "relief": [
            {"at": _iso(r.at), "day": r.day, "percent": r.percent, "source": r.source} for r in all_relief(course)
        ],
        "alerts": [_alert(alert) for alert in list_alerts_of(tx, patient.id)],
        "summary": _summary(course, limits, check_ins),
    }


def _course(procedure: Procedure, scores: list[ScoreRow]) -> Course:
    return Course(
        baseline=procedure.baseline_pain,
        block_pain=procedure.block_pain,
        sedation=procedure.sedation,
        procedure_at=procedure.at,
        scores=tuple(Score(s.at, s.day, s.value, s.asked) for s in scores if s.kind == "pain"),
        relief=tuple(
            ReliefAnswer(s.at, s.day, s.value, "best_relief" if s.asked == "best_relief" else "stated")
            for s in scores
            if s.kind == "relief"
        ),
    )


def _summary(course: Course, limits: Thresholds, check_ins: list[CheckIn]) -> dict[str, Any]:
    useful, some = weeks_of_relief(course, limits.useful), weeks_of_relief(course, limits.some)
    not_due = (CheckInState.PLANNED, CheckInState.SKIPPED)
    answered = (CheckInState.ANSWERED, CheckInState.PARTLY_ANSWERED)
    return {
        "anaesthetic_phase": asdict(anaesthetic_phase(course, limits)),
        "steroid_phase": asdict(steroid_phase(course, limits)),
        "pattern": pattern(course, limits).value,
        "weeks_of_relief": useful.weeks,
        "weeks_of_relief_censored": useful.censored,
        "weeks_of_some_relief": some.weeks,
        "answered": sum(c.state in answered for c in check_ins),
        "due": sum(c.state not in not_due for c in check_ins),
        "caution": CAUTION,
    }


def _patient(patient: Patient, now: datetime) -> dict[str, Any]:
    born = patient.born_on
    age = now.year - born.year - ((now.month, now.day) < (born.month, born.day))
    return {
        "id": str(patient.id),
        "mrn": patient.mrn,
        "name": patient.name,
        "born_on": born.isoformat(),
        "age": age,
        "language": patient.language,
        "time_zone": patient.zone.key,
    }


def _procedure(procedure: Procedure) -> dict[str, Any]:
    fields = asdict(procedure) | {"id": str(procedure.id), "at": _iso(procedure.at)}
    del fields["patient_id"]
    return fields


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "id": str(alert.id),
        "level": alert.level.value,
        "flags": list(alert.flags),
        "opened_at": _iso(alert.opened_at),
        "paged_at": _iso(alert.first_paged_at),
        "acknowledged_at": _iso(alert.acknowledged_at),
        "acknowledged_by": alert.acknowledged_by,
        "closed_at": _iso(alert.closed_at),
        "outcome": alert.outcome,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def read_aloud(timeline: dict[str, Any]) -> Iterator[str]:
    """The timeline for people, a line each."""
    patient, procedure, summary = timeline["patient"], timeline["procedure"], timeline["summary"]
    yield f"{patient['name']} ({patient['mrn']}), {patient['age']} years"
    yield f"{procedure['protocol']} on {procedure['at'][:10]}, baseline pain {_or_dash(procedure['baseline_pain'])}"
    yield ""
    for check_in in timeline["check_ins"]:
        yield f"  {check_in['name']:8} {check_in['due_at'][:10]}  {check_in['state']}"
    for score in timeline["pain"]:
        yield f"  day {score['day']:3}  pain {score['score']}/10  {'#' * score['score']}"
    for relief in timeline["relief"]:
        yield f"  day {relief['day']:3}  relief {relief['percent']} %  ({relief['source']})"
    for alert in timeline["alerts"]:
        by = alert["acknowledged_by"] or "nobody yet"
        why = ", ".join(alert["flags"]) or "-"
        yield f"  alert   {alert['level']}: {why}; taken by {by}; {alert['outcome'] or 'open'}"
    yield ""
    for name in ("anaesthetic_phase", "steroid_phase"):
        phase = summary[name]
        words = "no answer" if phase["percent"] is None else f"{phase['percent']} %, {phase['band']}"
        yield f"{name.replace('_', ' '):18} {words}"
    yield f"{'pattern':18} {summary['pattern']}"
    yield f"{'weeks of relief':18} {_or_dash(summary['weeks_of_relief'])}"
    yield f"{'answered':18} {summary['answered']} of {summary['due']} check-ins"
    yield summary["caution"]


def _or_dash(value: object) -> str:
    return "-" if value is None else str(value)
