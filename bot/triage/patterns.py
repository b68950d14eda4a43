"""Reads the notation of word patterns into points that patterns with the same beginning share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import NamedTuple

GAPS = {"..": 3, "...": 6}
_BETWEEN = re.compile(r"\|(?![^<]*>)")  # the strokes between alternatives, not those inside <a|b>


class Span(NamedTuple):
    """A concept said by the tokens `start` up to `end`."""

    concept: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One place in a pattern: alternatives of words or of concepts, a gap, or a mark. Equal steps are one object."""

    words: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    gap: int = 0
    mark: str = ""


@dataclass(slots=True, eq=False)
class Point:
    """A place between two steps: what may follow, and the concepts whose patterns end here."""

    after: dict[Step, Point] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def parse(pattern: str) -> list[list[Step]]:
    """The step sequences that a pattern stands for; a word with `~` is optional.

    `a|b+c|<x>` alternatives, of which `b+c` is two words, `a*` prefix, `<x|y>` concepts, `..` up to 3 words,
    `...` up to 6, `_` any word, `nn` any number, `^` and `$` the ends of a clause.
    """
    if not any(sign in pattern for sign in ("~", "+", "<", "|$", "$|")):
        return [[_step(piece) for piece in pattern.split()]]
    choices: list[list[list[Step]]] = []
    for piece in pattern.split():
        bare = piece.replace("~|", "|").removesuffix("~")
        choices.append(_readings(bare) + ([[]] if bare != piece else []))
    return [[step for steps in chosen for step in steps] for chosen in product(*choices)]


def _readings(piece: str) -> list[list[Step]]:
    """The step sequences of one piece: plain alternatives share a step, others have their own."""
    if piece in GAPS or not any(sign in piece for sign in "+<$"):
        return [[_step(piece)]]
    alternatives = _BETWEEN.split(piece)
    concepts = [[_step(each)] for each in alternatives if each.startswith(("<", "$"))]
    joined = [[_step(word) for word in each.split("+")] for each in alternatives if "+" in each]
    plain = [each for each in alternatives if "+" not in each and not each.startswith(("<", "$"))]
    return concepts + joined + ([[_step("|".join(plain))]] if plain else [])


@cache
def _step(piece: str) -> Step:
    if piece in GAPS:
        return Step(gap=GAPS[piece])
    if piece in {"_", "^", "$"}:
        return Step(mark=piece)
    if piece.startswith("<") and piece.endswith(">"):
        return Step(concepts=tuple(piece[1:-1].split("|")))
    return Step(words=tuple(word for word in piece.split("|") if word))


def add(root: Point, steps: Sequence[Step], concept: str) -> None:
    """Writes one step sequence behind the root."""
    point = root
    for step in steps:
        after = point.after.get(step)
        if after is None:
            after = point.after[step] = Point()
        point = after
    if concept not in point.said:
        point.said.append(concept)
