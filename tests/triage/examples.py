"""One text for each concept, frame and guard of config/, and whether the text still shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from bot.triage.case import Case
from bot.triage.frames import hits_of
from bot.triage.reading import read
from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Asked, PatientFacts

EXAMPLES = Path(__file__).resolve().parents[1] / "corpus" / "examples.jsonl"


class Example(NamedTuple):
    """`name` is a concept, flag.frame, flag.guard, a combination, or the concept that a question asks about."""

    kind: str
    name: str
    language: str
    text: str
    asked: str = "any"
    day: int = 3


def read_examples() -> list[Example]:
    """All of them; none where the file is not yet there."""
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines() if EXAMPLES.exists() else []
    return [Example(**json.loads(line)) for line in lines]


def holds(example: Example, lexicon: Lexicon) -> bool:
    """Whether the text is still tagged, found or switched off as it was."""
    case = Case(read(example.text, lexicon), lexicon)
    if example.kind == "concept":
        return bool(case.reading.of(example.name))
    if example.kind in ("combination", "question"):
        return _is_weighed(example, lexicon)
    flag, what = example.name.split(".")
    hits = [h for h in hits_of(case.reading, lexicon, asked=Asked(example.asked), day=example.day) if h.said == flag]
    if example.kind == "frame":
        return any(hit.frame == what and hit.guard is None for hit in hits)
    return any(hit.guard is not None and hit.guard.guard == what for hit in hits)


def _is_weighed(example: Example, lexicon: Lexicon) -> bool:
    facts = PatientFacts(day=example.day, baseline=6)
    finding = sort_reply(example.text, asked=Asked(example.asked), facts=facts, lexicon=lexicon)
    if example.kind == "combination":
        return any(each.rule == example.name for each in finding.evidence)
    return any((each.flag, each.rule) == (example.name, "unexplained") for each in finding.evidence)
