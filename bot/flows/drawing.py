"""Draws the machine from its own table, so that a picture of it cannot grow old; it adds nothing to the table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bot.flows.conversation import State
from bot.flows.table import TABLE

BACK = (State.IDLE, State.ASKING)  # where `back` leads, whether a question still stands open or not


def diagram() -> str:
    """A Mermaid state diagram: an arrow for each change of state, with the cues that make it."""
    arrows: defaultdict[tuple[State, State], list[str]] = defaultdict(list)
    for (state, cue), row in TABLE.items():
        for target in BACK if row.next == "back" else (row.next,):
            if isinstance(target, State) and target is not state:
                arrows[state, target].append(cue.value.replace("_", " "))
    return "\n".join(["stateDiagram-v2", "  [*] --> idle", *_lines(arrows)])


def _lines(arrows: dict[tuple[State, State], list[str]]) -> Iterator[str]:
    for (state, target), cues in arrows.items():
        yield f"  {state} --> {target}: {', '.join(cues)}"
