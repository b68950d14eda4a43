"""Orders that a step gives to the shell; each is carried out by one `case` in services/effects.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.content.protocols import Question
from bot.vocabulary import CheckInState, Flag, Level


class Due(StrEnum):
    """By when a person must have looked at a work item."""

    NOON_NEXT_BUSINESS_DAY = "noon_next_business_day"
    IN_AN_HOUR = "in_an_hour"
    IN_TEN_MINUTES = "in_ten_minutes"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Say:
    """Send the message of that key, after the `lead` if there is one, in the same text.

    `last_word` lets it pass although texting has just been stopped.
    """

    message: str
    lead: str | None = None
    last_word: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask a question of the open check-in; `lead` is a message that goes before it in the same text."""

    question: Question
    lead: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Notify:
    """Send the texts of a notice, each by itself; the notice is then over."""

    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanDiary:
    """Plan what is left of today's pain diary, and say so."""


@dataclass(frozen=True, slots=True)
class TakeScores:
    """Keep the pain and relief that the text states on the chart."""


@dataclass(frozen=True, slots=True)
class RaiseAlert:
    """Open an alert, or add to the patient's open one, in the same commit; on-call is paged."""

    level: Level
    flags: tuple[Flag, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class MakeWorkItem:
    """Put something before staff that is not a page; `page_after_hours` sends one text out of hours."""

    kind: str
    due: Due
    page_after_hours: bool = False


@dataclass(frozen=True, slots=True)
class BeginCheckIn:
    """The due check-in becomes the open one."""


@dataclass(frozen=True, slots=True)
class EndCheckIn:
    """The open check-in is over, in this state."""

    state: CheckInState


@dataclass(frozen=True, slots=True)
class SkipCheckIn:
    """The due check-in is not sent."""


@dataclass(frozen=True, slots=True)
class StopTexts:
    """Nothing automatic goes to this phone any more."""

    how: str


@dataclass(frozen=True, slots=True)
class StartTexts:
    """The phone wants texts again."""


@dataclass(frozen=True, slots=True)
class MarkDied:
    """Everything to this patient stops, for good."""


Effect = (
    Say
    | Ask
    | Notify
    | PlanDiary
    | TakeScores
    | RaiseAlert
    | MakeWorkItem
    | BeginCheckIn
    | EndCheckIn
    | SkipCheckIn
    | StopTexts
    | StartTexts
    | MarkDied
)
