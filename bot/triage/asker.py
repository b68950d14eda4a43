"""A small statistical ear: how much a text sounds like replies that had to page; it never pages and lowers nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import exp
from zlib import crc32

from bot.content.asker import BUCKETS

_LONGEST = 120  # words that are listened to: a bound for hostile texts
_STEM = 4


@dataclass(frozen=True, slots=True)
class Heard:
    """What is left of a text to listen to, and the marks that the rules left on it: flags, guards, numbers, intents."""

    words: Sequence[str]
    marks: Collection[str]


@dataclass(frozen=True, slots=True)
class Asker:
    """Logistic weights per bucket of hashed features, in 1/`scale`; `threshold` is a probability."""

    weights: bytes
    scale: float
    bias: float
    threshold: float

    def suspicion(self, heard: Heard) -> float:
        """From 0 to 1."""
        buckets = set(features(heard))
        if not buckets:
            return 0.0
        total = sum(self.weights[bucket] - 128 for bucket in buckets) / self.scale
        return 1 / (1 + exp(-max(-30.0, min(30.0, total / len(buckets) ** 0.5 + self.bias))))


def features(heard: Heard) -> Iterator[int]:
    """Buckets of marks, words, pairs of neighbours and beginnings of words."""
    for mark in heard.marks:
        yield crc32(f"#{mark}".encode()) % BUCKETS
    before = "^"
    for word in heard.words[:_LONGEST]:
        yield crc32(word.encode()) % BUCKETS
        yield crc32(f"{before} {word}".encode()) % BUCKETS
        if len(word) > _STEM:
            yield crc32(f"{word[:_STEM]}*".encode()) % BUCKETS
        before = word
