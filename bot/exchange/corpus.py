"""A corrected text as a line of the corpus, with what is known to name somebody taken out; it judges nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.vocabulary import Asked, Finding, Flag, Level, Role

SOMEBODY, NUMBER, ADDRESS = "Alex", "555-0100", "name@example.org"  # what stands in place of theirs
_NUMBER = re.compile(r"\(?\+?\d(?:[ ().-]{0,2}\d){6,}")
_ADDRESS = re.compile(r"\S+@\S+\.\w+")
LEAST_OF_A_NAME = 3  # letters: an initial is in every other word


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text with what the bot and what staff made of it; `names` are those of the patient and whoever texts."""

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
        "text": without_names(one.words, one.names),
        "context": {name: value for name, value in context.items() if value is not None},
        "accept": [one.level.value],
        "must_page": one.level.pages,
        "flags": [str(flag) for flag in sure],
        "flags_optional": [str(flag) for flag in fits if flag not in sure],
        "pain": one.finding.pain,
        "intents": [intent.value for intent in one.finding.intents],
        "trap": "corrected",
        "note": f"the bot said {one.finding.level}: {without_names(one.reason, one.names)}",
        "label_by": one.by.value,
    }


def without_names(words: str, names: Collection[str]) -> str:
    """The words with these names, with numbers as long as a telephone's and with addresses replaced."""
    parts = {part for name in names for part in re.findall(r"\w+", name) if len(part) >= LEAST_OF_A_NAME}
    words = _NUMBER.sub(NUMBER, _ADDRESS.sub(ADDRESS, words))
    if not parts:
        return words
    whole = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
    return re.sub(rf"\b(?:{whole})\b", SOMEBODY, words, flags=re.IGNORECASE)
