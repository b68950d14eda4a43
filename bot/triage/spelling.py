"""Brings a mistyped word back to the clinical vocabulary; it never touches a word that is real."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_RUN = re.compile(r"(.)\1{2,}")
_DOUBLE = re.compile(r"(.)\1+")
_GENDERS = {"a": "o", "o": "a"}
_SHORTEST_REPAIR = 5
_SHORTEST_SOUND = 4
_SHORTEST_PROOF = 4  # letters: a shorter prefix does not prove that a word is real
_MOST_REMEMBERED = 20_000
_SOUNDS = (("qu", "k"), ("ch", "x"), ("h", ""), ("ll", "y"), ("v", "b"), ("z", "s"))
_SOFT_C = re.compile(r"c(?=[eiy])")
_SOFT_G = re.compile(r"g(?=[eiy])")


def sound_of(word: str) -> str:
    """How a Spanish word sounds in Latin America: h silent, s = c = z, b = v, ll = y."""
    sound = word.replace("ñ", "n")
    for written, spoken in _SOUNDS:
        sound = sound.replace(written, spoken)
    sound = _SOFT_G.sub("j", _SOFT_C.sub("s", sound)).replace("c", "k").replace("gu", "g").replace("w", "gu")
    return _DOUBLE.sub(r"\1", sound)


def _deletions(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def _one_edit(typed: str, word: str) -> bool:
    """One letter added, lost, changed, or two neighbours swapped."""
    if abs(len(typed) - len(word)) > 1 or typed == word:
        return False
    head = 0
    while head < min(len(typed), len(word)) and typed[head] == word[head]:
        head += 1
    a, b = typed[head:], word[head:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


@dataclass(slots=True)
class Speller:
    """Repairs single words against a vocabulary; `known` words, `prefixes` and `everyday` words stay as they are."""

    known: frozenset[str]
    shorthand: Mapping[str, tuple[str, ...]]
    prefixes: frozenset[str]
    everyday: frozenset[str] = frozenset()
    _near: dict[str, list[str]] = field(default_factory=dict)
    _sounds: dict[str, str] = field(default_factory=dict)
    stems: tuple[int, ...] = ()
    _remembered: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def learn(self, clinical: Iterable[str], spanish: Iterable[str]) -> None:
        """Words that a typo may be brought back to, and those that may be spelt by ear."""
        for word in clinical:
            if len(word) >= _SHORTEST_REPAIR and word.isalpha():
                for key in {word} | _deletions(word):
                    self._near.setdefault(key, []).append(word)
        for word in spanish:
            if len(word) >= _SHORTEST_SOUND:
                self._sounds.setdefault(sound_of(word), word)
        self.stems = tuple(sorted({len(prefix) for prefix in self.prefixes}))

    def repaired(self, typed: str) -> tuple[str, ...]:
        """The word or words meant; the word itself when it is real or nothing is near."""
        found = self._remembered.get(typed)
        if found is None:
            found = self._repair(typed)
            if len(self._remembered) < _MOST_REMEMBERED:
                self._remembered[typed] = found
        return found

    def _is_real(self, word: str) -> bool:
        return word in self.known or any(word[:stem] in self.prefixes for stem in self.stems if stem >= _SHORTEST_PROOF)

    def _repair(self, typed: str) -> tuple[str, ...]:
        if typed in self.shorthand:
            return self.shorthand[typed]
        if self._is_real(typed) or not typed.isalpha():
            return (typed,)
        if typed.endswith("in") and len(typed) >= _SHORTEST_REPAIR and f"{typed}g" in self.known:
            return (f"{typed}g",)  # "mornin", "gettin"
        if typed in self.everyday:
            return (self._other_form(typed),)
        for shorter in (_RUN.sub(r"\1\1", typed), _RUN.sub(r"\1", typed), _DOUBLE.sub(r"\1", typed)):
            if shorter != typed and shorter in self.shorthand:
                return self.shorthand[shorter]
            if shorter != typed and self._is_real(shorter):
                return (shorter,)
        if len(typed) > _MOST_LETTERS:
            return (typed,)
        return self._by_ear_or_typo(typed)

    def _other_form(self, word: str) -> str:
        """A real word is no typo: only its plural or its other gender may be known."""
        forms = (word + "s", word.removesuffix("s"), *(word[:-1] + ending for ending in _GENDERS.get(word[-1], "")))
        return next((form for form in forms if form in self._near and form in self.known), word)

    def _by_ear_or_typo(self, typed: str) -> tuple[str, ...]:
        if len(typed) >= _SHORTEST_SOUND:
            heard = self._sounds.get(sound_of(typed))
            if heard is not None:
                return (heard,)
        if len(typed) < _SHORTEST_REPAIR - 1:
            return (typed,)
        candidates = {w for key in {typed} | _deletions(typed) for w in self._near.get(key, ())}
        near = sorted(w for w in candidates if w[0] == typed[0] and _one_edit(typed, w))
        if near:
            return (near[0],)
        return self._split(typed)

    def _split(self, typed: str) -> tuple[str, ...]:
        """Two or three real words with the spaces lost: "cantstopshaking"."""
        for cut in range(len(typed) - 3, 2, -1):
            head, tail = typed[:cut], typed[cut:]
            if tail in _ENDINGS:
                continue  # "jalaron" is a verb and no rum
            if head in self.known and tail in self.known and len(typed) >= _SHORTEST_SPLIT:
                return head, tail
        return (typed,)


_MOST_LETTERS = 24
_SHORTEST_SPLIT = 7
_ENDINGS = frozenset({"ron"})
