"""Takes one rule or one class of words out of config/ at a time and shows which of them no labelled reply would miss.

python scripts/check_mutations.py [SHARE], where SHARE is from 0 to 1 (all). What nobody notices is dead and should go,
or it needs a labelled reply."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.content.red_flags import RedFlags, load_red_flags
from bot.content.words import Words, load_words
from bot.services.sorting import sort_one
from bot.triage.sort import Lexicon, compile_lexicon
from bot.vocabulary import LanguageCode
from tests.triage.examples import Example, holds, read_examples

ROOT = Path(__file__).resolve().parents[1]
AllWords = dict[LanguageCode, Words]


def read_rows() -> list[dict[str, Any]]:
    """Every labelled reply of the project."""
    paths = [
        ROOT / "tests" / "corpus" / "replies.jsonl",
        ROOT / "tests" / "corpus" / "probes.jsonl",
        *sorted((ROOT / "tests" / "corpus" / "rounds").glob("*.jsonl")),
    ]
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def seen(row: dict[str, Any], lexicon: Lexicon) -> tuple[object, ...]:
    """What a test of the corpus looks at."""
    done = sort_one(row, lexicon)
    return done["level"], tuple(done["flags"]), tuple(done["intents"]), done["pain"], done["relief"]


def mutants(words: AllWords, rules: RedFlags) -> Iterator[tuple[str, AllWords, RedFlags]]:
    """One thing less each."""
    for language, content in words.items():
        for concept in content.concepts:
            fewer = {name: patterns for name, patterns in content.concepts.items() if name != concept}
            yield (
                f"words {language} {concept}",
                words | {language: content.model_copy(update={"concepts": fewer})},
                rules,
            )
    for flag, rule in rules.flags.items():
        for frame in rule.frames:
            changed = rule.model_copy(update={"frames": [f for f in rule.frames if f.name != frame.name]})
            yield f"frame {flag} {frame.name}", words, rules.model_copy(update={"flags": rules.flags | {flag: changed}})
        for guard in rule.guards:
            changed = rule.model_copy(update={"guards": [g for g in rule.guards if g != guard]})
            yield f"guard {flag} {guard}", words, rules.model_copy(update={"flags": rules.flags | {flag: changed}})
    for place, combination in enumerate(rules.combinations):
        kept = rules.combinations[:place] + rules.combinations[place + 1 :]
        yield f"combination {combination.name}", words, rules.model_copy(update={"combinations": kept})
    for place, question in enumerate(rules.questions):
        for concept in question.concepts:
            fewer_concepts = [c for c in question.concepts if c != concept]
            rest = list(rules.questions)
            rest[place] = question.model_copy(update={"concepts": fewer_concepts})
            yield f"question {question.topic} {concept}", words, rules.model_copy(update={"questions": rest})


def survives(
    examples: list[Example], rows: list[dict[str, Any]], expected: list[tuple[object, ...]], lexicon: Lexicon
) -> bool:
    """Whether every example holds and no reply is sorted otherwise."""
    if not all(holds(example, lexicon) for example in examples):
        return False
    return all(seen(row, lexicon) == before for row, before in zip(rows, expected, strict=True))


def main() -> None:
    """All of them, or a share."""
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    words, rules, rows = dict(load_words(ROOT / "config")), load_red_flags(ROOT / "config"), read_rows()
    whole = compile_lexicon(words, rules)
    expected = [seen(row, whole) for row in rows]
    picked = [m for m in mutants(words, rules) if share >= 1 or random.random() < share]
    alive = []
    examples = read_examples()
    for name, fewer_words, fewer_rules in picked:
        own_first = sorted(examples, key=lambda each: set(each.name.split(".")) - set(name.split()) != set())
        if survives(own_first, rows, expected, compile_lexicon(fewer_words, fewer_rules)):
            alive.append(name)
            print(f"nobody noticed: {name}", flush=True)
    print(f"{len(picked) - len(alive)} of {len(picked)} were noticed")


if __name__ == "__main__":
    main()
