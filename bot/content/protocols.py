"""config/protocols/*.yaml: which check-ins follow a procedure, what they ask, what counts as relief."""

from __future__ import annotations

import datetime as dt
from datetime import time
from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from bot.content.reading import Content
from bot.vocabulary import Asked


class Question(StrEnum):
    """What a check-in may ask; each has its words in every language."""

    RED_FLAGS_A = "red_flags_a"
    RED_FLAGS_B = "red_flags_b"
    PAIN_NOW = "pain_now"
    PAIN_WEEK = "pain_week"
    BEST_RELIEF = "best_relief"
    RELIEF = "relief"

    @property
    def asked(self) -> Asked:
        """How triage is told what stands open."""
        return _ASKED[self]


_ASKED = {
    Question.RED_FLAGS_A: Asked.RED_FLAGS_A,
    Question.RED_FLAGS_B: Asked.RED_FLAGS_B,
    Question.PAIN_NOW: Asked.PAIN,
    Question.PAIN_WEEK: Asked.PAIN,
    Question.BEST_RELIEF: Asked.RELIEF,
    Question.RELIEF: Asked.RELIEF,
}


class CheckInRules(Content):
    """One check-in: whole days after the procedure, at this local time, these questions in order."""

    name: str = Field(pattern=r"^[a-z]+_[0-9]+$")
    day: int = Field(ge=0, le=400)
    at: time
    questions: tuple[Question, ...] = Field(min_length=1)


class Sourced(Content):
    """A number that a label rests on, and where it comes from."""

    value: float
    source: str = Field(min_length=8)


class ReliefThresholds(Content):
    """Percent of the usual pain (facts.md 1.2, 1.3), points of pain, and the days that judge the steroid."""

    strong: Sourced
    positive: Sourced
    equivocal: Sourced
    steroid_from_day: Sourced
    steroid_to_day: Sourced
    useful: Sourced
    some: Sourced
    adult_points: Sourced
    minor_under_age: Sourced
    minor_percent: Sourced
    minor_points: Sourced
    pgic_better: Sourced
    disagreement: Sourced
    count_months: Sourced

    @model_validator(mode="after")
    def _in_order(self) -> ReliefThresholds:
        if not self.strong.value > self.positive.value > self.equivocal.value > 0:
            raise ValueError("strong, positive and equivocal must fall in this order and stay above 0")
        if self.steroid_from_day.value >= self.steroid_to_day.value:
            raise ValueError("steroid_from_day must lie before steroid_to_day")
        return self

    @property
    def values(self) -> dict[str, Any]:  # as keywords
        """The numbers by name, whole ones as whole numbers."""
        found = {name: getattr(self, name).value for name in type(self).model_fields}
        return {name: int(value) if value == int(value) else value for name, value in found.items()}

    @property
    def sources(self) -> dict[str, str]:
        """Where each comes from, by name."""
        return {name: getattr(self, name).source for name in type(self).model_fields}


class ExpectedPhase(Content):
    """What is usual at that time after the injection; it judges nobody."""

    name: str
    label: str
    from_hour: float = Field(ge=0)
    to_hour: float = Field(gt=0)
    source: str = Field(min_length=8)


class CohortRules(Content):
    """What a view of many patients hides, and how it groups ages: each number begins a band."""

    smallest_group: Sourced
    age_bands: tuple[int, ...]


class Review(Content):
    """Who approved a file, and when; null until a clinician did."""

    by: str | None
    date: dt.date | None


class Protocol(Content):
    """Everything that follows one kind of procedure."""

    id: str
    label: str
    said_to_patients: str
    reviewed: Review
    until: time
    question_minutes: int
    answer_hours: int
    check_ins: tuple[CheckInRules, ...] = Field(min_length=1)
    thresholds: ReliefThresholds
    expected: tuple[ExpectedPhase, ...] = ()
    answers: dict[str, dict[int, str]] = Field(default_factory=dict)
    caution: str
    cohort: CohortRules

    @model_validator(mode="after")
    def _in_order(self) -> Protocol:
        days = [rules.day for rules in self.check_ins]
        names = [rules.name for rules in self.check_ins]
        if days != sorted(set(days)) or len(set(names)) != len(names):
            raise ValueError("check_ins must follow each other, a day and a name each once")
        for rules in self.check_ins:
            if rules.at >= self.until:
                raise ValueError(f"{rules.name} starts at {rules.at}, not before `until` {self.until}")
            if len(set(rules.questions)) != len(rules.questions):
                raise ValueError(f"{rules.name} asks a question twice")
        return self

    def questions_of(self, check_in: str) -> tuple[Question, ...]:
        """The questions of the check-in of that name, in order; KeyError if the protocol has none such."""
        return {rules.name: rules.questions for rules in self.check_ins}[check_in]
