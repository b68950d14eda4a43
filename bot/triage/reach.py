"""Says whether a cue of time or of another person reaches a symptom; it decides nothing about the symptom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.content.words import Particle
from bot.triage.patterns import Span
from bot.triage.reading import Reading

FARTHEST = 14  # words that a cue may reach back over: a bound, closed gaps end long before
_SYMPTOM = frozenset({"state", "mild"})
_LISTABLE = frozenset({"region", "state", "mild"})


@dataclass(frozen=True, slots=True)
class Lowered:
    """A guard's name and the words that are its reason."""

    guard: str
    start: int
    end: int


def listed(reading: Reading, at: int, words: str) -> bool:
    """Whether the word may stand in a list of symptoms: one of the concept, a place or a symptom."""
    names = reading.covered[at]
    return words in names or any(reading.kinds[name] in _LISTABLE for name in names)


def names_patient(reading: Reading, at: int) -> bool:
    """ "My foot" is the patient's; "my bed" says nothing about who is ill."""
    if "patient" not in reading.covered[at]:
        return False
    if not reading.does(at, Particle.OWNER):
        return True
    after = reading.covered[at + 1] if at + 1 < len(reading.covered) else frozenset()
    return any(reading.kinds[name] == "region" for name in after)


def starts_anew(reading: Reading, at: int) -> bool:
    """Whether a statement of its own begins here: a subject that no "where" or "that" holds to the one before."""
    if at >= len(reading.tokens) or "subject" not in reading.covered[at]:
        return False
    return at == 0 or "relative" not in reading.covered[at - 1]


def time_reaches(reading: Reading, cue: Span, core: Span) -> bool:
    """ "Numb, for years" is one statement; in "I can't pee and I had the flu last month" the month is the flu's."""
    after = cue.start >= core.end
    between = range(core.end, cue.start) if after else range(cue.end, core.start)
    for at in between:
        joint = reading.tokens[at].word == "," or "conjunction" in reading.covered[at]
        if not joint and not (after and starts_anew(reading, at)):
            continue
        if after and not _hangs_on(reading, range(at, _part_end(reading, cue)), cue):
            return False
        if not after and _list_item(reading, at, core):
            continue
        if not after and not (_bare(reading, _part_before(reading, at, cue), cue) or _was(reading, at, core)):
            return False
    return not (after and _said_of_another(reading, cue))


def _said_of_another(reading: Reading, cue: Span) -> bool:
    """ "... last month I had the flu": the cue opens a statement with a symptom of its own."""
    rest = range(cue.end, _part_end(reading, cue))
    opens = starts_anew(reading, cue.end)
    return opens and any(reading.kinds[name] in _SYMPTOM for at in rest for name in reading.covered[at])


def sentence_hangs_on(reading: Reading, clause: int, cue: Span) -> bool:
    """Whether a sentence with a cue of time speaks of the one before it: "Had it for years." """
    words = [at for at, number in enumerate(reading.clause) if number == clause]
    return _hangs_on(reading, words, cue)


def _hangs_on(reading: Reading, words: Iterable[int], cue: Span) -> bool:
    words = list(words)
    return any("anaphora" in reading.covered[at] for at in words) or _bare(reading, words, cue)


def _part_end(reading: Reading, cue: Span) -> int:
    return reading.parts[reading.part[cue.start]][-1] + 1


def _part_before(reading: Reading, at: int, cue: Span) -> range:
    first, clause = cue.start, reading.clause[cue.start]
    while first > 0 and reading.clause[first - 1] == clause and reading.tokens[first - 1].word != ",":
        first -= 1
    return range(first, at)


def _list_item(reading: Reading, at: int, core: Span) -> bool:
    return not starts_anew(reading, at + 1) and all(
        reading.tokens[where].is_number or listed(reading, where, "list_gap") for where in range(at + 1, core.start)
    )


def _was(reading: Reading, at: int, core: Span) -> bool:
    return any("was" in reading.covered[where] for where in range(at, core.end))


def _bare(reading: Reading, words: Iterable[int], cue: Span) -> bool:
    """Nothing is said here but the cue: no symptom at a place of its own, no other matter."""
    kinds: set[str] = set()
    said = False
    for at in words:
        if cue.start <= at < cue.end or reading.tokens[at].is_sign:
            continue
        if not any(listed(reading, at, gap) for gap in ("list_gap", "neg_gap", "hyp_gap", "filler")):
            return False
        kinds |= {reading.kinds[name] for name in reading.covered[at]}
        said = said or starts_anew(reading, at)
    return not (kinds & _SYMPTOM and (said or "region" in kinds))


def closed_back(reading: Reading, core: Span, cue: str, gap: str) -> Span | None:
    """The cue, if nothing but gap words and listed symptoms stand between it and the symptom."""
    at = core.start
    clause = reading.clause[core.start]
    for span in reading.in_clause(clause, cue):
        if span.start < core.start < span.end <= core.end:
            return span  # "diera fiebre"
    while at > 0 and core.start - at < FARTHEST and reading.clause[at - 1] == clause:
        for span in reading.ending.get(at, ()):
            if span.concept == cue and span.start <= core.start:
                return span
        at -= 1
        if joint_at(reading, at) and starts_anew(reading, at + 1):
            return None
        if reading.tokens[at].word != "," and not listed(reading, at, gap):
            return None
    return None


def of_its_own(reading: Reading, cue: Span, core: Span) -> bool:
    """In "... and the one with the flu is my aunt" the aunt has the flu, not what was said before."""
    return any(
        core.end <= other.start < cue.start and cue.end <= other.end
        for other in reading.in_clause(reading.clause[core.start], "other")
    )


def joint_at(reading: Reading, at: int) -> bool:
    return reading.tokens[at].word == "," or "conjunction" in reading.covered[at]


def confirmed(reading: Reading, core: Span) -> bool:
    """ "... and now I have it", "but today I do": said after the symptom, in its sentence or the next."""
    clause = reading.clause[core.start]
    return any(
        span.start > core.start and span.end >= core.end
        for beside in (clause, clause + 1)
        for span in reading.in_clause(beside, "has_it")
    )
