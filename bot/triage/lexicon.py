"""Compiles the words of every language into points to walk and a speller; it decides nothing about a text."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.content.asker import Ear
from bot.content.reading import ContentError
from bot.content.red_flags import FlagRule, Frame, RedFlags
from bot.content.words import Particle, Words
from bot.triage.asker import Asker
from bot.triage.network import Network
from bot.triage.patterns import Point, Step, add, parse
from bot.triage.spelling import Speller
from bot.triage.text import folded
from bot.triage.walk import State
from bot.vocabulary import Flag, LanguageCode

_REPAIRED_KINDS = ("region", "state", "mild")
_REPAIRED = frozenset({"urinate", "defecate", "hold", "wipe", "unable", "walk", "lift", "medicine", "toilet", "yes"})

_Steps = dict[tuple[LanguageCode, str], set[Step]]  # every step of a language's concept, once


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that sorting needs: made once at start; a text changes nothing, but opens what it walks through."""

    red_flags: RedFlags
    kinds: Mapping[str, str]
    idioms: State
    strata: tuple[State, ...]
    speller: Speller
    numbers: Mapping[str, int]
    particles: Mapping[Particle, frozenset[str]]
    endings: Mapping[str, str]
    own_words: Mapping[LanguageCode, frozenset[str]]
    frames: Mapping[str, tuple[tuple[str, Frame], ...]]
    heads: frozenset[str]  # of the frames that page
    asker: Asker | None = None

    def rule(self, flag: str) -> FlagRule | None:
        """The rule of a flag; a hidden sign has none."""
        return self.red_flags.flags.get(Flag(flag))


def _sequences(words: Mapping[LanguageCode, Words]) -> Iterator[tuple[LanguageCode, str, list[Step]]]:
    for language, content in words.items():
        for concept, patterns in content.concepts.items():
            for pattern in patterns:
                for steps in parse(folded(str(pattern))):
                    if steps:
                        yield language, concept, steps


def _strata_of(concept_uses: Mapping[str, set[str]]) -> dict[str, int]:
    """How deep each concept builds on others.

    :raises ContentError: concepts build on each other in a circle.
    """
    depth: dict[str, int] = {}

    def visit(concept: str, above: tuple[str, ...]) -> int:
        if concept in above:
            raise ContentError(f"config/languages: concept {concept} is built from itself")
        if concept not in depth:
            uses = concept_uses.get(concept, set())
            depth[concept] = max((visit(use, (*above, concept)) + 1 for use in uses), default=0)
        return depth[concept]

    for concept in concept_uses:
        visit(concept, ())
    return depth


def _frames_by_core(red_flags: RedFlags) -> dict[str, tuple[tuple[str, Frame], ...]]:
    by_core: dict[str, list[tuple[str, Frame]]] = {}
    for said, frame in red_flags.frames():
        for core in frame.parts[0]:
            by_core.setdefault(core, []).append((said, frame))
    return {core: tuple(frames) for core, frames in by_core.items()}


def _heads_of_pages(red_flags: RedFlags) -> frozenset[str]:
    paging = {flag for flag, rule in red_flags.flags.items() if rule.level.pages}
    return frozenset(head for said, frame in red_flags.frames() if said in paging for head in frame.parts[0])


def compile_lexicon(words: Mapping[LanguageCode, Words], red_flags: RedFlags, asker: Ear | None = None) -> Lexicon:
    """The words and flags, to be walked; without `asker` nothing is asked that the rules do not ask.

    :raises ContentError: a pattern names a concept that red_flags.yaml does not declare or begins with a gap; a circle.
    """
    collecting = gc.isenabled()
    gc.disable()  # a hundred thousand small objects that all stay: looking through them again and again takes longer
    try:
        return _compiled(words, red_flags, asker)
    finally:
        if collecting:
            gc.enable()
            gc.freeze()  # it is never let go: no later look needs to go through it


