"""Reads a plain yes or no, a hedge and the carrier keywords; it never reads a digit as an answer (rule 10)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.words import Particle
from bot.triage.patterns import Span
from bot.triage.reading import Reading
from bot.vocabulary import Answer, Intent

_BESIDE = frozenset({"filler", "courtesy", "title", "good", "clear", "reported_fine", "praise"})
_LOOSE = 8  # words around a yes that may stand there unexplained
_EXPLAINED = frozenset({"harmless", "idiom", "intent", "state", "region"})
_SAID_YES = frozenset({"yes", "hedge_yes", "some_of_those"})
_KEYWORDS = (("kw_stop", Intent.OPT_OUT), ("kw_help", Intent.HELP), ("kw_start", Intent.OPT_IN))


@dataclass(frozen=True, slots=True)
class Answered:
    """What a text answers: a plain yes or no, whether it hedges, whether good news stands beside the yes."""

    answer: Answer | None = None
    hedged: bool = False
    with_good: bool = False
    start: int = 0
    end: int = 0


def keyword_of(reading: Reading) -> Intent | None:
    """STOP, HELP or START, only as the whole text (triage.md rule 12)."""
    words = [at for at, token in enumerate(reading.tokens) if not token.is_sign or not token.word.isascii()]
    for concept, intent in _KEYWORDS:
        for span in reading.of(concept):
            if words and span.start <= words[0] and words[-1] < span.end:
                return intent
    return None


def answered_in(reading: Reading) -> Answered:
    """The answer, wherever in the text a comma part or the opening word gives it."""
    found: list[Answered] = []
    for part in reading.parts:
        inside = [at for at in part if not reading.tokens[at].is_sign]
        if inside:
            said = _plain(reading, inside)
            if said is not None:
                found.append(said)
    opening = _opening(reading)
    if opening is not None:
        found.insert(0, opening)
    if not found:
        return Answered()
    hedged = any(each.hedged for each in found)
    for each in found:
        if each.answer is Answer.YES:
            return Answered(Answer.YES, hedged, _well(reading), each.start, each.end)
    first = next((each for each in found if each.answer is Answer.NO), found[0])
    return Answered(first.answer, hedged, bool(reading.of("good")), first.start, first.end)


def _well(reading: Reading) -> bool:
    """Good news beside a yes; "yes to the bathroom one, the rest is fine" is good news of the rest only."""
    return any(
        not reading.in_clause(reading.clause[span.start], "the_rest")
        and not any(yes.start <= span.start and span.end <= yes.end for yes in reading.of("hedge_yes"))
        for span in reading.of("good", "clear")
    )


def yes_somewhere(reading: Reading) -> Answered | None:
    """A yes in any dress, "well I'm afraid that'd be a yes": first or last in a part that says nothing else we know."""
    if reading.of("no", "clear", "good", "hedge", "neg_not", "reported_fine"):
        return None
    for part in reading.parts:
        inside = [at for at in part if not reading.tokens[at].is_sign]
        ends = [
            at
            for at in (*inside[:3], *inside[-2:])
            if "yes_word" in reading.covered[at] and "past" not in reading.covered[at]
        ]
        kinds = {reading.kinds[name] for at in inside for name in reading.covered[at]}
        if ends and len(inside) <= _LOOSE and not kinds & _EXPLAINED:
            return Answered(Answer.YES, start=ends[0], end=ends[0] + 1)
    return None


def _plain(reading: Reading, inside: list[int]) -> Answered | None:
    names: set[str] = set()
    for at in inside:
        here = reading.covered[at] & ({"yes", "no", "hedge", "hedge_yes", "some_of_those"} | _BESIDE)
        if not here:
            return None
        names |= here
    first, last = inside[0], inside[-1] + 1
    if "no" in names and any("all_of_them" in reading.covered[at] for at in inside):
        return Answered(Answer.NO, start=first, end=last)  # "negative for all of the above"
    if names & {"hedge_yes", "some_of_those"}:
        return Answered(Answer.YES, start=first, end=last)
    if "hedge" in names:
        return Answered(None, hedged=True, start=first, end=last)
    if "no" in names:
        return Answered(Answer.NO, start=first, end=last)
    return Answered(Answer.YES, start=first, end=last) if "yes" in names else None


def _opening(reading: Reading) -> Answered | None:
    """ "Yes my foot is", "nope our neighbour ...": the first word answers, the rest explains."""
    words = [at for at, token in enumerate(reading.tokens) if not token.is_sign]
    for at in words[:3]:
        for span in reading.beginning.get(at, ()):
            if span.concept in _SAID_YES and "neg_not" not in reading.covered[at] and not _goes_on_no(reading, span):
                return Answered(Answer.YES, start=span.start, end=span.end)
            if span.concept == "no" and (_stands(reading, span.end) or _says_only_no(reading, span)):
                return Answered(Answer.NO, start=span.start, end=span.end)
        if not reading.covered[at] & {"filler", "courtesy", "title"}:
            return None
    return None


def _goes_on_no(reading: Reading, yes: Span) -> bool:
    """ "He has not lost control of anything": no yes of several words goes on with a denial."""
    return yes.end - yes.start > 1 and reading.does(yes.end, Particle.NOT)


def _says_only_no(reading: Reading, no: Span) -> bool:
    """ "Nope to all of it": a word that always answers, and no symptom, place or exception after it in its part."""
    if reading.does(no.start, Particle.ONLY_NO):
        return False
    rest = [at for at in reading.parts[reading.part[no.start]] if at >= no.end]
    kinds = {reading.kinds[name] for at in rest for name in reading.covered[at]}
    names = {name for at in rest for name in reading.covered[at]}
    return len(rest) <= _LOOSE and not kinds & {"state", "region"} and not names & {"exception", "unable", "yes_word"}


def _stands(reading: Reading, at: int) -> bool:
    """A "no" with a symptom right behind it denies the symptom and answers nothing by itself."""
    if at >= len(reading.tokens) or reading.tokens[at].is_sign:
        return True
    return bool(reading.covered[at] & {"breaker", "exception", "patient", "filler", "title", "courtesy"})
