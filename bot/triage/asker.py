"""A small statistical ear: how much a text sounds like replies that had to page; what follows is not its business."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from zlib import crc32

from bot.content.asker import BUCKETS

_LONGEST = 120  # words that are listened to: a bound for hostile texts
_MOST = 1200  # features besides the bits of words
_STEM = 4
_BITS = (3, 4, 5)  # letters: endings and roots, whatever the spelling between them
_WORD = 20  # letters of a word that are cut into bits


@dataclass(frozen=True, slots=True)
class Heard:
    """What is listened to: words, concepts with their places among them, and the marks that the rules left."""

    words: Sequence[str]
    concepts: Sequence[tuple[str, int, int]]
    marks: Collection[str]


@dataclass(frozen=True, slots=True)
class Asker:
    """Logistic weights per bucket of hashed features, in 1/`scale`; its thresholds: content/asker.py."""

    weights: Sequence[int]
    scale: float
    bias: float
    doubt: float
    doubt_alone: float
    emergency_margin: float
    ask: float

    def suspicion(self, heard: Heard) -> float:
        """From 0 to 1."""
        buckets = set(features(heard))
        if not buckets:
            return 0.0
        total = sum(self.weights[bucket] for bucket in buckets) / self.scale
        return 1 / (1 + exp(-max(-30.0, min(30.0, total / len(buckets) ** 0.5 + self.bias))))


def features(heard: Heard) -> Iterator[int]:
    """Buckets of the first so many features."""
    for count, said in enumerate(_said(heard)):
        if count >= _MOST:
            break
        yield _bucket(said)
    for word in heard.words[:_LONGEST]:
        yield from _bits(word)


def _bucket(said: str) -> int:
    return crc32(said.encode()) % BUCKETS


@lru_cache(maxsize=20_000)
def _bits(word: str) -> frozenset[int]:
    """Buckets of the pieces of a word."""
    edged = f"^{word[:_WORD]}$"
    return frozenset(_bucket(f"c{edged[at : at + n]}") for n in _BITS for at in range(len(edged) - n + 1))


def _said(heard: Heard) -> Iterator[str]:
    """Marks, words, pairs of neighbours, beginnings of words, concepts, and concepts beside a word or another one."""
    words = heard.words[:_LONGEST]
    for mark in heard.marks:
        yield f"#{mark}"
    before = "^"
    for word in words:
        yield word
        yield f"{before} {word}"
        if len(word) > _STEM:
            yield f"{word[:_STEM]}*"
        before = word
    begins: dict[int, set[str]] = {}
    for name, start, _ in heard.concepts:
        begins.setdefault(start, set()).add(name)
    for name, start, end in heard.concepts:
        yield f"<{name}>"
        if 0 < start <= len(words):
            yield f"{words[start - 1]} <{name}>"
        if end < len(words):
            yield f"<{name}> {words[end]}"
        for beside in (end, end + 1):
            for other in begins.get(beside, ()):
                yield f"<{name}> <{other}>"
