"""Cuts a text into folded tokens that know where they stood; it never judges what a word means."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)?|[^\W\d_]+(?:[0-9](?![0-9.,]))?|\n|[^\w\s]|\w")
_APOSTROPHES = frozenset("'’‘`´ʼ′")
_TAPBACK = re.compile(
    r"^\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted \S{1,8} to|removed an? [\w ]{1,20} from"
    r"|(?:no )?le gust[oó]|(?:le|me) encant[oó]|se ri[oó] de|enfatiz[oó]|cuestion[oó]|reaccion[oó] con \S{1,8} a)"
    r"\s*[\"“«”][^\"”»]*[\"”»]?",
    re.IGNORECASE,
)
_TILDE = "\u0303"
_THIS_CENTURY = 30  # years written short: "'09" is 2009, "'98" is 1998
HARD = frozenset(".!?;\n¿¡")
SOFT = frozenset(",:()[]/-–—*|+=")


class Token(NamedTuple):
    """One word, number or sign; `start` and `end` index the text as typed."""

    word: str
    start: int
    end: int
    typed: str
    is_number: bool
    is_sign: bool
    is_hard: bool


def token(word: str, start: int, end: int, typed: str) -> Token:
    """The token with what its first letter tells: a number, a sign, the end of a sentence."""
    first = word[:1]
    return Token(word, start, end, typed, first.isdigit() and word.isascii(), not first.isalnum(), word in HARD)


@lru_cache(maxsize=8192)
def _fold_char(char: str) -> str:
    """Lower case, no accents but ñ; the degree sign survives NFKC, which would make º an o."""
    if char in "º°˚":
        return "°"
    if char in _APOSTROPHES:
        return ""
    if char == "\r":
        return "\n"
    if unicodedata.category(char) in {"Cf", "Mn", "Me", "Cs", "Sk"} and not char.isascii():
        return ""
    lowered = unicodedata.normalize("NFKC", char).lower()
    if lowered == "ñ":
        return lowered
    return "".join(c for c in unicodedata.normalize("NFD", lowered) if unicodedata.category(c) != "Mn")


def fold(text: str) -> tuple[str, list[int]]:
    """The text folded, and for each folded character the index that it was typed at."""
    if text.isascii():
        lowered = text.lower()
        if not any(mark in lowered for mark in "'`\r"):
            return lowered, list(range(len(text)))
    chars: list[str] = []
    where: list[int] = []
    for index, char in enumerate(text):
        if char == _TILDE and chars and chars[-1] == "n":
            chars[-1] = "ñ"  # typed as two characters, as some phones do
        for out in _fold_char(char):
            chars.append(out)
            where.append(index)
    return "".join(chars), where


_PLAIN = {ord(mark): None for mark in _APOSTROPHES} | str.maketrans("áéíóúü", "aeiouu")


def folded(text: str) -> str:
    """The text folded, for those who need not know where it stood."""
    plain = text.lower().translate(_PLAIN)
    return plain if plain.replace("ñ", "").isascii() else fold(text)[0]


def tokens_of(text: str) -> list[Token]:
    """Every token, in order; `typed` is the folded word before any repair."""
    folded, where = fold(text)
    found = []
    for match in _TOKEN.finditer(folded):
        word = match.group()
        start, end = where[match.start()], where[match.end() - 1] + 1
        found.append(token(_in_full(word) if _is_year(text, start, end) else word, start, end, word))
    return _mended_decimals(found)


def _is_year(text: str, start: int, end: int) -> bool:
    """ "'09", with nothing joined to either side."""
    around = text[max(start - 2, 0) : start - 1] + text[end : end + 1]
    return (
        text[start:end].isdigit()
        and end - start == 2
        and text[start - 1 : start] in _APOSTROPHES
        and not any(each.isalnum() for each in around)
    )


def _in_full(year: str) -> str:
    return ("20" if int(year) <= _THIS_CENTURY else "19") + year


def _mended_decimals(tokens: list[Token]) -> list[Token]:
    """ "100 .9" is one number: the thumb hit the space bar first."""
    mended: list[Token] = []
    for each in tokens:
        if (
            len(mended) > 1
            and each.is_number
            and mended[-1].word == "."
            and mended[-2].is_number
            and mended[-2].word.isdigit()
            and mended[-1].start > mended[-2].end
            and each.start == mended[-1].end
        ):
            mended.pop()
            whole = mended.pop()
            word = f"{whole.word}.{each.word}"
            mended.append(token(word, whole.start, each.end, word))
        else:
            mended.append(each)
    return mended


def without_quoted_text(text: str) -> tuple[str, bool]:
    """A tapback's quoted part is our own text: blanked, so that offsets hold (triage.md rule 11)."""
    match = _TAPBACK.match(text)
    if match is None:
        return text, False
    return " " * match.end() + text[match.end() :], True
