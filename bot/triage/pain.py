"""Reads the pain score and says what it means by triage.md rule 9; it never reads a score of another part."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.red_flags import PainRules
from bot.content.words import Particle
from bot.triage.numbers import Number, followed_by, preceded_by
from bot.triage.reading import Reading
from bot.vocabulary import Asked, Level, PatientFacts

_BESIDE = frozenset({"filler", "courtesy", "title"})
_MOST_BESIDE = 40  # words beside a score that stands alone: a bound
_COMPARED_WITHIN = 8  # words between the two
_SHORT_ANSWER = 5  # words and signs
_OTHER_PLACES = ("head", "arm", "chest", "belly", "throat", "neck")


@dataclass(frozen=True, slots=True)
class Score:
    """A pain score, NRS 0-10, and the number that said it."""

    pain: int
    number: Number


def score_of(reading: Reading, numbers: list[Number], taken: set[int], asked: Asked) -> Score | None:
    """The score that holds now: the last one, unless another says now; the higher end of a range or of two postures."""
    candidates = [n for n in numbers if n.start not in taken and _is_score(reading, n, asked)]
    if not candidates:
        return None
    now = [n for n in candidates if _now(reading, n) and not _then(reading, n)]
    not_past = [n for n in candidates if not _then(reading, n)]
    if not (now or not_past) and asked is not Asked.PAIN:
        return None
    pool = now or not_past or candidates
    best = pool[-1] if now or len(pool) == 1 else _first_or_last(reading, pool)
    best = _upper_end(reading, candidates, best)
    return Score(min(10, _whole(best.value)), best)


def _whole(value: float) -> int:
    """Half a point counts as a whole one: the higher of the two."""
    return int(value) if value == int(value) else int(value) + 1


def _first_or_last(reading: Reading, pool: list[Number]) -> Number:
    scaled = [n for n in pool if n.out_of == 10]
    if scaled:
        return scaled[-1]
    if len(pool) > 1 and any(followed_by(reading, n, "while_doing") for n in pool):
        return max(pool, key=lambda n: n.value)
    first_clause = [n for n in pool if reading.clause[n.start] == reading.clause[pool[0].start]]
    return (
        first_clause[-1]
        if any(_then(reading, n) for n in pool)
        else pool[0]
        if len(first_clause) == 1
        else first_clause[-1]
    )


def _upper_end(reading: Reading, candidates: list[Number], best: Number) -> Number:
    for other in candidates:
        if other.start == best.end + 1 and "range" in reading.covered[best.end] and other.value > best.value:
            return other
        if best.start == other.end + 1 and "range" in reading.covered[other.end] and other.value > best.value:
            return best if _then(reading, other) or preceded_by(reading, other, "from") else other
    return best


def _is_score(reading: Reading, number: Number, asked: Asked) -> bool:
    clause = reading.clause[number.start]
    if number.out_of not in (None, 10) or (number.value > 10 and number.out_of != 10) or number.value > 20:
        return False
    if number.out_of is None and _another_measure(reading, number, asked):
        return False
    if number.value == 10 and reading.in_clause(clause, "praise", "good") and not reading.in_clause(clause, "pain"):
        return False
    part = reading.part[number.start]
    places = [s for s in reading.in_clause(clause, *_OTHER_PLACES) if reading.part[s.start] == part]
    if places and not any(reading.part[s.start] == part for s in reading.in_clause(clause, "back")):
        return False
    if asked is Asked.PAIN or (number.out_of == 10 and asked is not Asked.RELIEF):
        return True
    if reading.in_clause(clause, "score_word", "pain_word") and _near_score_word(reading, number):
        return True
    if asked is Asked.RELIEF:
        return followed_by(reading, number, "now")
    return _stands_alone(reading, number) or _compared(reading, number)


def _compared(reading: Reading, number: Number) -> bool:
    """ "Was an 8, now a 3": one number of then and one of now, close together, are scores though nobody asked."""
    near = range(max(0, number.start - _COMPARED_WITHIN), min(len(reading.tokens), number.end + _COMPARED_WITHIN))
    now, then = ("now_before",), ("then_before",)
    for here, other in ((now, then), (then, now)):
        if preceded_by(reading, number, *here):
            found = (span for at in near if at != number.start for span in reading.ending.get(at, ()))
            if any(span.concept in other and _numeral(reading, span.end) for span in found):
                return True
    return False


def _numeral(reading: Reading, at: int) -> bool:
    return at < len(reading.tokens) and (reading.tokens[at].is_number or "number_word" in reading.covered[at])


def _near_score_word(reading: Reading, number: Number) -> bool:
    return any(
        -8 <= number.start - span.end <= 8
        for span in reading.in_clause(reading.clause[number.start], "score_word", "pain_word")
    )


def _stands_alone(reading: Reading, number: Number) -> bool:
    if number.digits in reading.particles[Particle.NOUGHT]:
        return False  # "fever zero" denies: only where pain is asked or named is it a score
    inside = reading.parts[reading.part[number.start]]
    return len(inside) <= _MOST_BESIDE and all(
        reading.tokens[at].is_sign or number.start <= at < number.end or _BESIDE & reading.covered[at] for at in inside
    )


def _another_measure(reading: Reading, number: Number, asked: Asked) -> bool:
    if followed_by(reading, number, "unit", "time_unit", "medicine"):
        return True
    answers = asked is Asked.PAIN and len(reading.tokens) <= _SHORT_ANSWER  # "hovering around five", "7 I guess"
    if followed_by(reading, number, "not_score_after") and not answers:
        return True
    said = preceded_by(reading, number, "now_before", "then_before") or _said_of_pain(reading, number)
    if preceded_by(reading, number, "not_score_before") and not answers and not said:
        return True
    after = reading.tokens[number.end].word if number.end < len(reading.tokens) else ""
    before = reading.tokens[number.start - 1].word if number.start else ""
    clock = after == ":" and number.end + 1 < len(reading.tokens) and reading.tokens[number.end + 1].is_number
    clock |= before == ":" and number.start > 1 and reading.tokens[number.start - 2].is_number
    return clock or after in ("%", "°") or before in ("$", "/", "(")


def _said_of_pain(reading: Reading, number: Number) -> bool:
    """ "My pain is 7": the word just before the one that keeps other numbers out."""
    return any(span.concept == "pain_word" for span in reading.ending.get(number.start - 1, ()))


def _now(reading: Reading, number: Number) -> bool:
    return preceded_by(reading, number, "now", "now_before") or followed_by(reading, number, "now")


def _then(reading: Reading, number: Number) -> bool:
    return preceded_by(reading, number, "then_before") or followed_by(reading, number, "then_after", "then_before")


def meaning_of(score: int, facts: PatientFacts, rules: PainRules) -> tuple[Level, str]:
    """The level of a score alone, and the name of the rule (triage.md rule 9)."""
    if facts.baseline is None:
        if score >= rules.high_without_baseline:
            return Level.UNCLEAR, "pain.no_baseline"
        return Level.NORMAL, "pain.score"
    rise = score - facts.baseline
    day = facts.day
    early = day is not None and day <= rules.early_to_day
    if early and _severe_early(score, facts.baseline, rules):
        return Level.URGENT, "pain.early"
    if early and rise >= rules.flare_rise:
        raised = any(past.pain - facts.baseline >= rules.flare_rise for past in facts.history)
        return (Level.URGENT, "pain.second_rise") if raised else (Level.ROUTINE, "pain.flare")
    if not early and rise >= rules.late_rise:
        return (Level.URGENT, "pain.late") if score >= rules.late_least else (Level.ROUTINE, "pain.late_low")
    if score >= rules.top:
        return Level.ROUTINE, "pain.high"
    return Level.NORMAL, "pain.score"


def _severe_early(score: int, baseline: int, rules: PainRules) -> bool:
    severe = score >= rules.early_severe and baseline < rules.early_severe
    return severe or (score >= rules.early_high and score - baseline >= rules.early_rise)
