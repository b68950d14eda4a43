"""Loads one procedure's follow-up as the pure core wants it: one transaction, a fixed number of queries. It decides
nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.content.protocols import Protocol
from bot.relief.axis import Act, Asking, Mark, Raised, Silence, marks, silences
from bot.relief.timeline import Choice, Course, ReliefAnswer, Score, Thresholds
from bot.runtime import Runtime
from bot.services.party import list_follow_up
from bot.storage.alerts import Alert, list_alerts_of
from bot.storage.answers import AnswerRow, list_answers
from bot.storage.audit import list_acts
from bot.storage.check_ins import CheckIn
from bot.storage.database import Tx
from bot.storage.patients import Patient
from bot.storage.procedures import Procedure

ON_THE_AXIS = ("took_thread", "handed_back")  # acts beside those that an alert itself tells: acknowledged, closed


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One procedure and everything after it, opened: never to be logged. `alerts` are all of the patient's."""

    patient: Patient
    procedure: Procedure
    protocol: Protocol
    limits: Thresholds
    check_ins: list[CheckIn]
    answers: list[AnswerRow]
    alerts: list[Alert]
    acts: list[Act]

    @property
    def course(self) -> Course:
        return course_of(self.procedure, self.answers)

    @property
    def age(self) -> int:
        """Whole years on the day of the procedure."""
        return age_on(self.patient.born_on, self.procedure.at.astimezone(self.patient.zone).date())

    @property
    def gaps(self) -> tuple[Silence, ...]:
        return silences(self.procedure.at, self._askings())

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What happened after this procedure; an alert of an earlier one is on that one's axis."""
        raised = [
            Raised(a.level.value, a.flags, a.opened_at, a.acknowledged_at, a.acknowledged_by, a.closed_at, a.outcome)
            for a in self.alerts
            if a.procedure_id in (None, self.procedure.id) and a.opened_at >= self.procedure.at
        ]
        return marks(self.procedure.at, self._askings(), raised, self.acts)

    def _askings(self) -> list[Asking]:
        return [Asking(c.name, c.due_at, c.state) for c in self.check_ins]


def load_follow_up(tx: Tx, rt: Runtime, patient: Patient, procedure: Procedure) -> FollowUp:
    """The follow-up of one of the patient's procedures."""
    protocol = rt.content.protocols[procedure.protocol]
    acts = list_acts(tx, patient.id, ON_THE_AXIS)
    return FollowUp(
        patient=patient,
        procedure=procedure,
        protocol=protocol,
        limits=limits_of(protocol),
        check_ins=list_follow_up(tx, rt, procedure),
        answers=list_answers(tx, procedure.id),
        alerts=list_alerts_of(tx, patient.id),
        acts=[Act(entry.at, entry.who, entry.did) for entry in acts if entry.at >= procedure.at],
    )


def limits_of(protocol: Protocol) -> Thresholds:
    """The protocol's numbers as the core wants them."""
    return Thresholds(**protocol.thresholds.values)


def course_of(procedure: Procedure, answers: list[AnswerRow]) -> Course:
    """The procedure and its answers, as the core reads them."""
    by = {answer: None if answer.by is None else answer.by.value for answer in answers}
    return Course(
        baseline=procedure.baseline_pain,
        block_pain=procedure.block_pain,
        sedation=procedure.sedation,
        procedure_at=procedure.at,
        scores=tuple(Score(a.at, a.day, a.value, a.asked, by[a]) for a in answers if a.kind == "pain"),
        relief=tuple(
            ReliefAnswer(a.at, a.day, a.value, "best_relief" if a.asked == "best_relief" else "stated", by[a])
            for a in answers
            if a.kind == "relief"
        ),
        choices=tuple(Choice(a.at, a.day, a.value, a.kind, by[a]) for a in answers if a.kind not in ("pain", "relief")),
    )


def age_on(born_on: date, day: date) -> int:
    """Whole years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def age_at(born_on: date, at: datetime) -> int:
    """Whole years at that instant."""
    return age_on(born_on, at.date())
