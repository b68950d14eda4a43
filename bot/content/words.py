"""config/languages/*/words*.yaml: the words of each language per concept; they know no flag."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import msgpack
from pydantic import Field

from bot.content.reading import Content, ContentError, read_model
from bot.vocabulary import LanguageCode

_DIGITS = re.compile(r"\d[\d.,]+")  # numbers of several digits: wordfreq's own lists leave them out
_EVERYDAY = 20_000  # words: those beyond are rarer than one in a million


class Particle(StrEnum):
    """What a small word does in a sentence, where sorting needs the word itself and not what it means."""

    OWNER = "owner"  # my
    DETERMINER = "determiner"  # the, a
    COMPANY = "company"  # "con" mi compadre
    INSIDE = "inside"  # "en" la regadera
    OBJECT = "object"  # fell on "me"
    SINCE = "since"
    TENS = "tens"  # treinta "y" ocho
    ONE = "one"  # a number that is more often a pronoun or an article
    NOUGHT = "nought"
    YES_OR_IF = "yes_or_if"  # "si", which is a yes with its accent
    ONLY_NO = "only_no"  # an answer that also denies what follows it
    NOT = "not"
    ACTED_ON = "acted_on"  # "me" subió el vecino
    BEFALLS = "befalls"  # "se" me enfermaron las gallinas
    TO_A = "to_a"  # subirme "al" carro
    OWN_MOVE = "own_move"  # "subirme" al carro


class Words(Content):
    """One language: patterns per concept, shorthand, and real words that repair must leave alone.

    The pattern signs are those of `bot.triage.patterns.parse`.
    """

    language: LanguageCode
    concepts: dict[str, list[str]] = Field(default_factory=dict)
    numbers: dict[str, int] = Field(default_factory=dict)
    particles: dict[Particle, list[str]] = Field(default_factory=dict)
    endings: dict[str, str] = Field(default_factory=dict)  # as they are spoken: "sentao" is "sentado"
    shorthand: dict[str, str] = Field(default_factory=dict)
    real: list[str] = Field(default_factory=list)
    common: list[str] = Field(default_factory=list)
    everyday: frozenset[str] = frozenset()


def _joined(first: Words, second: Words) -> Words:
    concepts = {name: list(patterns) for name, patterns in first.concepts.items()}
    for name, patterns in second.concepts.items():
        concepts.setdefault(name, []).extend(patterns)
    return Words(
        language=first.language,
        concepts=concepts,
        numbers={**first.numbers, **second.numbers},
        particles={each: [*first.particles.get(each, []), *second.particles.get(each, [])] for each in Particle},
        endings={**first.endings, **second.endings},
        shorthand={**first.shorthand, **second.shorthand},
        real=first.real + second.real,
        common=first.common + second.common,
    )


def load_words(config_dir: Path) -> Mapping[LanguageCode, Words]:
    """Every language that has a folder under config/languages with words in it.

    :raises ContentError: a file is wrong, names another language than its folder, or none is there.
    """
    languages: dict[LanguageCode, Words] = {}
    for path in sorted(config_dir.glob("languages/*/words*.yaml")):
        words = read_model(Words, path)
        if words.language != path.parent.name:
            raise ContentError(f"{path}: language: {words.language} stands in the folder {path.parent.name}")
        before = languages.get(words.language)
        languages[words.language] = words if before is None else _joined(before, words)
    if not languages:
        raise ContentError(f"{config_dir}/languages: no words.yaml in any language")
    return {code: words.model_copy(update={"everyday": everyday_words(code)}) for code, words in languages.items()}


@cache
def everyday_words(language: LanguageCode) -> frozenset[str]:
    """The most frequent words of a language, which a misspelt clinical word must not be guessed from.

    Read from the file of wordfreq, most frequent first: importing the package would take 0.3 s of every start.
    :raises ContentError: wordfreq, or its list of this language, is not installed.
    """
    found = find_spec("wordfreq")
    folders = found.submodule_search_locations if found is not None else None
    path = Path(next(iter(folders or [""]))) / "data" / f"small_{language}.msgpack.gz"
    if not path.is_file():
        raise ContentError(f"wordfreq has no list of words for {language}: run make setup")
    with gzip.open(path) as packed:
        _, *by_frequency = msgpack.load(packed)
    plain = (word for words in by_frequency for word in words if not _DIGITS.match(word))
    return frozenset(islice(plain, _EVERYDAY))
