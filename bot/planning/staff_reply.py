"""What a member of staff means by a text to the page number; it knows codes and words, and nobody's name."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

CODE_LENGTH = 4  # services.alerts makes them so
MOST_BARE_WORDS = 4  # "on my way now"; a longer text means something of its own


@dataclass(frozen=True, slots=True)
class ReplyWords:
    """The words that config/staff.yaml lists, in small letters without signs."""

    acknowledge: frozenset[str]
    agree: frozenset[str]
    refuse: frozenset[str]


@dataclass(frozen=True, slots=True)
class Names:
    """The text names this open code and does not refuse it."""

    code: str


@dataclass(frozen=True, slots=True)
class Bare:
    """A yes without a code; `firm`: with the word that acknowledges."""

    firm: bool


@dataclass(frozen=True, slots=True)
class WrongCode:
    """It acknowledges something that is not open."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Anything else; also two codes at once, and a refusal."""


Reply: TypeAlias = Names | Bare | WrongCode | Unclear


def read_reply(words: str, open_codes: Collection[str], lists: ReplyWords) -> Reply:
    """Any case, signs and spaces; the code may be alone, spaced out, or among words that do not refuse it."""
    tokens = [token for token in re.split(r"[\W_]+", words.replace("'", "").replace("’", "")) if token]
    small = [token.casefold() for token in tokens]
    if lists.refuse & set(small):
        return Unclear()
    firm = any(token in lists.acknowledge for token in small)
    named = {token.upper() for token in tokens} & set(open_codes)
    rest = "".join(token for token in tokens if token.casefold() not in lists.acknowledge).upper()
    named |= {_without_word(run, lists) for run in (rest, *(token.upper() for token in tokens))} & set(open_codes)
    if len(named) == 1:
        return Names(named.pop())
    if named:
        return Unclear()
    if not rest:
        return Bare(firm=True) if firm else Unclear()
    if firm or _looks_like_a_code(rest):
        return WrongCode()
    if len(tokens) <= MOST_BARE_WORDS and lists.agree & set(small):
        return Bare(firm=False)
    return Unclear()


def _without_word(run: str, lists: ReplyWords) -> str:
    """ACKK7M4, written in one: the code behind the word."""
    word = run[:-CODE_LENGTH].casefold()
    return run[-CODE_LENGTH:] if word in lists.acknowledge else run


def _looks_like_a_code(run: str) -> bool:
    return len(run) == CODE_LENGTH and any(c.isdigit() for c in run) and any(c.isalpha() for c in run)
