"""A corrected text as a line of the corpus, with what tells who wrote it taken out; it judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.exchange.masking import without_names
from bot.vocabulary import Asked, Finding, Flag, Level, Role


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text with what the bot and what staff made of it; `names` are those of the patient and whoever texts,
    `records` the patient's record numbers."""

    key: str
    words: str
    finding: Finding
    level: Level
    flag: Flag | None
    reason: str
    by: Role
    asked: Asked | None
    day: int | None
    hours: float | None
    baseline: int | None
    names: tuple[str, ...]
    records: tuple[str, ...] = ()


def corpus_line(one: Corrected, levels: Mapping[Flag, Level]) -> dict[str, Any]:
    """The line, in the shape of tests/corpus/*.jsonl.

    :param levels: how high each flag is: those above the corrected level were wrong.
    """
    fits = [flag for flag in one.finding.flags if levels.get(flag, Level.NORMAL).rank <= one.level.rank]
    sure = [one.flag] if one.flag else [flag for flag in fits if levels.get(flag) is one.level]
    context = {"day": one.day, "asked": one.asked and one.asked.value, "baseline": one.baseline, "hours": one.hours}
    language = one.finding.language
    return {
        "id": one.key,
        "lang": None if language == "unknown" else language,
        "text": without_names(one.words, one.names, one.records),
        "context": {name: value for name, value in context.items() if value is not None},
        "accept": [one.level.value],
        "must_page": one.level.pages,
        "flags": [str(flag) for flag in sure],
        "flags_optional": [str(flag) for flag in fits if flag not in sure],
        "pain": one.finding.pain,
        "intents": [intent.value for intent in one.finding.intents],
        "trap": "corrected",
        "note": f"the bot said {one.finding.level}: {without_names(one.reason, one.names, one.records)}",
        "label_by": one.by.value,
    }
