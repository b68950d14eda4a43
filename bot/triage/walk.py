"""Finds patterns in tokens, in linear time: many patterns are walked at once, by what their words have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.triage.patterns import Point, Span, Step

_MOST_STATES = 400  # walks from one token: far above any real text, a bound for hostile ones


class State:
    """All the points that the same words lead to, as one; what follows is put together when a text first comes here.

    A key is a word, `^` for the beginning of a clause, or a concept in angle brackets.
    """

    __slots__ = ("_points", "anything", "clause_end", "gaps", "is_plain", "said", "ways")

    def __init__(self, points: Sequence[Point]) -> None:
        self._points = points
        self.ways: dict[str, State | list[Point]] | None = None
        self.said: tuple[str, ...] = ()
        self.gaps: tuple[tuple[int, State], ...] = ()
        self.anything: State | None = None
        self.clause_end: State | None = None
        self.is_plain = True

    def opened(self) -> dict[str, State | list[Point]]:
        """The ways on from here; what else may follow is known from now on too."""
        ways: dict[str, State | list[Point]] = {}
        marked: dict[str | int, list[Point]] = {}
        for point in self._points:
            for step, after in point.after.items():
                if step.gap or step.mark in ("_", "$"):
                    marked.setdefault(step.gap or step.mark, []).append(after)
                for key in _keys(step):
                    known = ways.get(key)
                    if known is None:
                        ways[key] = [after]
                    elif isinstance(known, list):
                        known.append(after)
        self.said = tuple({concept: None for point in self._points for concept in point.said})
        self.gaps = tuple((gap, State(points)) for gap, points in marked.items() if isinstance(gap, int))
        self.anything = State(marked["_"]) if "_" in marked else None
        self.clause_end = State(marked["$"]) if "$" in marked else None
        self.is_plain = not (self.said or self.gaps or self.anything or self.clause_end)
        self.ways = ways  # last: a text of another thread that finds it finds the rest
        return ways

    def follow(self, key: str) -> State | None:
        """Where a key leads."""
        ways = self.ways if self.ways is not None else self.opened()
        after = ways.get(key)
        if isinstance(after, list):
            after = ways[key] = State(after)
        return after


def _keys(step: Step) -> Iterable[str]:
    if step.mark == "^":
        return ("^",)
    return (*step.words, *(f"<{concept}>" for concept in step.concepts))


class Page:
    """The tokens as patterns see them: their words, the concepts found so far, where clauses end."""

    def __init__(self, words: Iterable[Iterable[str]], hard: Sequence[bool], ends: Sequence[bool]) -> None:
        self.hard = hard
        self.ends = ends
        self._moves = [dict.fromkeys(alike, at + 1) for at, alike in enumerate(words)]

    def hide(self, start: int, end: int) -> None:
        """No pattern sees these tokens any more."""
        for at in range(start, end):
            self._moves[at] = {}

    def put(self, span: Span) -> None:
        """A concept that patterns may build on."""
        self._moves[span.start][f"<{span.concept}>"] = span.end

    def find(self, root: State) -> list[Span]:
        """Every longest span of every concept behind the root."""
        best: dict[tuple[str, int], int] = {}
        ways = (root.ways if root.ways is not None else root.opened()).keys()
        opening = root.follow("^")
        for start, moves in enumerate(self._moves):
            if not self.hard[start]:
                if not ways.isdisjoint(moves):
                    self._walk(root, start, best)
                if opening is not None and (start == 0 or self.ends[start - 1]):
                    self._walk(opening, start, best)
        return [Span(concept, start, end) for (concept, start), end in best.items()]

    def _walk(self, root: State, start: int, best: dict[tuple[str, int], int]) -> None:
        stack = [(root, start)]
        push = stack.append
        length = len(self._moves)
        steps = 0
        while stack and steps < _MOST_STATES:
            steps += 1
            state, at = stack.pop()
            ways = state.ways
            if ways is None:
                ways = state.opened()
            for concept in state.said:
                if best.get((concept, start), start) < at:
                    best[concept, start] = at
            if state.clause_end is not None and (at >= length or self.ends[at] or self.ends[at - 1]):
                push((state.clause_end, at))
            if at >= length:
                continue
            moves = self._moves[at]
            if ways and not ways.keys().isdisjoint(moves):
                for key in ways.keys() & moves.keys():
                    after = ways[key]
                    if isinstance(after, list):
                        after = ways[key] = State(after)
                    push((after, moves[key]))
            if state.anything is not None and not self.hard[at]:
                push((state.anything, at + 1))
            for gap, after in state.gaps:
                onward = (after.ways if after.ways is not None else after.opened()).keys()
                for place in range(at, min(at + gap + 1, length)):
                    if not (after.is_plain and onward.isdisjoint(self._moves[place])):
                        push((after, place))
                    if self.hard[place]:
                        break
