"""Decides whether a symptom that was said is switched off, and by which cue; it never raises anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from bot.triage.fears import hypothetical
from bot.triage.patterns import Span
from bot.triage.reach import (
    FARTHEST,
    OWNERS,
    Lowered,
    closed_back,
    confirmed,
    listed,
    names_patient,
    of_its_own,
    sentence_hangs_on,
    starts_anew,
    time_reaches,
)
from bot.triage.reading import Reading

_FOLLOWS = frozenset({"ed"})
_JOINTS = frozenset({"conjunction", "breaker", "exception"})


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


def negated(reading: Reading, span: Span) -> bool:
    """Whether this very word is denied: "not worse", "no más fuerte"."""
    return _negated_before(reading, span) is not None


def _was_there(reading: Reading, core: Span) -> bool:
    """ "No fever anymore" says that there was one (rule 3)."""
    return bool(reading.in_clause(reading.clause[core.start], "anymore"))


def _negated(reading: Reading, core: Span) -> Lowered | None:
    if reading.in_clause(reading.clause[core.start], "reaffirm") or confirmed(reading, core):
        return None
    before = _negated_before(reading, core)
    return before if before is not None else _negated_after(reading, core)


def _own_negative(reading: Reading, core: Span) -> bool:
    """ "Can't pee", "no feeling": the negative word is the symptom and a bare "no" before it is an answer."""
    return bool(reading.covered[core.start] & {"unable", "neg_word"})


def _says_no(reading: Reading, core: Span) -> bool:
    """ "Mi pierna no aguanta", "can't climb": the symptom holds its own negative word."""
    within = range(core.start, core.end)
    return _own_negative(reading, core) or any("neg_word" in reading.covered[at] for at in within)


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


def _other(reading: Reading, core: Span) -> Lowered | None:
    thing = closed_back(reading, core, "thing", "thing_gap")
    if thing is not None and reading.part[thing.start] == reading.part[core.start]:
        return Lowered("other", thing.start, thing.end)
    story = _story(reading, core)
    if story is not None:
        return story
    if reading.of("reporter"):
        return None  # somebody writes for the patient: whoever is ill is the patient
    clause = reading.clause[core.start]
    near_by = [*reading.in_clause(clause - 1, "other", "kin"), *reading.in_clause(clause, "other", "kin")]
    for span in [span for span in near_by if span.start <= core.start and _is_someone(reading, span)][:-FARTHEST:-1]:
        if span.concept == "kin" and not _writer_is_fine(reading, span, core):
            continue
        near = reading.clause[core.start] - reading.clause[span.start]
        if near == 1 and core.concept in _FOLLOWS and _befell(reading, span, core):
            return Lowered("other", span.start, span.end)
        if near > 1 or _someone_between(reading, span, core, across=near == 1):
            return None
        return Lowered("other", span.start, span.end)
    after = [span for span in reading.in_clause(clause, "other_after") if span.start >= core.start]
    after = [span for span in after if not of_its_own(reading, span, core)]
    return Lowered("other", after[0].start, after[0].end) if after else None


def _story(reading: Reading, core: Span) -> Lowered | None:
    """In "a movie where the guy loses both legs and drags himself" all of the sentence is told, until it says "I"."""
    for span in reversed([span for span in reading.of("story") if span.end <= core.start]):
        between = range(span.end, core.end)
        if not any(reading.tokens[at].is_hard or _turns(reading, at) for at in between):
            return None if _patient_named(reading, between) else Lowered("other", span.start, span.end)
    return None


def _turns(reading: Reading, at: int) -> bool:
    return bool(reading.covered[at] & {"breaker", "exception"}) and "filler" not in reading.covered[at]


def _befell(reading: Reading, other: Span, core: Span) -> bool:
    """ "The umpire collapsed. Ambulance came": what follows somebody's mishap is his, where no patient is named."""
    mishap = [s for s in reading.by_clause.get(reading.clause[other.start], ()) if reading.kind(s) == "state"]
    clause = range(core.start, len(reading.tokens))
    here = [at for at in clause if reading.clause[at] == reading.clause[core.start]]
    if any(reading.covered[at] & {"kin", "tot"} for at in here):
        return False
    return any(s.start >= other.end for s in mishap) and not _patient_named(
        reading, (*range(other.end, core.end), *here)
    )


def _is_someone(reading: Reading, other: Span) -> bool:
    """ "One of my legs" is nobody else, nor the dog in "breathes like a dog", nor whom "he told his brother"."""
    before = reading.covered[max(other.start - 1, 0)]
    if "like" in before and "animal" in reading.covered[other.start]:
        return False
    if "addressed" in before | reading.covered[other.start]:
        return False
    return not any(reading.kinds[name] == "region" for name in reading.covered[other.end - 1])


def _writer_is_fine(reading: Reading, kin: Span, core: Span) -> bool:
    """A relative is somebody else only where the writer says of himself that he is fine."""
    here = reading.clause[core.start]
    return any(
        reading.clause[fine.start] != here
        or fine.start > core.start
        or (fine.end <= kin.start and "clear" in reading.covered[fine.end - 1])  # "I'm fine my husband had chills"
        for fine in reading.of("self_fine")
    )


def _opens_with(reading: Reading, clause: int, concept: str) -> bool:
    """Whether the concept stands among the first two words of the clause."""
    first = next((at for at, number in enumerate(reading.clause) if number == clause), 0)
    return any(span.start <= first + 1 for span in reading.in_clause(clause, concept))


