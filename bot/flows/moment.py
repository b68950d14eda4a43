"""What a step is made from: the clinic's rules, and one text's finding or one check-in that fell due, at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.content.escalation import UnclearMinutes
from bot.content.red_flags import RedFlags
from bot.flows.conversation import OpenCheckIn
from bot.vocabulary import Finding, Flag, Level


@dataclass(frozen=True, slots=True)
class Rules:
    """The part of the content that flows need: what each flag is, and how long unclear may wait."""

    levels: Mapping[Flag, Level]
    told: Mapping[Flag, str]
    flag_word_minutes: int
    other_minutes: int

    @classmethod
    def of(cls, red_flags: RedFlags, unclear: UnclearMinutes) -> Rules:
        """The rules that a clinic's content holds."""
        return cls(
            levels={flag: rule.level for flag, rule in red_flags.flags.items()},
            told={flag: rule.told for flag, rule in red_flags.flags.items()},
            flag_word_minutes=unclear.flag_word_minutes,
            other_minutes=unclear.other_minutes,
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """What a step is made from: the text's finding, or the check-in that fell due, and the time."""

    now: datetime
    rules: Rules
    finding: Finding | None = None
    due: OpenCheckIn | None = None

    @property
    def read(self) -> Finding:
        """The finding; a cue that no text brought reads as an empty one."""
        return self.finding or Finding(level=Level.NORMAL)
