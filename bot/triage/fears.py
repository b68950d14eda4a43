"""Tells a fear, a condition or a question about the future from a symptom that is there (triage.md rule 5)."""

from __future__ import annotations

from bot.content.words import Particle
from bot.triage.patterns import Span
from bot.triage.reach import Lowered, closed_back, confirmed, joint_at
from bot.triage.reading import Reading

_PAIN = frozenset({"pain", "bad_pain", "severe_pain", "back", "worse", "worse_than"})
_SHORT_YES = 6


def hypothetical(reading: Reading, core: Span) -> Lowered | None:
    cue = closed_back(reading, core, "hyp", "hyp_gap")
    if cue is None:
        inside = reading.in_clause(reading.clause[core.start], "hyp_whole")
        cue = inside[0] if inside else None
    denied = _fear_denied(reading, core)
    if denied is not None:
        return denied
    if cue is None or _is_yes_without_accent(reading, cue, core) or _is_there(reading, cue, core):
        return None
    return Lowered("hypothetical", cue.start, cue.end)


def _fear_denied(reading: Reading, core: Span) -> Lowered | None:
    """ "What if my leg quits on me? Hasn't happened": a fear, however many statements it has, that is then denied."""
    clause = reading.clause[core.start]
    feared = [cue for cue in reading.in_clause(clause, "hyp", "hyp_whole") if cue.start <= core.start]
    said = [span for span in reading.of("not_so") if reading.clause[span.start] >= clause]
    if not feared or not said or confirmed(reading, core):
        return None
    return Lowered("hypothetical", said[0].start, said[0].end)


def _is_yes_without_accent(reading: Reading, cue: Span, core: Span) -> bool:
    """ "Sí" and "si," say yes, and so does "si tengo fiebre" where its sentence says no more and nothing is asked."""
    first, clause = reading.tokens[cue.start], reading.clause[cue.start]
    if not reading.does(cue.start, Particle.YES_OR_IF):
        return False
    accented = reading.text[first.start : first.end].lower() not in reading.particles[Particle.YES_OR_IF]
    if accented or (cue.start + 1 < len(reading.tokens) and reading.tokens[cue.start + 1].word == ","):
        return True
    said = [at for at in reading.substance() if reading.clause[at] == clause]
    says_no_more = all(at < core.end or "recent" in reading.covered[at] for at in said)
    return len(said) <= _SHORT_YES and "?" not in reading.text and said[:1] == [cue.start] and says_no_more


def _is_there(reading: Reading, cue: Span, core: Span) -> bool:
    """ "Worried about this fever", "if I cough I leak", "watch for chills, and here they are": it is no mere fear."""
    clause = reading.clause[core.start]
    if any(span.end == cue.start for span in reading.in_clause(clause, "forgot")):
        return True  # "forgot if I took them so I took them again"
    if reading.in_clause(clause, "reaffirm"):
        return True  # "if I cough I leak, it never did that before"
    if "?" not in reading.text and any(
        cue.start <= span.start < core.start for span in reading.in_clause(clause, "tested")
    ):
        return True  # "si me pellizco no siento": tried out, and so it was
    if confirmed(reading, core) or (cue.start > 0 and "like" in reading.covered[cue.start - 1]):
        return True  # "como si": as if
    if any(reading.does(span.start, Particle.SINCE) for span in reading.in_clause(clause, "recent", "since_shot")):
        return True  # "what do I do if I can't pee since yesterday?"
    only_imagined = reading.in_clause(clause, "would_do")  # "what would I do if my foot went numb?"
    if core.start > cue.end - 1 and _pointed_at(reading, core) and not only_imagined:
        return True
    return _subjects(reading, cue.end if only_imagined else cue.start + 1, core) > 1


def _subjects(reading: Reading, begin: int, core: Span) -> int:
    """Statements that end behind a word and before the end of the symptom: "if I cough I leak" has two."""
    count, last = 0, -1
    for span in reading.in_clause(reading.clause[core.start], "subject"):
        if not begin <= span.end <= core.end or span.start <= last or joint_at(reading, span.start - 1):
            continue
        owner = reading.does(span.start, Particle.OWNER) and span.end - span.start == 1
        if not owner or "hyp_gap" not in reading.covered[span.start - 1]:
            count += 1
        last = span.end
    return count


def _pointed_at(reading: Reading, core: Span) -> bool:
    """ "This", "my" or "the" just before the symptom: it is there. Pain always is, and says nothing by that."""
    if core.start == 0 or core.concept in _PAIN:
        return False
    return any("pointing" in reading.covered[at] for at in (core.start - 1, core.start))
