"""A small statistical ear: how much a text sounds like replies that had to page; what follows is not its business."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from math import exp
from zlib import crc32

from bot.content.asker import BUCKETS
from bot.triage.network import Network

_LONGEST = 120  # words that are listened to: a bound for hostile texts
_MOST = 1200  # features of concepts
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
    """Logistic weights per bucket of hashed features, in 1/`scale`, and a network that hears the order of words; its
    thresholds: content/asker.py."""

    weights: Sequence[int]
    scale: float
    bias: float
    doubt: float
    doubt_alone: float
    doubt_whole: float
    doubt_grave: float
    emergency_margin: float
    ask: float
    agree: float
    agree_alone: float
    network: Network | None = None
    network_share: float = 0.0

    def suspicion(self, heard: Heard) -> float:
        """From 0 to 1."""
        buckets = features(heard)
        if not buckets:
            return 0.0
        total = sum(map(self.weights.__getitem__, buckets)) / self.scale / len(buckets) ** 0.5 + self.bias
        if self.network is not None and heard.words:
            told = self.network.logit(heard.words, heard.concepts, heard.marks)
            total += self.network_share * (told - total)
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def features(heard: Heard) -> set[int]:
    """Buckets of marks, words, pairs of neighbours and concepts, of so many of them."""
    words = heard.words[:_LONGEST]
    found = {_bucket(f"#{mark}") for mark in heard.marks}
    found.update(_bucket(f"{before} {word}") for before, word in pairwise(("^", *words)))
    for word in words:
        found |= _of_word(word)
    found.update(islice(_placed(words, heard.concepts), _MOST))
    return found


def _bucket(said: str) -> int:
    return crc32(said.encode()) % BUCKETS


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> frozenset[int]:
    """Buckets of a word, of its beginning and of its pieces."""
    edged = f"^{word[:_WORD]}$"
    pieces = [f"c{edged[at : at + n]}" for n in _BITS for at in range(len(edged) - n + 1)]
    return frozenset(map(_bucket, [word, *([f"{word[:_STEM]}*"] if len(word) > _STEM else []), *pieces]))


@lru_cache(maxsize=10_000)
def _opening_and_following(said: str) -> tuple[int, bytes]:
    """The sum of what opens a pair, and the bytes that follow one: sums go on, so a pair needs no string of its own."""
    return crc32(said.encode()), f" {said}".encode()


def _placed(words: Sequence[str], concepts: Sequence[tuple[str, int, int]]) -> Iterator[int]:
    """Buckets of concepts, and of concepts beside a word or another one."""
    heard = [_opening_and_following(word) for word in words]
    named = [(*_opening_and_following(f"<{name}>"), start, end) for name, start, end in concepts]
    begins: dict[int, set[bytes]] = {}
    for _, following, start, _ in named:
        begins.setdefault(start, set()).add(following)
    nothing: frozenset[bytes] = frozenset()
    for opening, following, start, end in named:
        yield opening % BUCKETS
        if 0 < start <= len(words):
            yield crc32(following, heard[start - 1][0]) % BUCKETS
        if end < len(words):
            yield crc32(heard[end][1], opening) % BUCKETS
        for beside in (end, end + 1):
            for other in begins.get(beside, nothing):
                yield crc32(other, opening) % BUCKETS
