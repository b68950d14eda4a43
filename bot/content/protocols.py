"""config/protocols/*.yaml: which check-ins follow a procedure, what they ask, what counts as relief."""

from __future__ import annotations

import datetime as dt
from datetime import time
from enum import StrEnum

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


class ReliefThresholds(Content):
    """Percent of the usual pain (facts.md 1.2, 1.3), and the days that judge the steroid."""

    strong: int
    positive: int
    equivocal: int
    steroid_from_day: int
    steroid_to_day: int
    useful: int
    some: int


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
