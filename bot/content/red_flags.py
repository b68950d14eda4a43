"""config/red_flags.yaml: flags, their levels and their frames over concepts; it knows no language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from bot.content.protocols import Review
from bot.content.reading import Content, read_model
from bot.vocabulary import Asked, Clarify, Flag, Level

Kind = Literal["region", "state", "mild", "context", "harmless", "intent", "idiom", "plain", "class"]
GuardName = Literal["negated", "other", "hypothetical", "past", "old", "resolved"]
ALL_GUARDS: tuple[GuardName, ...] = ("negated", "other", "hypothetical", "past", "old", "resolved")

Told = Literal[
    "emergency_cauda", "emergency_breathing", "emergency_heart_stroke", "emergency_infection",
    "emergency_self_harm", "emergency_overdose", "emergency_sugar", "emergency_bleed", "urgent_general",
    "urgent_fever", "urgent_headache", "urgent_worse_pain", "urgent_safety", "routine_general",
    "routine_relief_ended", "routine_soreness", "routine_steroid", "routine_medicine",
    "routine_activity", "routine_appointment", "routine_call", "routine_photo", "routine_distress",
    "routine_preop", "normal_soreness", "normal_good", "normal_clear", "normal_thanks",
]  # by rows, not an item a line  # fmt: skip


class Frame(Content):
    """Concepts that together say a flag; the first names the core, which guards look at.

    `all` holds alternatives as "a|b"; a region must belong to the core; `none` must not stand in the
    same clause; with `across`, a partner may stand in the clause before or after; with `whole`, the text is short.
    `guards` stand in place of those of the flag.
    """

    name: str
    all: list[str] = Field(min_length=1)
    none: list[str] = Field(default_factory=list)
    gap: int = 10
    from_day: int | None = None
    to_day: int | None = None
    asked: list[Asked] = Field(default_factory=list)
    whole: bool = False
    across: bool = False
    guards: list[GuardName] | None = None

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(part.split("|")) for part in self.all)


class FlagRule(Content):
    """One flag: how high, what staff read, what the patient is told, and which words say it."""

    level: Level
    label: str = Field(min_length=1)
    told: Told
    window: str = ""
    guards: list[GuardName] = Field(default_factory=lambda: list(ALL_GUARDS))
    gone_counts: bool = False
    doubted: Literal["as_heard", "hardly", "never"] = "as_heard"
    replaces: list[Flag] = Field(default_factory=list)
    frames: list[Frame] = Field(default_factory=list)
    source: str = ""

    @property
    def days(self) -> str:
        """How long it counts, as far as its frames say: some words mean it on some days only."""
        bounds = {(frame.from_day, frame.to_day) for frame in self.frames}
        if not bounds - {(None, None)}:
            return "any day"
        said = [_span(*one) for one in sorted(bounds - {(None, None)}, key=str)]
        return ("any day; some words " if (None, None) in bounds else "") + ", ".join(said)


def _span(first: int | None, last: int | None) -> str:
    if first is None:
        return "before the procedure" if last == -1 else f"until day {last}"
    return f"from day {first}" if last is None else f"day {first} to {last}"


class Combination(Content):
    """A flag that two or more findings make together; each part holds flags or signs, "a|b"."""

    flag: Flag
    name: str
    all: list[list[str]] = Field(min_length=2)
    one_clause: bool = False


class Question(Content):
    """What is asked back when a concept stands unexplained; `left_to_ear` in a text of some length if it sounds so.

    What stands in its clause may explain it (`explained_by`), or a longer phrase that it is part of (`part_of`).
    """

    concepts: list[str]
    topic: Clarify
    flag_word: bool = True
    left_to_ear: bool = False
    explained_by: list[str] = Field(default_factory=list)
    part_of: list[str] = Field(default_factory=list)


class Net(Content):
    """Body words that are asked about where nothing else in their clause explains them.

    Those of `pages_of` page if something like a state (a comparison, an act: `states`) and a change (`changes`) stand
    in their clause or beside it. Those of `left_to_ear` ask, in a text of some length, only if it sounds so.
    """

    topic: Clarify
    concepts: list[str]
    left_to_ear: list[str] = Field(default_factory=list)
    explained_by: list[str]
    pages_of: list[str]
    states: list[str]
    changes: list[str]


class Temperatures(Content):
    """Degrees Celsius and Fahrenheit (triage.md rules 8 and 19)."""

    celsius: tuple[float, float]
    fahrenheit: tuple[float, float]
    fever_c: float
    near_fever_c: float
    masked_c: float
    low_c: float


class PainRules(Content):
    """Numeric rating scale 0-10 (triage.md rule 9)."""

    early_to_day: int
    early_severe: int
    early_high: int
    early_rise: int
    flare_rise: int
    late_rise: int
    late_least: int
    high_without_baseline: int
    top: int


class SugarRules(Content):
    """mg/dL, and the factor from mmol/L (triage.md, `very_high_sugar`); `unnamed` ones are not called a sugar."""

    high: int
    high_at_risk: int
    low: int
    crisis_low: int
    mmol_factor: float
    least: int
    most: int
    unnamed: int
    unnamed_at_risk: int
    unnamed_metered: int
    unnamed_least: int
    unnamed_most: int
    unnamed_mmol: int
    unnamed_mmol_most: int


class Thresholds(Content):
    """Every number a physician must approve."""

    temperature: Temperatures
    pain: PainRules
    sugar: SugarRules
    soreness_to_day: int
    steroid_works_from_day: int


class RedFlags(Content):
    """Concept kinds, flags, hidden signs, combinations, questions and thresholds."""

    reviewed: Review = Review(by=None, date=None)
    source: str = ""
    concepts: dict[Kind, list[str]]
    flags: dict[Flag, FlagRule]
    signs: dict[str, list[Frame]] = Field(default_factory=dict)
    combinations: list[Combination] = Field(default_factory=list)
    questions: list[Question] = Field(default_factory=list)
    net: Net
    thresholds: Thresholds

    def frames(self) -> Iterator[tuple[str, Frame]]:
        """Every frame with the flag or sign that it says."""
        for flag, rule in self.flags.items():
            yield from ((flag, frame) for frame in rule.frames)
        for sign, frames in self.signs.items():
            yield from ((sign, frame) for frame in frames)

    @model_validator(mode="after")
    def _concepts_are_declared(self) -> RedFlags:
        declared = [concept for names in self.concepts.values() for concept in names]
        twice = {concept for concept in declared if declared.count(concept) > 1}
        if twice:
            raise ValueError(f"concept {min(twice)} is declared twice")
        for said, frame in self.frames():
            used = {concept for part in frame.parts for concept in part} | set(frame.none)
            if unknown := used - set(declared):
                raise ValueError(f"{said}: frame {frame.name}: no concept {min(unknown)}")
        return self

    @model_validator(mode="after")
    def _names_are_known(self) -> RedFlags:
        known = set(self.flags) | set(self.signs)
        for combination in self.combinations:
            parts = {name for part in combination.all for name in part}
            if unknown := parts - known:
                raise ValueError(f"combination {combination.name}: no flag or sign {min(unknown)}")
        for flag, rule in self.flags.items():
            if lost := set(rule.replaces) - set(self.flags):
                raise ValueError(f"{flag}: replaces {min(lost)}, which is no flag")
        return self


def load_red_flags(config_dir: Path) -> RedFlags:
    """config/red_flags.yaml.

    :raises ContentError: the file is missing or wrong.
    """
    return read_model(RedFlags, config_dir / "red_flags.yaml")
