"""Names the words that every layer shares; it decides nothing and imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NewType
from uuid import UUID

PatientId = NewType("PatientId", UUID)
PhoneId = NewType("PhoneId", UUID)
ProcedureId = NewType("ProcedureId", UUID)
CheckInId = NewType("CheckInId", UUID)
ConversationId = NewType("ConversationId", UUID)
TextId = NewType("TextId", UUID)
OutboxId = NewType("OutboxId", UUID)
AlertId = NewType("AlertId", UUID)
PageId = NewType("PageId", UUID)
WorkItemId = NewType("WorkItemId", UUID)
StaffId = NewType("StaffId", UUID)
CorrectionId = NewType("CorrectionId", UUID)

Flag = NewType("Flag", str)
"""A flag's name as config/red_flags.yaml spells it: Python knows levels, YAML knows flags."""

LanguageCode = NewType("LanguageCode", str)
"""A folder under config/languages: en, es."""

TextLanguage = Literal["en", "es", "mix", "unknown"]


class Level(StrEnum):
    """How a text is sorted (clinical/triage.md, "Levels"); `rank` orders them."""

    NORMAL = "normal"
    ROUTINE = "routine"
    UNCLEAR = "unclear"
    URGENT = "urgent"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    @property
    def pages(self) -> bool:
        """Urgent and emergency page a person at once."""
        return self in (Level.URGENT, Level.EMERGENCY)


_RANKS = {level: place for place, level in enumerate(Level)}


def highest(*levels: Level) -> Level:
    """The level that wins where several apply."""
    return max(levels, key=lambda level: level.rank)


class Intent(StrEnum):
    """What a text wants, beside how ill its writer is."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    QUESTION = "question"
    WRONG_NUMBER = "wrong_number"
    PATIENT_DIED = "patient_died"
    NOT_NOW = "not_now"


class Asked(StrEnum):
    """The question that stands open while a text is read (CONTRACT.md, `triage --jsonl`)."""

    PAIN = "pain"
    RELIEF = "relief"
    SORENESS = "soreness"
    RED_FLAGS = "red_flags"
    RED_FLAGS_A = "red_flags_a"
    RED_FLAGS_B = "red_flags_b"
    CLARIFY = "clarify"
    ANY = "any"
    NONE = "none"


class Answer(StrEnum):
    """A plain yes or no, in whatever dress; a text that is neither has none."""

    YES = "yes"
    NO = "no"


class Clarify(StrEnum):
    """What the one clarifying question is about; each has its text in every language."""

    GENERAL = "general"
    WHICH_ONE = "which_one"
    TEMPERATURE = "temperature"
    NUMB_WHERE = "numb_where"
    WEAK_OR_TIRED = "weak_or_tired"
    NEW_OR_OLD = "new_or_old"
    PAIN_VS_BEFORE = "pain_vs_before"
    FEEL_NOTHING = "feel_nothing"
    PAIN_OR_GOOD = "pain_or_good"
    SURE = "sure"
    PHOTO = "photo"
    WHO = "who"
    SAFE = "safe"
    LANGUAGE = "language"


class Role(StrEnum):
    """What a member of staff may do; the first three may be paged (CONTRACT.md)."""

    NURSE = "nurse"
    CLINICIAN = "clinician"
    ADMIN = "admin"
    RECEPTIONIST = "receptionist"
    AUDITOR = "auditor"

    @property
    def may_be_paged(self) -> bool:
        return self in (Role.NURSE, Role.CLINICIAN, Role.ADMIN)


class Relation(StrEnum):
    """Who texts for the patient."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    SPOUSE = "spouse"
    OTHER = "other"


class Channel(StrEnum):
    """How a page reaches a member of staff."""

    TEXT = "text"
    VOICE = "voice"


class CheckInState(StrEnum):
    """Where one check-in stands (CONTRACT.md, `timeline --json`)."""

    PLANNED = "planned"
    SENT = "sent"
    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    MISSED = "missed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The patient's own words behind a flag: `text[start:end] == quote` in the text as typed.

    `rule` names the frame, guard or number rule that fired; for a guard that lowered, its cue.
    """

    flag: str
    quote: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class PastScore:
    """A pain score given earlier: whole days since the procedure, and 0-10."""

    day: int
    pain: int


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What triage may know of the patient: all optional, none of it names anybody.

    `day` is whole local days since the procedure, negative before it; `hours` are since it;
    `baseline` is NRS 0-10 before it; `chart` holds old deficits as the clinic wrote them.
    """

    day: int | None = None
    hours: float | None = None
    baseline: int | None = None
    history: tuple[PastScore, ...] = ()
    chart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What triage read in one text: one level, any flags and intents, the numbers, and why.

    `answer` is a plain yes or no to the question asked; `answers_all` says that it is one to
    everything on the list ("no to all"). `keyword` is the carrier keyword
    (STOP, HELP, START) that the whole text is. `choice`, `signals` and `faq` come from phrases.yaml: a number
    chosen of those offered, turns of phrase, the question that the clinic's page answers. `clarify` is set when
    `level` is unclear, and may be set beside a paging level to ask which one. `flag_word` says that an unclear
    text holds a flag word, despair or a machine failure, so that silence pages after ten minutes.
    """

    level: Level
    flags: tuple[Flag, ...] = ()
    intents: tuple[Intent, ...] = ()
    pain: int | None = None
    relief: int | None = None
    temperature_c: float | None = None
    language: TextLanguage = "unknown"
    evidence: tuple[Evidence, ...] = ()
    answer: Answer | None = None
    answers_all: bool = False
    keyword: Intent | None = None
    clarify: Clarify | None = None
    flag_word: bool = False
    choice: int | None = None
    signals: frozenset[str] = frozenset()
    faq: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time: aware, `start <= t < end`."""

    start: datetime
    end: datetime
