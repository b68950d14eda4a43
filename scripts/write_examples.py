"""Writes an example for every concept, frame, guard, combination and question that has none yet.

python scripts/write_examples.py. Each line of tests/corpus/examples.jsonl is a text and what it must show; the tests
hold all of them, so that nothing can leave config/ unnoticed. Lines that are there stay as they are; --mend takes out
those that no longer hold, to be read in the diff and written anew. A concept that another language says in all the same
words gets no example."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice, product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.content.red_flags import Frame
from bot.content.words import Words, load_words
from bot.services.sorting import read_lexicon
from bot.triage.patterns import Step, parse
from bot.triage.sort import Lexicon
from bot.vocabulary import Asked
from tests.triage.examples import EXAMPLES, Example, holds, read_examples

ROOT = Path(__file__).resolve().parents[1]
DEEP, MOST_TRIES, MOST_PATTERNS = 6, 300, 12
SAID = {
    "en": {
        "negated": ["no {}", "not {}", "I have no {}", "never {}", "{} no"],
        "hypothetical": ["what if I get {}", "what should I do if {}", "worried about getting {}"],
        "other": ["my coworker has {}, I'm fine", "my neighbor {}", "my roommate had {}"],
        "past": ["had {} last year before the shot", "{} years ago, before the injection", "last year {}"],
        "old": ["{} for years, no change", "always had {}, same as ever", "{} since childhood, same as always"],
        "resolved": [
            "{} is gone since the shot",
            "{} gone since the injection",
            "no more {} since the shot, it is gone",
        ],
    },
    "es": {
        "negated": ["no {}", "no tengo {}", "sin {}", "nada de {}"],
        "hypothetical": ["qué hago si {}", "y si me da {}", "qué pasa si tengo {}"],
        "other": ["mi vecina tiene {}, yo estoy bien", "mi compañero {}"],
        "past": [
            "tuve {} el año pasado antes de la inyección",
            "{} hace años, antes de la inyección",
            "el año pasado {}",
        ],
        "old": ["{} desde hace años, igual que siempre", "siempre {}, desde niño, sin cambio"],
        "resolved": ["se me quitó {} desde la inyección", "{} se fue con la inyección"],
    },
}


class Phrases:
    """Words that say a concept, made from its own patterns."""

    def __init__(self, words: Words, others: Words) -> None:
        self.words, self.others = words, others

    def of(self, concept: str, depth: int = 0) -> Iterator[str]:
        """Shortest patterns first; empty where the language does not say it."""
        patterns = self.words.concepts.get(concept) or (self.others.concepts.get(concept, []) if depth else [])
        every = [steps for pattern in patterns for steps in parse(str(pattern)) if steps]
        for steps in islice(sorted(every, key=len), MOST_PATTERNS if depth else None):
            said = self._said(steps, depth)
            if said is not None:
                yield said

    def shared(self, concept: str) -> set[str]:
        """Every word that the other language says the concept with."""
        patterns = self.others.concepts.get(concept, [])
        every = [step for pattern in patterns for steps in parse(str(pattern)) for step in steps]
        return {word.removesuffix("*") for step in every for word in step.words}

    def _said(self, steps: Iterable[Step], depth: int) -> str | None:
        parts: list[str] = []
        for step in steps:
            if step.words:
                word = step.words[0]
                parts.append("5" if word == "nn" else word.removesuffix("*"))
            elif step.concepts:
                inner = next(iter(self.of(step.concepts[0], depth + 1)), None) if depth < DEEP else None
                if inner is None:
                    return None
                parts.append(inner)
            elif step.mark == "_":
                parts.append("thing")
        return " ".join(parts) or None


def concept_examples(language: str, phrases: Phrases, concept: str) -> Iterator[Example]:
    """A text that is tagged with the concept, in words that the other language does not say it with."""
    shared = phrases.shared(concept)
    for said in phrases.of(concept):
        if shared.issuperset(said.split()):
            continue
        yield Example("concept", concept, language, said)
        yield Example("concept", concept, language, f"my leg {said} and that")


def _sentences(frame: Frame, phrases: Phrases) -> Iterator[str]:
    choices = [[said for concept in part for said in islice(phrases.of(concept), 6)] for part in frame.parts]
    for chosen in islice(product(*choices), 60):
        yield " ".join(chosen)
        if len(chosen) > 1:
            yield " ".join(reversed(chosen))
            yield " in my ".join(chosen)
            yield ", ".join(chosen)


def _context(frame: Frame) -> tuple[str, int]:
    day = frame.from_day if frame.from_day is not None else frame.to_day if frame.to_day is not None else 3
    return (frame.asked[0].value if frame.asked else Asked.ANY.value), day


def frame_examples(said: str, frame: Frame, phrases: Phrases, language: str) -> Iterator[Example]:
    """A text in which the frame is found and stands."""
    asked, day = _context(frame)
    for sentence in _sentences(frame, phrases):
        yield Example("frame", f"{said}.{frame.name}", language, sentence, asked, day)


def guard_examples(flag: str, guard: str, frames: list[Frame], phrases: Phrases, language: str) -> Iterator[Example]:
    """A text in which the guard switches the flag off."""
    for frame in frames:
        asked, day = _context(frame)
        for sentence in islice(_sentences(frame, phrases), 12):
            for shape in SAID[language][guard]:
                yield Example("guard", f"{flag}.{guard}", language, shape.format(sentence), asked, day)


def combination_examples(parts: Iterable[Iterable[str]], have: Iterable[Example]) -> Iterator[Example]:
    """Texts of the frames that a combination joins, joined."""
    texts = {e.name.split(".")[0]: e.text for e in have if e.kind == "frame"}
    for chosen in product(*[[texts[said] for said in part if said in texts] for part in parts]):
        yield Example("combination", "", "any", " and ".join(chosen))


def question_examples(concept: str, phrases: Phrases, language: str) -> Iterator[Example]:
    """A word that is asked about where nothing else explains it."""
    for said in phrases.of(concept):
        for shape in ("{}", "the {} thing", "so {} hmm"):
            yield Example("question", concept, language, shape.format(said), Asked.NONE.value)


def wanted(lexicon: Lexicon, words: dict[str, Words]) -> Iterator[tuple[str, str, str, list[Iterator[Example]]]]:
    """Everything in config/ that needs an example, with candidates."""
    phrases = {code: Phrases(words[code], words["es" if code == "en" else "en"]) for code in ("en", "es")}
    for code, own in phrases.items():
        for concept, patterns in words[code].concepts.items():
            if patterns:
                yield "concept", concept, code, [concept_examples(code, own, concept)]
    rules = lexicon.red_flags
    for said, frame in rules.frames():
        yield "frame", f"{said}.{frame.name}", "any", [frame_examples(said, frame, phrases[c], c) for c in phrases]
    for flag, rule in rules.flags.items():
        for guard in rule.guards:
            found = [guard_examples(flag, guard, list(rule.frames), phrases[c], c) for c in phrases]
            yield "guard", f"{flag}.{guard}", "any", found
    for combination in rules.combinations:
        joined = (e._replace(name=combination.name) for e in combination_examples(combination.all, read_examples()))
        yield "combination", combination.name, "any", [joined]
    for question in rules.questions:
        for concept in question.concepts:
            yield "question", concept, "any", [question_examples(concept, phrases[c], c) for c in phrases]


def main() -> None:
    """Adds what is missing; says what it could not find a text for."""
    lexicon = read_lexicon(ROOT / "config")
    words = {str(code): content for code, content in load_words(ROOT / "config").items()}
    if "--mend" in sys.argv:
        kept = [e for e in read_examples() if holds(e, lexicon)]
        EXAMPLES.write_text("".join(json.dumps(e._asdict(), ensure_ascii=False) + "\n" for e in kept), encoding="utf-8")
    have = {(e.kind, e.name, e.language if e.kind == "concept" else "any") for e in read_examples()}
    added, lost = 0, []
    with EXAMPLES.open("a", encoding="utf-8") as target:
        for kind, name, language, candidates in wanted(lexicon, words):
            if (kind, name, language) in have:
                continue
            tries = (each for found in candidates for each in islice(found, MOST_TRIES))
            example = next((each for each in tries if holds(each, lexicon)), None)
            if example is None:
                lost.append(f"{kind} {name} {language}")
                continue
            added += 1
            target.write(json.dumps(example._asdict(), ensure_ascii=False) + "\n")
            target.flush()
    print(f"{added} added; no text found for {len(lost)}: {', '.join(lost)}")


if __name__ == "__main__":
    main()
