"""Everything about one patient as plain values, between the database and the documents; it knows no format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TexterRecord:
    """Who texts, from which number; the first gets the check-ins."""

    relation: str
    name: str
    phone: str
    first: bool


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """Who agreed to be texted, how, when, to which wording."""

    by: str
    method: str
    at: datetime
    wording: str


@dataclass(frozen=True, slots=True)
class TextRecord:
    """One text of the thread. `key` names it inside this record; `phone` is the number it went to or came from."""

    key: str
    at: datetime
    direction: str
    kind: str
    words: str
    phone: str


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One number that an answer held, and in which text it stood."""

    at: datetime
    day: int
    kind: str
    value: int
    asked: str
    by: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class CheckInRecord:
    """One check-in and how it ended."""

    name: str
    due_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """One alert."""

    key: str
    level: str
    flags: tuple[str, ...]
    reason: str
    opened_at: datetime
    paged_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class ProcedureRecord:
    """One procedure and what followed it."""

    key: str
    protocol: str
    label: str
    at: datetime
    level: str | None
    side: str | None
    sedation: bool | None
    provider: str | None
    drug: str | None
    dose_mg: float | None
    baseline_pain: int | None
    block_pain: int | None
    check_ins: tuple[CheckInRecord, ...] = ()
    answers: tuple[AnswerRecord, ...] = ()
    alerts: tuple[AlertRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """One patient, opened: never to be logged. Procedures are oldest first."""

    key: str
    mrn: str
    name: str
    born_on: str
    language: str
    time_zone: str
    history: tuple[str, ...]
    anticoagulant: str | None
    diabetes: str | None
    allergies: str | None
    emergency_contact: str | None
    texters: tuple[TexterRecord, ...]
    consents: tuple[ConsentRecord, ...]
    procedures: tuple[ProcedureRecord, ...]
    texts: tuple[TextRecord, ...] = field(default=())
