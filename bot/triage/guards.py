"""Decides whether a symptom that was said is switched off, and by which cue; it never raises anything."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bot.triage.denials import denied
from bot.triage.fears import hypothetical
from bot.triage.others import elsewhere
from bot.triage.patterns import Span
from bot.triage.reach import Lowered
from bot.triage.reading import Reading
from bot.triage.times import long_over, taken_away, unchanged


def lowered(reading: Reading, core: Span, guards: Collection[str], *, gone_counts: bool) -> Lowered | None:
    """The first guard that switches this symptom off (triage.md rules 2 to 7)."""
    for name, guard in _GUARDS.items():
        if name in guards:
            found = guard(reading, core)
            if found is not None and not (
                gone_counts and name in ("negated", "resolved") and _was_there(reading, core)
            ):
                return found
    return None


def _was_there(reading: Reading, core: Span) -> bool:
    """ "No fever anymore" says that there was one (rule 3); "pain was 7, now 2, no fever" does not."""
    return any(
        not any(_apart(reading, at) for at in (*range(span.end, core.start), *range(core.end, span.start)))
        for span in reading.in_clause(reading.clause[core.start], "anymore")
        if reading.part[span.start] == reading.part[core.start]
    )


def _apart(reading: Reading, at: int) -> bool:
    return reading.tokens[at].is_number or "conjunction" in reading.covered[at]


_GUARDS: dict[str, Callable[[Reading, Span], Lowered | None]] = {
    "negated": denied,
    "hypothetical": hypothetical,
    "other": elsewhere,
    "resolved": taken_away,
    "past": long_over,
    "old": unchanged,
}
