"""A small convolutional network over the words of a text and what the rules found in them. It hears their order, which
the weights of asker.py do not: who has a symptom, and what is denied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from math import sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.content.network import BUCKETS, NetworkWeights

Values = NDArray[np.float32]

REACHES = (1, 2, 4)  # each layer looks at a word and at one so many words away, to both sides
_LONGEST = 120  # words that are listened to: a bound for hostile texts
_LETTERS, _BITS, _PIECES = 14, (3, 4, 5), 14  # of a word, of a piece, pieces of a word


class Network:
    """What config/network.npz holds, ready to listen; a text changes nothing in it."""

    def __init__(self, weights: NetworkWeights) -> None:
        half = weights["mix_words"].shape[0] // 2
        self._of = weights
        self._words = weights["words"] @ weights["mix_words"][:half]
        self._pieces = weights["pieces"] @ weights["mix_words"][half:]
        self._concepts = weights["concepts"] @ weights["mix_concepts"]
        self._spoken = lru_cache(maxsize=20_000)(self._vector)

    def logit(self, words: Sequence[str], concepts: Iterable[tuple[str, int, int]], marks: Collection[str]) -> float:
        """Above zero the more a text sounds like replies that had to page, below it the less; `words` not empty."""
        of = self._of
        state = np.stack([self._spoken(word) for word in words[:_LONGEST]])
        for name, start, end in concepts:
            if start < len(state):
                state[start:end] += self._concepts[bucket("concepts", name)]
        state = _gelu(state)
        for reach, layer, bias in zip(REACHES, of["layers"], of["layers_bias"], strict=True):
            state = state + _gelu(_beside(state, reach) @ layer + bias)
        attention = _shares(state @ of["attend"])
        heard = of["marks"][[bucket("marks", mark) for mark in sorted(marks)]].sum(0)
        told = np.concatenate([state.max(0), (attention.T @ state).ravel(), heard])
        return float(_gelu(told @ of["hidden"] + of["hidden_bias"]) @ of["out"] + of["out_bias"])

    def _vector(self, word: str) -> Values:
        cut = pieces(word)
        heard: Values = self._words[bucket("words", word)] + self._pieces[cut].sum(0) / np.float32(sqrt(len(cut)))
        return heard + self._of["mix_bias"]


@lru_cache(maxsize=20_000)
def bucket(table: str, said: str) -> int:
    """Its row in a table; row 0 stands for nothing."""
    return crc32(said.encode()) % (BUCKETS[table] - 1) + 1


def pieces(word: str) -> list[int]:
    """Rows of the pieces of a word, of the long ones every other."""
    edged = f"^{word[:_LETTERS]}$"
    cut = [bucket("pieces", edged[at : at + n]) for n in _BITS for at in range(len(edged) - n + 1)]
    return cut if len(cut) <= _PIECES else [cut[at * (len(cut) - 1) // (_PIECES - 1)] for at in range(_PIECES)]


def _beside(state: Values, reach: int) -> Values:
    """Every word between the one `reach` words before it and the one behind it; nothing beyond the ends."""
    nothing = np.zeros((min(reach, len(state)), state.shape[1]), np.float32)
    before = np.concatenate([nothing, state[:-reach]])
    behind = np.concatenate([state[reach:], nothing])
    return np.concatenate([before, state, behind], axis=1)


def _shares(values: Values) -> Values:
    grown: Values = np.exp(values - values.max(0))
    shared: Values = grown / grown.sum(0)
    return shared


def _gelu(values: Values) -> Values:
    """As jax.nn.gelu: by the hyperbolic tangent."""
    bent: Values = values * 0.5 * (1 + np.tanh(0.7978845608 * (values + 0.044715 * values**3)))
    return bent
