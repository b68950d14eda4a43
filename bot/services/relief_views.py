"""What the relief page of one patient shows, and the picture of one procedure; it writes nothing but who looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.relief.axis import ANSWERED
from bot.relief.picture import Picture, Span, picture_of
from bot.runtime import Runtime
from bot.services.follow_up import FollowUp, load_follow_up
from bot.services.party import current_procedure
from bot.services.timeline import NOT_DUE, lay_out
from bot.storage import audit
from bot.storage.patients import Patient, get_patient
from bot.storage.procedures import Procedure, get_procedure, list_procedures
from bot.storage.staff import StaffMember
from bot.vocabulary import PatientId, ProcedureId

HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class ReliefPage:
    """One procedure's timeline, and the summaries of all the patient's procedures, newest first."""

    patient: Patient
    procedure: Procedure
    timeline: dict[str, Any]
    side_by_side: list[dict[str, Any]]


def relief_page(
    rt: Runtime, patient_id: PatientId, procedure_id: ProcedureId | None, viewer: StaffMember
) -> ReliefPage:
    """The page of that procedure (None: the current one), and a line in the audit; LookupError if there is none."""
    now = rt.now()
    with rt.database.begin() as tx:
        patient = get_patient(tx, patient_id)
        found = list_procedures(tx, patient_id)
        wanted = [p for p in found if p.id == procedure_id]
        procedure = wanted[0] if wanted else (None if procedure_id else current_procedure(found, now))
        if procedure is None:
            raise LookupError("no such procedure")
        audit.note(
            tx, who=viewer.username, did="viewed_relief", now=now, patient_id=patient_id, about=str(procedure.id)
        )
        timelines = {p.id: lay_out(load_follow_up(tx, rt, patient, p), found, now) for p in found}
        return ReliefPage(patient, procedure, timelines[procedure.id], [timelines[p.id] for p in found])


def picture_for(rt: Runtime, procedure_id: ProcedureId) -> Picture:
    """The picture of one procedure; LookupError if there is none."""
    with rt.database.begin() as tx:
        procedure = get_procedure(tx, procedure_id)
        patient = get_patient(tx, procedure.patient_id)
        return picture_from(load_follow_up(tx, rt, patient, procedure))


def picture_from(follow_up: FollowUp) -> Picture:
    """The picture of a loaded follow-up."""
    protocol, course = follow_up.protocol, follow_up.course
    answered = sum(c.state in ANSWERED for c in follow_up.check_ins)
    due = sum(c.state not in NOT_DUE for c in follow_up.check_ins)
    return picture_of(
        course,
        follow_up.limits,
        minor=follow_up.age < follow_up.limits.minor_under_age,
        counts=f"n = {len(follow_up.answers)} answers; {answered} of {due} check-ins answered",
        expected=[Span(p.label, p.from_hour / HOURS_A_DAY, p.to_hour / HOURS_A_DAY) for p in protocol.expected],
        gaps=follow_up.gaps,
        marks=follow_up.marks,
        last_day=max(rules.day for rules in protocol.check_ins),
    )
