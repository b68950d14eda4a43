"""One patient's conversation on one phone, as a value; it never knows a name, a number or a word of the patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.content.protocols import Question
from bot.vocabulary import Asked, CheckInId, Clarify, ConversationId, PatientId, PhoneId


class State(StrEnum):
    """Where a conversation stands."""

    IDLE = "idle"
    ASKING = "asking"
    CLARIFYING = "clarifying"
    CHOOSING = "choosing_patient"
    WITH_STAFF = "with_staff"
    STOPPED = "stopped"


DANGER = frozenset({Question.RED_FLAGS_A, Question.RED_FLAGS_B, Question.SCREENING})


@dataclass(frozen=True, slots=True)
class OpenCheckIn:
    """The check-in whose questions are asked; those `afterwards` may stay unanswered, the `known` are not asked."""

    id: CheckInId
    name: str
    questions: tuple[Question, ...]
    afterwards: tuple[Question, ...] = ()
    known: frozenset[Question] = frozenset()


@dataclass(frozen=True, slots=True)
class Conversation:
    """State, the open check-in, the one open question, and what it waits for.

    `question` stays set while a clarifying question stands before it. `clarify_due_at` is when
    an unanswered clarifying question goes to a person; `remind_at` when the question is asked again.
    """

    id: ConversationId
    patient_id: PatientId
    phone_id: PhoneId
    state: State = State.IDLE
    check_in: OpenCheckIn | None = None
    question: Question | None = None
    answered: frozenset[Question] = frozenset()
    clarify: Clarify | None = None
    clarify_due_at: datetime | None = None
    clarify_flag_word: bool = False
    remind_at: datetime | None = None

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What the open check-in still wants to know, in the protocol's order."""
        if self.check_in is None:
            return ()
        wanted = (*self.check_in.questions, *self.check_in.afterwards)
        return tuple(question for question in wanted if question not in self.answered)

    @property
    def is_complete(self) -> bool:
        """The open check-in has every answer that it needs; what is asked afterwards does not count."""
        return self.check_in is not None and self.answered.issuperset(self.check_in.questions)

    @property
    def has_answer(self) -> bool:
        """Whether the patient was heard from; best relief may be known from the diary and proves nothing of today."""
        return bool(self.answered - {Question.BEST_RELIEF})

    @property
    def standing(self) -> Question | None:
        """The question that a YES or NO belongs to. One about danger stands as well while staff write, until it is
        answered: whoever took the thread over did not take the question back."""
        if self.state is State.ASKING:
            return self.question
        if self.state is State.WITH_STAFF and self.question in DANGER and self.question in self.open_questions:
            return self.question
        return None

    @property
    def asked(self) -> Asked:
        """The question against which the next text is read."""
        if self.state is State.CLARIFYING and not (self.clarify is Clarify.SURE and self.question):
            return Asked.CLARIFY
        if self.state is State.CLARIFYING and self.question:
            return self.question.asked
        if self.state is State.WITH_STAFF and self.clarify not in (None, Clarify.SURE):
            return Asked.CLARIFY
        return Asked.NONE if self.standing is None else self.standing.asked
