"""Finds word patterns in tokens by walking a trie, in linear time; it never knows what a concept means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

GAPS = {"..": 3, "...": 6}
_BETWEEN = re.compile(r"\|(?![^<]*>)")  # the strokes between alternatives, not those inside <a|b>
_MOST_STATES = 400  # walks from one token: far above any real text, a bound for hostile ones


class Span(NamedTuple):
    """A concept said by the tokens `start` up to `end`."""

    concept: str
    start: int
    end: int


@dataclass(slots=True)
class Node:
    """What may follow at this point of a pattern; what most points lack is made when it is needed."""

    atoms: dict[str, Node] | None = None
    concepts: dict[str, Node] | None = None
    gaps: dict[int, Node] | None = None
    anything: Node | None = None
    clause_end: Node | None = None
    said: tuple[str, ...] = ()

    def by_word(self, word: str) -> Node:
        """The point behind a word."""
        if self.atoms is None:
            self.atoms = {}
        child = self.atoms.get(word)
        if child is None:
            child = self.atoms[word] = Node()
        return child

    def by_concept(self, concept: str) -> Node:
        """The point behind a concept."""
        if self.concepts is None:
            self.concepts = {}
        return self.concepts.setdefault(concept, Node())

    def by_gap(self, gap: int) -> Node:
        """The point behind so many words at most."""
        if self.gaps is None:
            self.gaps = {}
        return self.gaps.setdefault(gap, Node())


@dataclass(frozen=True, slots=True)
class Step:
    """One place in a pattern: alternatives of words or of concepts, a gap, or a mark."""

    words: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    gap: int = 0
    mark: str = ""


def parse(pattern: str) -> list[list[Step]]:
    """The step sequences that a pattern stands for; a word with `~` is optional.

    `a|b+c|<x>` alternatives, of which `b+c` is two words, `a*` prefix, `<x|y>` concepts, `..` up to 3 words,
    `...` up to 6, `_` any word, `nn` any number, `^` and `$` the ends of a clause.
    """
    if not any(sign in pattern for sign in "~+<"):
        return [[_step(piece) for piece in pattern.split()]]
    choices: list[list[list[Step]]] = []
    for piece in pattern.split():
        bare = piece.replace("~|", "|").removesuffix("~")
        choices.append(_readings(bare) + ([[]] if bare != piece else []))
    return [[step for steps in chosen for step in steps] for chosen in product(*choices)]


def _readings(piece: str) -> list[list[Step]]:
    """The step sequences of one piece: plain alternatives share a step, joined ones and concepts have their own."""
    if piece in GAPS or ("+" not in piece and "<" not in piece):
        return [[_step(piece)]]
    alternatives = _BETWEEN.split(piece)
    concepts = [[_step(each)] for each in alternatives if each.startswith("<")]
    joined = [[_step(word) for word in each.split("+")] for each in alternatives if "+" in each]
    plain = [each for each in alternatives if "+" not in each and not each.startswith("<")]
    return concepts + joined + ([[_step("|".join(plain))]] if plain else [])


@lru_cache(maxsize=50_000)
def _step(piece: str) -> Step:
    if piece in GAPS:
        return Step(gap=GAPS[piece])
    if piece in {"_", "^", "$"}:
        return Step(mark=piece)
    if piece.startswith("<") and piece.endswith(">"):
        return Step(concepts=tuple(piece[1:-1].split("|")))
    return Step(words=tuple(word for word in piece.split("|") if word))


def add(root: Node, steps: Sequence[Step], concept: str) -> None:
    """Writes one step sequence into the trie."""
    nodes = [root]
    for step in steps:
        nodes = [child for node in nodes for child in _children(node, step)]
    for node in nodes:
        if concept not in node.said:
            node.said = (*node.said, concept)


def _children(node: Node, step: Step) -> Iterable[Node]:
    if step.words:
        return [node.by_word(word) for word in step.words]
    if step.gap:
        return [node.by_gap(step.gap)]
    if step.mark == "_":
        node.anything = node.anything or Node()
        return [node.anything]
    if step.mark == "^":
        return [node.by_word("^")]
    if step.mark == "$":
        node.clause_end = node.clause_end or Node()
        return [node.clause_end]
    return [node.by_concept(concept) for concept in step.concepts]


class Page:
    """The tokens as a trie sees them: their atoms, the concepts found so far, where clauses end."""

    def __init__(self, atoms: list[tuple[str, ...]], hard: list[bool], ends: list[bool]) -> None:
        self.atoms = atoms
        self.hard = hard
        self.ends = ends
        self.at: list[list[Span]] = [[] for _ in atoms]

    def find(self, root: Node) -> list[Span]:
        """Every longest span of every concept in the trie; spans found earlier count as steps."""
        best: dict[tuple[str, int], int] = {}
        atoms = root.atoms or {}
        opening = atoms.get("^")
        words = atoms.keys()
        for start in range(len(self.atoms)):
            if not self.hard[start]:
                if self.at[start] or not words.isdisjoint(self.atoms[start]):
                    self._walk(root, start, best)
                if opening is not None and (start == 0 or self.ends[start - 1]):
                    self._walk(opening, start, best)
        return [Span(concept, start, end) for (concept, start), end in best.items()]

    def _walk(self, root: Node, start: int, best: dict[tuple[str, int], int]) -> None:
        stack = [(root, start)]
        push = stack.append
        length = len(self.atoms)
        steps = 0
        while stack and steps < _MOST_STATES:
            steps += 1
            node, at = stack.pop()
            for concept in node.said:
                if best.get((concept, start), start) < at:
                    best[concept, start] = at
            if node.clause_end is not None and (at >= length or self.ends[at] or self.ends[at - 1]):
                push((node.clause_end, at))
            if at >= length:
                continue
            if node.atoms:
                for atom in self.atoms[at]:
                    child = node.atoms.get(atom)
                    if child is not None:
                        push((child, at + 1))
            if node.concepts:
                for span in self.at[at]:
                    child = node.concepts.get(span.concept)
                    if child is not None:
                        push((child, span.end))
            if node.anything is not None and not self.hard[at]:
                push((node.anything, at + 1))
            for gap, child in (node.gaps or {}).items():
                for place in range(at, min(at + gap + 1, length)):
                    push((child, place))
                    if self.hard[place]:
                        break
