"""The school grade that a text asks of its reader, from syllables and sentences; it judges no meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"[.?!:;]+(?=\s|$)|[¿¡]")
_SILENT_ENDINGS = re.compile(r"(?:[^laeiouy]es|[^aeiouydt]ed|[^l]e)$")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH_VOWELS = re.compile(r"[aeiou]+")
_SPANISH_STRONG = re.compile(r"[aeoáéíóú]")


def syllables_en(word: str) -> int:
    """Groups of vowels, less a silent ending."""
    lower = word.lower().replace("’", "'").split("'")[0]
    groups = len(_ENGLISH_VOWELS.findall(lower))
    return max(1, groups - bool(groups > 1 and _SILENT_ENDINGS.search(lower)))


def syllables_es(word: str) -> int:
    """Groups of vowels; two strong ones, or an accented weak one, stand in syllables of their own."""
    lower = word.lower().replace("qu", "q").replace("gue", "ge").replace("gui", "gi")
    composed = unicodedata.normalize("NFC", lower)
    plain = composed.translate(str.maketrans("áéíóúü", "aeiouu"))
    count = 0
    for group in _SPANISH_VOWELS.finditer(plain):
        strong = len(_SPANISH_STRONG.findall(composed[group.start() : group.end()]))
        count += max(1, strong)
    return max(1, count)


def grade_en(text: str) -> float:
    """Flesch-Kincaid grade (Kincaid 1975): 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    words, sentences = _words(text), _sentences(text)
    if not words:
        return 0.0
    syllables = sum(syllables_en(word) for word in words)
    return max(0.0, 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59)


def grade_es(text: str) -> float:
    """Crawford's grade (1984), made for Spanish primary schools: sentences and syllables of a hundred words."""
    words, sentences = _words(text), _sentences(text)
    if not words:
        return 0.0
    syllables = 100 * sum(syllables_es(word) for word in words) / len(words)
    return max(0.0, -0.205 * 100 * sentences / len(words) + 0.049 * syllables - 3.407)


GRADES: Mapping[str, Callable[[str], float]] = {"en": grade_en, "es": grade_es}
"""A language without an entry is not graded: `check-content` says so."""


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _sentences(text: str) -> int:
    return max(1, sum(1 for piece in _SENTENCE_END.split(text) if _WORD.search(piece)))
