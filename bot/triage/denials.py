"""Decides whether a symptom is denied: what a "no" before or behind it reaches."""

from __future__ import annotations

from bot.triage.patterns import Span
from bot.triage.reach import FARTHEST, Lowered, confirmed, listed, starts_anew
from bot.triage.reading import Reading


def negated(reading: Reading, span: Span) -> bool:
    """Whether this very word is denied: "not worse", "no más fuerte"."""
    return _negated_before(reading, span) is not None


def denied(reading: Reading, core: Span) -> Lowered | None:
    if reading.in_clause(reading.clause[core.start], "reaffirm") or confirmed(reading, core):
        return None
    before = _negated_before(reading, core)
    return before if before is not None else _negated_after(reading, core)


def says_no(reading: Reading, core: Span) -> bool:
    """ "Mi pierna no aguanta", "can't climb": the symptom holds its own negative word."""
    within = range(core.start, core.end)
    return _own_negative(reading, core) or any("neg_word" in reading.covered[at] for at in within)


def _own_negative(reading: Reading, core: Span) -> bool:
    """ "Can't pee", "no feeling": the negative word is the symptom and a bare "no" before it is an answer."""
    return bool(reading.covered[core.start] & {"unable", "neg_word"})


def _of_unable(reading: Reading, cue: Span, core: Span) -> bool:
    """The "no" of "no la puedo doblar" is spent on what cannot be done; it denies nothing behind that."""
    return any(
        span.concept == "unable" and span.start == cue.start and cue.end < span.end <= core.start
        for span in reading.beginning[cue.start]
    )


def _negated_before(reading: Reading, core: Span) -> Lowered | None:
    for cue in reading.of("neg_strong", "neg_not"):  # "no me caí": the cue reaches into the symptom
        if cue.start < core.start < cue.end < core.end:
            return Lowered("negated", cue.start, cue.end)
    commas = 0
    wide = True
    at = core.start
    clause = reading.clause[core.start]
    while at > 0 and core.start - at < FARTHEST and reading.clause[at - 1] == clause:
        for cue in reading.ending.get(at, ()):
            if cue.concept in ("neg_not", "neg_no", "neg_strong") and cue.start < core.start:
                if cue.concept != "neg_strong" and (_own_negative(reading, core) or _of_unable(reading, cue, core)):
                    continue
                if cue.concept == "neg_no" and not wide:
                    continue
                if commas and not _list_runs_on(reading, cue, core):
                    return None
                return Lowered("negated", cue.start, cue.end)
        at -= 1
        if reading.tokens[at].word == ",":
            commas += 1
            if not wide or _answers_no(reading, at) or starts_anew(reading, at + 1):
                return None
            continue
        if listed(reading, at, "list_gap"):
            continue
        if "neg_gap" not in reading.covered[at]:
            return None
        wide = False
    return None


def _answers_no(reading: Reading, comma: int) -> bool:
    """ "No, fever" answers with "no" and then says fever."""
    if comma == 0:
        return True
    before = reading.covered[comma - 1]
    return "no" in before and (comma == 1 or reading.tokens[comma - 2].is_sign)


def _list_runs_on(reading: Reading, cue: Span, core: Span) -> bool:
    """A list of things denied goes on to the end of its part; "no fever, chills since last night" does not."""
    joined = any("conjunction" in reading.covered[at] for at in _around(reading, core))
    between = {name for at in range(cue.end, core.start) for name in reading.covered[at]}
    if not joined and any(reading.kinds[name] == "mild" for name in between):
        return False  # "no appetite, chills" denies the appetite only
    at = core.end
    while at < len(reading.tokens) and listed(reading, at, "list_gap") and reading.tokens[at].word != ",":
        at += 1
    if at >= len(reading.tokens) or reading.clause[at] != reading.clause[core.start] or reading.tokens[at].is_sign:
        return joined or not _is_pair(reading, core)
    return joined


def _around(reading: Reading, core: Span) -> range:
    return range(max(0, core.start - 3), min(len(reading.tokens), core.end + 2))


def _is_pair(reading: Reading, core: Span) -> bool:
    part = reading.parts[reading.part[core.start]]
    near = [at for at in part if abs(at - core.start) <= FARTHEST]
    beside = any(reading.kinds[name] == "region" for at in near for name in reading.covered[at])
    return beside and not reading.in_clause(reading.clause[core.start], "conjunction")


def _negated_after(reading: Reading, core: Span) -> Lowered | None:
    """ "Fever no", "cold? no.", "numbness, tingling: none"; "no puedo orinar, nada" says the same thing twice."""
    at = core.end
    tokens = reading.tokens
    said = any("neg_word" in reading.covered[where] for where in range(core.start, core.end))
    if said and at < len(tokens) and tokens[at].word not in "?:":
        return None
    while at < len(tokens) and at - core.end < FARTHEST:
        for cue in reading.beginning.get(at, ()):
            if cue.concept == "no_post" and (cue.end >= len(tokens) or _closes(reading, cue)):
                return Lowered("negated", cue.start, cue.end)
        word = tokens[at].word
        if word in ",:?-=/" or listed(reading, at, "list_gap"):
            at += 1
        else:
            return None
    return None


def _closes(reading: Reading, cue: Span) -> bool:
    """Nothing belongs to the denial any more; "calentura no tengo" is closed by whatever subject comes next."""
    at = cue.end
    if cue.end - cue.start > 1 and "subject" in reading.covered[at]:
        return True
    return reading.tokens[at].is_sign or bool(reading.covered[at] & {"breaker", "exception"})