def _compiled(words: Mapping[LanguageCode, Words], red_flags: RedFlags, asker: Ear | None) -> Lexicon:
    kinds = {concept: kind for kind, names in red_flags.concepts.items() for concept in names}
    sequences = list(_sequences(words))
    steps_of: _Steps = {}
    for language, concept, steps in sequences:
        if steps[0].gap:
            raise ContentError(f"config/languages/{language}: {concept} begins with a gap: put a word first")
        steps_of.setdefault((language, concept), set()).update(steps)
    depth = _strata_of(_uses(steps_of, kinds))
    idioms = Point()
    strata = tuple(Point() for _ in range(max(depth.values(), default=0) + 1))
    for _, concept, steps in sequences:
        add(idioms if kinds[concept] == "idiom" else strata[depth[concept]], steps, concept)
    return Lexicon(
        red_flags=red_flags,
        kinds=kinds,
        idioms=State([idioms]),
        strata=tuple(State([root]) for root in strata),
        speller=_speller(words, steps_of, kinds),
        numbers={folded(word): value for content in words.values() for word, value in content.numbers.items()},
        particles={
            each: frozenset(folded(word) for content in words.values() for word in content.particles.get(each, ()))
            for each in Particle
        },
        endings={spoken: full for content in words.values() for spoken, full in content.endings.items()},
        own_words=_own_words(words, steps_of),
        frames=_frames_by_core(red_flags),
        heads=_heads_of_pages(red_flags),
        asker=None if asker is None else _ear(asker),
    )


def _uses(steps_of: _Steps, kinds: Mapping[str, str]) -> dict[str, set[str]]:
    """The concepts that each concept is built from."""
    uses: dict[str, set[str]] = {}
    for (language, concept), steps in steps_of.items():
        used = uses.setdefault(concept, set())
        used.update(name for step in steps for name in step.concepts)
        if lost := ({concept} | used) - kinds.keys():
            raise ContentError(f"config/languages/{language}: no concept {min(lost)} in red_flags.yaml")
    return uses


def _ear(learnt: Ear) -> Asker:
    thresholds = learnt.asker.model_dump(exclude={"learnt_from", "weights"})
    return Asker(weights=learnt.asker.unpacked, network=Network(learnt.network), **thresholds)


def _speller(words: Mapping[LanguageCode, Words], steps_of: _Steps, kinds: Mapping[str, str]) -> Speller:
    literal = {word for steps in steps_of.values() for step in steps for word in step.words}
    listed = [folded(word) for content in words.values() for word in (*content.real, *content.common, *content.numbers)]
    shorthand = {folded(k): tuple(folded(v).split()) for c in words.values() for k, v in c.shorthand.items()}
    prefixes = frozenset(word[:-1] for word in literal if word.endswith("*"))
    everyday = frozenset(folded(word) for content in words.values() for word in content.everyday)
    speller = Speller(frozenset(literal) | frozenset(listed), shorthand, prefixes, everyday)
    clinical = [
        (language, step.words)
        for (language, concept), steps in steps_of.items()
        if kinds[concept] in _REPAIRED_KINDS or concept in _REPAIRED
        for step in steps
    ]
    speller.learn(
        sorted({word for _, names in clinical for word in names if not word.endswith("*")}),
        sorted({word.rstrip("*") for lang, names in clinical if lang == "es" for word in names}),
    )
    return speller


def _own_words(words: Mapping[LanguageCode, Words], steps_of: _Steps) -> dict[LanguageCode, frozenset[str]]:
    """The words that only one language has, or has among its small words: they tell which language a reply should be
    in. "La" and "que" stand in English patterns too, for those who write "que la leg"."""
    small = {code: {folded(word) for word in (*c.common, *c.numbers)} for code, c in words.items()}
    every = {code: set(own) for code, own in small.items()}
    for (language, _), steps in steps_of.items():
        every[language].update(word for step in steps for word in step.words if not word.endswith("*"))
    return {code: frozenset(_only(small, code) | _only(every, code) - _others(small, code)) for code in words}


def _only(spoken: Mapping[LanguageCode, set[str]], code: LanguageCode) -> set[str]:
    return spoken[code] - _others(spoken, code)


def _others(spoken: Mapping[LanguageCode, set[str]], code: LanguageCode) -> set[str]:
    return set().union(*(words for name, words in spoken.items() if name != code))
