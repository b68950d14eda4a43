"""Decides whether a symptom was over before the injection, is old and unchanged, or was taken away by it."""

from __future__ import annotations

from bot.content.words import Particle
from bot.triage.denials import negated, says_no
from bot.triage.patterns import Span
from bot.triage.reach import Lowered, confirmed, sentence_hangs_on, time_reaches
from bot.triage.reading import Reading

_WELL = frozenset({"good", "clear"})
_WORSE = frozenset({"worse", "worse_than"})
_FAR_FROM_THAN = 4  # words: "than what it was before"


def long_over(reading: Reading, core: Span) -> Lowered | None:
    clause = reading.clause[core.start]
    lost = says_no(reading, core)
    if (
        (confirmed(reading, core) and not lost)  # "before it I couldn't walk, now I can": no confirmation
        or reading.in_clause(clause, "reaffirm")  # "never did that before the shot"
        or _still_said(reading, clause)
        or _ends_with_now(reading, core)
        or any(not negated(reading, span) for span in reading.in_clause(clause, "worse"))
    ):
        return None
    cues = [span for span in reading.in_clause(clause, "past") if not _compared(reading, span)]
    cues = [span for span in cues if not any("now" in reading.covered[at] for at in range(span.end, core.start))]
    cues = [span for span in cues if time_reaches(reading, span, core)]
    busy = reading.in_clause(clause + 1, "walk")  # "... she was walking the mall before the shot"
    if not cues and not busy and _opens_with(reading, clause + 1, "it_was"):
        cues = [cue for cue in reading.in_clause(clause + 1, "past") if not _said_before(reading, cue)]
    return Lowered("past", cues[0].start, cues[0].end) if cues else None


def _ends_with_now(reading: Reading, core: Span) -> bool:
    """ "Last month the flu, 102 fever now": the sentence ends with the symptom and a now."""
    after = core.end + 1
    ends = after >= len(reading.tokens) or reading.tokens[after].is_sign
    return core.end < len(reading.tokens) and ends and "now" in reading.covered[core.end]


def _still_said(reading: Reading, clause: int) -> bool:
    """A time since the injection, unless it is part of the past: "none since the shot"."""
    past = reading.in_clause(clause, "past")
    return any(not _within(span, past) for span in reading.in_clause(clause, "since_shot", "recent"))


def _within(span: Span, wider: list[Span]) -> bool:
    return any(each.start <= span.start and span.end <= each.end for each in wider)


def _said_before(reading: Reading, cue: Span) -> bool:
    """ "... that was last winter": nothing else is said before the time, as in "it was all normal before the shot"."""
    return any(
        (reading.kind(span) == "state" or span.concept in _WELL) and span.start < cue.start
        for span in reading.by_clause.get(reading.clause[cue.start], ())
    )


def _compared(reading: Reading, cue: Span) -> bool:
    """ "Worse than before the shot", "than it ever was before it": it compares, and does not say when."""
    for at in range(cue.start - 1, max(-1, cue.start - 1 - _FAR_FROM_THAN), -1):
        if reading.tokens[at].is_sign:
            return False
        near = at == cue.start - 1 or (at > 0 and _WORSE & reading.covered[at - 1])
        if "than" in reading.covered[at] and near:
            return True
    return False


def _opens_with(reading: Reading, clause: int, concept: str) -> bool:
    """Whether the concept stands among the first two words of the clause."""
    first = next((at for at, number in enumerate(reading.clause) if number == clause), 0)
    return any(span.start <= first + 1 for span in reading.in_clause(clause, concept))


def unchanged(reading: Reading, core: Span) -> Lowered | None:
    clause = reading.clause[core.start]
    if any(not negated(reading, span) for span in reading.of("worse", "new_side")):
        return None
    if any(reading.does(span.start, Particle.SINCE) for span in reading.in_clause(clause, "recent")):
        return None  # "since last night, both of them just the same"
    cues = reading.in_clause(clause, "old")
    if not cues and not says_no(reading, core):  # "can't climb stairs like always" is a loss
        cues = [span for span in reading.in_clause(clause, "as_usual") if span.start >= core.end]
        cues = [span for span in cues if not _of_medicine(reading, core, span)]
    cues = [span for span in cues if time_reaches(reading, span, core)]
    if not cues and not _has_state(reading, clause + 1) and not reading.in_clause(clause + 1, "since_shot", "good"):
        after = [s for s in reading.in_clause(clause + 1, "old") if not _WELL & reading.covered[s.start]]
        cues = [s for s in after if sentence_hangs_on(reading, clause + 1, s)]  # "nothing new" is news of its own
    shot = reading.in_clause(clause, "since_shot")
    cues = [cue for cue in cues if not any(_within(span, [cue]) for span in shot)]  # "no change since the shot" alone
    if not cues or any(not _within(span, reading.of("old")) for span in shot) or confirmed(reading, core):
        return None
    return Lowered("old", cues[0].start, cues[0].end)


def _of_medicine(reading: Reading, core: Span, cue: Span) -> bool:
    """ "Sugar 342 and I took my metformin like always": the medicine is as usual, not the sugar."""
    return any("medicine" in reading.covered[at] for at in range(core.end, cue.start))


def _has_state(reading: Reading, clause: int) -> bool:
    return any(reading.kind(span) == "state" for span in reading.by_clause.get(clause, ()))


def taken_away(reading: Reading, core: Span) -> Lowered | None:
    """A symptom that the injection took away was there before it: good news."""
    clause = reading.clause[core.start]
    gone = [
        span
        for span in reading.in_clause(clause, "gone")
        if not _of_a_loss(reading, span) and not _of_another_thing(reading, span, core)
    ]
    since = reading.in_clause(clause, "since_shot", "past", "day_of")
    if gone and since and not reading.in_clause(clause, "worse"):
        return Lowered("resolved", gone[0].start, gone[0].end)
    return None


def _of_another_thing(reading: Reading, gone: Span, core: Span) -> bool:
    """In "my leg is weak since the shot, pain is gone" the pain went, and the leg is weak."""
    return any(
        news.start <= gone.start and gone.end <= news.end and not news.start <= core.start < news.end
        for news in reading.in_clause(reading.clause[gone.start], "good")
    )


def _of_a_loss(reading: Reading, gone: Span) -> bool:
    """The "ya no" of "ya no aguanta el pipí" is a symptom that began, and none that went."""
    return any(
        (span.concept == "unable" or reading.kind(span) == "state") and span.end > gone.end
        for span in reading.beginning.get(gone.start, ())
    )
