"""Collects what was found in one text; it keeps order and weight, and reads no words itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.triage.lexicon import Lexicon
from bot.triage.reading import Reading
from bot.vocabulary import Clarify, Evidence, Flag, Level, highest


@dataclass(slots=True)
class Case:
    """The findings so far. `said` holds flags and hidden signs that stand; `explained` the tokens accounted for;
    `left_to_ear`: the rules found nothing, or words that mean nothing by themselves, in a text of some length."""

    reading: Reading
    lexicon: Lexicon
    levels: list[Level] = field(default_factory=list)
    flags: dict[str, Level] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)
    topics: list[Clarify] = field(default_factory=list)
    flag_word: bool = False
    explained: set[int] = field(default_factory=set)
    left_to_ear: bool = False
    in_company: bool = False

    def raise_flag(self, flag: str, start: int, end: int, rule: str, level: Level | None = None) -> None:
        """A flag stands, at its own level unless a number says otherwise."""
        own = self.lexicon.rule(flag)
        self.said.add(flag)
        if own is None:  # a sign: by itself it raises nothing, and so explains nothing
            self.evidence.append(self._quoted(flag, start, end, rule))
            return
        self.note(flag, start, end, rule)
        given = own.level if level is None else level
        self.flags[flag] = highest(given, self.flags.get(flag, given))
        self.levels.append(given)

    def note(self, flag: str, start: int, end: int, rule: str) -> None:
        """Evidence in the patient's own words, and the tokens are explained."""
        self.evidence.append(self._quoted(flag, start, end, rule))
        self.explained.update(range(start, end))

    def _quoted(self, flag: str, start: int, end: int, rule: str) -> Evidence:
        quote, first, last = self.reading.quote(start, end)
        return Evidence(flag, quote, first, last, rule)

    def ask(self, topic: Clarify, *, flag_word: bool) -> None:
        """A clause that cannot be sorted: the first topic is the one that is asked."""
        self.levels.append(Level.UNCLEAR)
        self.topics.append(topic)
        self.flag_word = self.flag_word or flag_word

    @property
    def level(self) -> Level:
        return highest(Level.NORMAL, *self.levels)

    def kept_flags(self) -> tuple[Flag, ...]:
        """The flags without those that a stronger one replaces, highest first."""
        replaced: set[str] = set()
        for flag in self.flags:
            rule = self.lexicon.rule(flag)
            replaced.update(rule.replaces if rule is not None else ())
        kept = [flag for flag in self.flags if flag not in replaced]
        return tuple(Flag(flag) for flag in sorted(kept, key=lambda flag: -self.flags[flag].rank))
