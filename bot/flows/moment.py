"""What a step is made from: the clinic's rules, and one text's finding or one check-in that fell due, at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.content.escalation import UnclearMinutes
from bot.content.phrases import Faq
from bot.content.protocols import Protocol
from bot.content.red_flags import RedFlags
from bot.flows.conversation import OpenCheckIn
from bot.vocabulary import Finding, Flag, Level


@dataclass(frozen=True, slots=True)
class Rules:
    """The part of the content that flows need: flags, how long unclear may wait, whose silence matters."""

    levels: Mapping[Flag, Level]
    told: Mapping[Flag, str]
    flag_word_minutes: int
    other_minutes: int
    faq_to_staff: Mapping[str, bool] = field(default_factory=dict)
    call_if_silent: frozenset[str] = frozenset()

    @classmethod
    def of(cls, red_flags: RedFlags, unclear: UnclearMinutes, faq: Faq, protocols: Iterable[Protocol]) -> Rules:
        """The rules that a clinic's content holds."""
        return cls(
            levels={flag: rule.level for flag, rule in red_flags.flags.items()},
            told={flag: rule.told for flag, rule in red_flags.flags.items()},
            flag_word_minutes=unclear.flag_word_minutes,
            other_minutes=unclear.other_minutes,
            faq_to_staff={topic: rule.to_staff for topic, rule in faq.topics.items()},
            call_if_silent=frozenset(r.name for protocol in protocols for r in protocol.check_ins if r.call_if_silent),
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """What a step is made from: the text's finding, or the check-in that fell due, and the time.

    `notices` are what a due notice says, `reminder` the words of a due reminder; a question asked now is asked again at
    `next_reminder_at` if nobody answers.
    """

    now: datetime
    rules: Rules
    finding: Finding | None = None
    due: OpenCheckIn | None = None
    notices: tuple[str, ...] = ()
    reminder: str | None = None
    next_reminder_at: datetime | None = None

    @property
    def read(self) -> Finding:
        """The finding; a cue that no text brought reads as an empty one."""
        return self.finding or Finding(level=Level.NORMAL)
