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
    PGIC = "pgic"
    SPORT = "sport"
    SCREENING = "screening"
    BASELINE_PAIN = "baseline_pain"
    OLD_SIGNS = "old_signs"

    @property
    def asked(self) -> Asked:
        """How triage is told what stands open; what it has no rule for is read as if nothing were asked."""
        return _ASKED.get(self, Asked.NONE)

    @property
    def is_choice(self) -> bool:
        """Answered by one of a few numbers, or by what stands for one in words (phrases.yaml)."""
        return self in (Question.PGIC, Question.SPORT)


_ASKED = {
    Question.RED_FLAGS_A: Asked.RED_FLAGS_A,
    Question.RED_FLAGS_B: Asked.RED_FLAGS_B,
    Question.PAIN_NOW: Asked.PAIN,
    Question.PAIN_WEEK: Asked.PAIN,
    Question.BASELINE_PAIN: Asked.PAIN,
    Question.BEST_RELIEF: Asked.RELIEF,
    Question.RELIEF: Asked.RELIEF,
}


SAFETY = (Question.RED_FLAGS_A, Question.RED_FLAGS_B)
"""The safety question has two halves, which together count as one of three (DECISIONS, "Three questions")."""
MOST_QUESTIONS = 3


class Reminder(Content):
    """When a silent patient is asked again: hours after the check-in, or so many days later at a local time."""

    after_hours: float | None = Field(default=None, gt=0, le=12)
    day: int = Field(default=0, ge=0, le=7)
    at: time | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Reminder:
        if (self.after_hours is None) == (self.at is None):
            raise ValueError("needs either after_hours or a day and at")
        return self


class CheckInRules(Content):
    """One check-in: whole days after the procedure, at this local time, these questions in order.

    `afterwards` are asked when the check-in is answered, and may be left unanswered. `minors_at` is the hour on a
    school day. `answer_hours` after the sending it is over.
    """

    name: str = Field(pattern=r"^[a-z]+_[0-9]+$")
    day: int = Field(ge=-30, le=400)
    at: time
    minors_at: time | None = None
    questions: tuple[Question, ...] = Field(min_length=1)
    afterwards: tuple[Question, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    answer_hours: int = Field(default=48, gt=0)
    call_if_silent: bool = False

    @model_validator(mode="after")
    def _short(self) -> CheckInRules:
        counted = len(self.questions) - (set(SAFETY) <= set(self.questions))
        if counted > MOST_QUESTIONS or len(self.afterwards) > MOST_QUESTIONS:
            raise ValueError(f"asks more than {MOST_QUESTIONS} questions")
        if len(set(self.questions + self.afterwards)) != len(self.questions + self.afterwards):
            raise ValueError("asks a question twice")
        return self


class NoticeRules(Content):
    """Texts that ask nothing, around the procedure: so many days from it at a local time, or hours after it.

    `unless_awake` are sent instead where no sedation is planned.
    """

    name: str = Field(pattern=r"^[a-z]+_[0-9]+$")
    day: int = Field(default=0, ge=-30, le=0)
    at: time | None = None
    after_hours: float | None = Field(default=None, gt=0, le=12)
    says: tuple[str, ...] = Field(min_length=1)
    says_unsedated: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> NoticeRules:
        if (self.after_hours is None) == (self.at is None):
            raise ValueError("needs either after_hours or a day and at")
        return self


class DiaryRules(Content):
    """One entry of the opt-in pain diary on the day itself: hours after the procedure, one question."""

    name: str = Field(pattern=r"^[a-z]+_[0-9]+$")
    after_hours: float = Field(gt=0, le=12)
    questions: tuple[Question, ...] = Field(min_length=1, max_length=1)


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
    """Everything that follows one kind of procedure, and what goes before it."""

    id: str
    label: str
    said_to_patients: str
    reviewed: Review
    until: time
    question_minutes: int
    before: tuple[CheckInRules, ...] = ()
    notices: tuple[NoticeRules, ...] = ()
    diary: tuple[DiaryRules, ...] = ()
    check_ins: tuple[CheckInRules, ...] = Field(min_length=1)
    thresholds: ReliefThresholds
    expected: tuple[ExpectedPhase, ...] = ()
    answers: dict[str, dict[int, str]] = Field(default_factory=dict)
    caution: str
    cohort: CohortRules

    @model_validator(mode="after")
    def _in_order(self) -> Protocol:
        days = [rules.day for rules in self.check_ins]
        if days != sorted(set(days)) or days[0] < 0:
            raise ValueError("check_ins must follow the procedure and each other, a day each once")
        names = [r.name for r in (*self.before, *self.check_ins)]
        names += [*(r.name for r in self.notices), *(r.name for r in self.diary)]
        if len(set(names)) != len(names):
            raise ValueError("a name stands twice")
        for rules in (*self.before, *self.check_ins):
            if rules.at >= self.until:
                raise ValueError(f"{rules.name} starts at {rules.at}, not before `until` {self.until}")
        return self

    @property
    def follow_up(self) -> frozenset[str]:
        """The names of the check-ins that make up the follow-up; notices and diary are not counted among them."""
        return frozenset(rules.name for rules in self.check_ins)

    def rules_of(self, check_in: str) -> CheckInRules | None:
        """The check-in of that name; None for the diary and for notices."""
        return next((rules for rules in (*self.check_ins, *self.before) if rules.name == check_in), None)

    def notice(self, name: str) -> NoticeRules | None:
        """The notice of that name."""
        return next((rules for rules in self.notices if rules.name == name), None)

    def asked_by(self) -> dict[str, tuple[tuple[Question, ...], tuple[Question, ...]]]:
        """name -> its questions, and those asked afterwards; a notice has none."""
        asking = {r.name: (r.questions, r.afterwards) for r in (*self.check_ins, *self.before)}
        return asking | {r.name: (r.questions, ()) for r in self.diary} | {r.name: ((), ()) for r in self.notices}
