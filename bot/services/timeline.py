"""One patient's relief timeline, as CONTRACT.md (`timeline --json`) lays it out, and what we add to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.relief.axis import ANSWERED
from bot.relief.reading import count_injections, read_course
from bot.relief.timeline import (
    Course,
    Thresholds,
    all_relief,
    anaesthetic_phase,
    pattern,
    steroid_phase,
    weeks_of_relief,
)
from bot.runtime import Runtime
from bot.services.follow_up import FollowUp, age_at, load_follow_up
from bot.services.party import current_procedure
from bot.storage.alerts import Alert
from bot.storage.check_ins import CheckIn
from bot.storage.database import Tx
from bot.storage.patients import Patient, find_patient_by_mrn
from bot.storage.procedures import Procedure, list_procedures
from bot.vocabulary import CheckInState

NOT_DUE = (CheckInState.PLANNED, CheckInState.SKIPPED)


def find_timeline(rt: Runtime, mrn: str) -> dict[str, Any] | None:
    """The timeline of the patient's current procedure, or None if nobody has that record number."""
    with rt.database.begin() as tx:
        patient = find_patient_by_mrn(tx, mrn)
        return None if patient is None else timeline_of(tx, rt, patient)


def timeline_of(tx: Tx, rt: Runtime, patient: Patient) -> dict[str, Any]:
    """The timeline of an opened patient's current procedure."""
    found = list_procedures(tx, patient.id)
    procedure = current_procedure(found, rt.now())
    if procedure is None:
        raise LookupError(f"patient {patient.id} has no procedure")
    return lay_out(load_follow_up(tx, rt, patient, procedure), found, rt.now())


def lay_out(follow_up: FollowUp, procedures: list[Procedure], now: datetime) -> dict[str, Any]:
    """The timeline as JSON. The keys before `answers` are the contract's."""
    course, limits = follow_up.course, follow_up.limits
    return {
        "patient": _patient(follow_up.patient, now),
        "procedure": _procedure(follow_up.procedure),
        "check_ins": [{"name": c.name, "due_at": _iso(c.due_at), "state": c.state.value} for c in follow_up.check_ins],
        "pain": [
            {"at": _iso(s.at), "day": s.day, "score": s.score, "asked": s.asked}
            for s in sorted(course.scores, key=lambda s: s.at)
        ],
        "relief": [
            {"at": _iso(r.at), "day": r.day, "percent": r.percent, "source": r.source} for r in all_relief(course)
        ],
        "alerts": [_alert(alert) for alert in follow_up.alerts],
        "summary": _summary(course, limits, follow_up.check_ins) | {"caution": follow_up.protocol.caution},
        "answers": [
            {"at": _iso(a.at), "day": a.day, "kind": a.kind, "value": a.value, "asked": a.asked, "by": a.by}
            for a in follow_up.answers
        ],
        "reading": _reading(follow_up, procedures),
        "marks": [asdict(mark) for mark in follow_up.marks],
        "silences": [asdict(gap) for gap in follow_up.gaps],
    }


def _reading(follow_up: FollowUp, procedures: list[Procedure]) -> dict[str, Any]:
    limits, protocol = follow_up.limits, follow_up.protocol
    reading = asdict(read_course(follow_up.course, limits, follow_up.age))
    for choice in reading["choices"]:
        choice["means"] = protocol.answers.get(choice["asked"], {}).get(choice["value"], "")
    at = follow_up.procedure.at
    nth = count_injections([p.at for p in procedures if p.protocol == follow_up.procedure.protocol], at, limits)
    sources = protocol.thresholds.sources
    return reading | {
        "age_at_procedure": follow_up.age,
        "injections_in_12_months": nth,
        "thresholds": {
            name: {"value": value, "source": sources[name]} for name, value in protocol.thresholds.values.items()
        },
        "expected": [phase.model_dump() for phase in protocol.expected],
    }


def _summary(course: Course, limits: Thresholds, check_ins: list[CheckIn]) -> dict[str, Any]:
    useful, some = weeks_of_relief(course, limits.useful), weeks_of_relief(course, limits.some)
    return {
        "anaesthetic_phase": asdict(anaesthetic_phase(course, limits)),
        "steroid_phase": asdict(steroid_phase(course, limits)),
        "pattern": pattern(course, limits).value,
        "weeks_of_relief": useful.weeks,
        "weeks_of_relief_censored": useful.censored,
        "weeks_of_some_relief": some.weeks,
        "weeks_of_some_relief_censored": some.censored,
        "answered": sum(c.state in ANSWERED for c in check_ins),
        "due": sum(c.state not in NOT_DUE for c in check_ins),
    }


def _patient(patient: Patient, now: datetime) -> dict[str, Any]:
    return {
        "id": str(patient.id),
        "mrn": patient.mrn,
        "name": patient.name,
        "born_on": patient.born_on.isoformat(),
        "age": age_at(patient.born_on, now),
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