def _patient_named(reading: Reading, words: Iterable[int]) -> bool:
    return any(names_patient(reading, at) for at in words)


def _someone_between(reading: Reading, other: Span, core: Span, *, across: bool) -> bool:
    between = range(other.end, core.start)
    if any("reports" in reading.covered[at] for at in between):
        return True
    if _patient_named(reading, range(other.end, core.end)):
        return True
    if any(_own_relative(reading, at) for at in between):
        return True
    joint = max((at for at in between if _parts(reading, at)), default=None)
    if joint == other.end and "thing_gap" in reading.covered[joint]:
        joint = None  # "my dog just fell over": no new statement
    if joint is None:
        return False
    if starts_anew(reading, joint + 1):
        return True
    here = range(joint, core.end)
    listing = all(_in_list(reading, at) for at in range(joint, core.start))
    return (across or not listing) and not any("pronoun" in reading.covered[at] for at in here)


def _own_relative(reading: Reading, at: int) -> bool:
    """ "The teacher called: my son went by ambulance" speaks of the son, who may be the patient."""
    owned = any(span.concept == "kin" for span in reading.beginning.get(at, ()))
    if not owned or reading.tokens[at].word not in OWNERS:
        return False
    before = reading.covered[at - 1] if at > 0 else frozenset()
    return "than" in before or not before & {"conjunction", "relative"}


def _parts(reading: Reading, at: int) -> bool:
    return reading.tokens[at].is_sign or bool(reading.covered[at] & _JOINTS)


def _in_list(reading: Reading, at: int) -> bool:
    """ "... strep and a 102 fever": a number may stand in a list of somebody's troubles."""
    token = reading.tokens[at]
    return token.is_sign or token.is_number or listed(reading, at, "list_gap")


def _past(reading: Reading, core: Span) -> Lowered | None:
    clause = reading.clause[core.start]
    lost = _says_no(reading, core)
    if (
        (confirmed(reading, core) and not lost)  # "before it I couldn't walk, now I can": no confirmation
        or reading.in_clause(clause, "reaffirm")  # "never did that before the shot"
        or _still_said(reading, clause)
        or any(not negated(reading, span) for span in reading.in_clause(clause, "worse"))
    ):
        return None
    cues = [span for span in reading.in_clause(clause, "past") if not _compared(reading, span)]
    cues = [span for span in cues if not any("now" in reading.covered[at] for at in range(span.end, core.start))]
    cues = [span for span in cues if time_reaches(reading, span, core)]
    if not cues and _opens_with(reading, clause + 1, "it_was"):
        cues = [cue for cue in reading.in_clause(clause + 1, "past") if not _state_before(reading, cue)]
    return Lowered("past", cues[0].start, cues[0].end) if cues else None


def _still_said(reading: Reading, clause: int) -> bool:
    """A time since the injection, unless it is part of the past: "none since the shot"."""
    past = reading.in_clause(clause, "past")
    return any(
        not any(then.start <= span.start and span.end <= then.end for then in past)
        for span in reading.in_clause(clause, "since_shot", "recent")
    )


def _state_before(reading: Reading, cue: Span) -> bool:
    """ "... that was last winter": nothing else is said before the time."""
    return any(
        reading.kind(span) == "state" and span.start < cue.start
        for span in reading.by_clause.get(reading.clause[cue.start], ())
    )


def _compared(reading: Reading, cue: Span) -> bool:
    """ "Worse than before the shot" compares: it does not say when."""
    return cue.start > 0 and "than" in reading.covered[cue.start - 1]


def _old(reading: Reading, core: Span) -> Lowered | None:
    clause = reading.clause[core.start]
    if any(not negated(reading, span) for span in reading.of("worse", "new_side")):
        return None
    cues = reading.in_clause(clause, "old")
    if not cues and not _says_no(reading, core):  # "can't climb stairs like always" is a loss
        cues = [span for span in reading.in_clause(clause, "as_usual") if span.start >= core.end]
    cues = [span for span in cues if time_reaches(reading, span, core)]
    if not cues and not _has_state(reading, clause + 1) and not reading.in_clause(clause + 1, "since_shot", "good"):
        cues = [s for s in reading.in_clause(clause + 1, "old") if sentence_hangs_on(reading, clause + 1, s)]
    if not cues or reading.in_clause(clause, "since_shot") or confirmed(reading, core):
        return None
    return Lowered("old", cues[0].start, cues[0].end)


def _has_state(reading: Reading, clause: int) -> bool:
    return any(reading.kind(span) == "state" for span in reading.by_clause.get(clause, ()))


def _resolved(reading: Reading, core: Span) -> Lowered | None:
    """A symptom that the injection took away was there before it: good news."""
    clause = reading.clause[core.start]
    gone = reading.in_clause(clause, "gone")
    since = reading.in_clause(clause, "since_shot", "past", "day_of")
    if gone and since and not reading.in_clause(clause, "worse"):
        return Lowered("resolved", gone[0].start, gone[0].end)
    return None


_GUARDS: dict[str, Callable[[Reading, Span], Lowered | None]] = {
    "negated": _negated,
    "hypothetical": hypothetical,
    "other": _other,
    "resolved": _resolved,
    "past": _past,
    "old": _old,
}
