"""Finds what no frame, guard or harmless phrase explains, and which question it calls for; it raises no flag."""

from __future__ import annotations

from collections.abc import Sequence

from bot.content.red_flags import ALL_GUARDS
from bot.triage.case import Case
from bot.triage.frames import Hit, regions_of
from bot.triage.guards import lowered
from bot.triage.patterns import Span
from bot.triage.reach import names_patient, starts_anew
from bot.triage.reading import Reading
from bot.vocabulary import Clarify, Level

_ENOUGH = 12  # spans of one question that are looked at: a bound for hostile texts
_SHORT = 4  # words: a short text is asked about unless a closed form knows it
_EXPLAINING = frozenset({"harmless", "mild", "intent", "idiom"})
_NO_THANKS = frozenset({"breaker", "exception", "neg_word", "unable", "hyp", "fall", "yes", "no", "hedge"})
_POLITE = frozenset({"courtesy", "thanks"})
_LONGEST_THANKS = 14  # words and signs
_NEUTRAL = frozenset({"asks", "good", "clear", "better", "gone", "other", "kin", "neg_not", "no", "past", "old", "hyp"})


def ask_about_the_rest(case: Case, hits: list[Hit], *, has_ear: bool) -> None:
    """An unexplained symptom asks; with a place and a change beside it, it pages (experiment, section 5)."""
    if case.level.pages:
        return  # a person is called already, and will read all of it
    explained = set(case.explained)
    for hit in hits:
        if hit.guard is not None or case.lexicon.rule(hit.said) is not None:
            explained.update(range(hit.core.start, hit.core.end))  # a sign alone, "itch", raises nothing
    for question in case.lexicon.red_flags.questions:
        for span in case.reading.of(*question.concepts)[:_ENOUGH]:
            if span.start in explained or explained.issuperset(range(span.start, span.end)):
                continue
            if case.reading.in_clause(case.reading.clause[span.start], *question.explained_by):
                continue
            if any(span.start >= whole.start and span.end <= whole.end for whole in case.reading.of(*question.part_of)):
                continue
            guard = lowered(case.reading, span, ALL_GUARDS, gone_counts=False)
            if guard is not None:
                case.note(span.concept, guard.start, guard.end, f"guard.{guard.guard}")
                continue
            if _placed_and_changed(case, span):
                case.levels.append(Level.URGENT)
                case.note(span.concept, span.start, span.end, "place_and_change")
            elif question.left_to_ear and has_ear:
                case.left_to_ear = True
            else:
                case.ask(question.topic, flag_word=question.flag_word)
                case.note(span.concept, span.start, span.end, "unexplained")


def ask_about_bare_body(case: Case, hits: list[Hit], *, has_ear: bool) -> None:
    """A body word in a clause where nothing is explained, the net under the frames: it asks, and pages if something
    like a state and a change stand by."""
    net = case.lexicon.red_flags.net
    reading = case.reading
    if case.level.rank >= Level.UNCLEAR.rank:
        return
    settled = {reading.clause[at] for at in case.explained}
    settled.update(reading.clause[hit.core.start] for hit in hits)
    settled.update(reading.clause[span.start] for span in reading.of(*net.explained_by))
    bare = [span for span in reading.of(*net.concepts) if reading.clause[span.start] not in settled][:_ENOUGH]
    loose = [span for span in bare if lowered(reading, span, ALL_GUARDS, gone_counts=False) is None]
    if not loose:
        return
    for span in loose:
        if span.concept in net.pages_of and _beside(reading, span, net.states) and _beside(reading, span, net.changes):
            case.levels.append(Level.URGENT)
            case.note(span.concept, span.start, span.end, "place_and_sign")
            return
    loose = [span for span in loose if span.concept not in net.left_to_ear or not has_ear]
    if not loose:
        case.left_to_ear = True
        return
    case.ask(net.topic, flag_word=True)
    case.note(loose[0].concept, loose[0].start, loose[0].end, "net")


def _beside(reading: Reading, span: Span, concepts: list[str]) -> bool:
    """Whether one of them stands in the clause of the span or in the next one on either side."""
    clause = reading.clause[span.start]
    return any(reading.in_clause(each, *concepts) for each in (clause - 1, clause, clause + 1))


def _placed_and_changed(case: Case, span: Span) -> bool:
    if case.reading.kind(span) != "state":
        return False
    clause = case.reading.clause[span.start]
    changed = case.reading.in_clause(clause, "new", "worse", "since_shot", "new_side")
    return bool(changed) and any(place.concept not in ("back", "site") for place in regions_of(case.reading, span))


def ask_if_nothing_explains(case: Case, *, explained: bool, red_flags_asked: bool, has_ear: bool) -> None:
    """Normal only where something explains the text: an answer, a number, a harmless or a guarded phrase, or a
    question, which staff read anyway. Where red flags were asked about, words of context alone explain nothing. A text
    of some length in which not even a place, a state or a change was found is left to the ear, where there is one."""
    if explained or any(each.flag != "courtesy" for each in case.evidence):
        return
    reading = case.reading
    thanked = {at for part in reading.parts for at in _thanks(reading, part)}
    joints = {at for at in range(len(reading.tokens)) if thanked and "conjunction" in reading.covered[at]}
    rest = [at for at in reading.substance() if at not in thanked | joints]
    if not rest and any(reading.covered):
        return
    names = {name for at in rest for name in reading.covered[at]}
    if any(reading.kinds[name] in _EXPLAINING for name in names):
        return
    if names & _NEUTRAL and len(reading.substance()) > _SHORT and not red_flags_asked:
        return
    if has_ear:
        case.left_to_ear = True
    elif not case.in_company or case.lexicon.asker is not None or _is_unreadable(case, reading.substance()):
        case.ask(Clarify.GENERAL, flag_word=False)


def has_ear(case: Case, *, red_flags_asked: bool) -> bool:
    """Whether the ear may decide about words that mean little by themselves: never in a short text, never where red
    flags were asked about. Of a text with more sentences it may, but for a short one that cannot be read at all."""
    if case.lexicon.asker is None:
        return False
    words = case.reading.substance()
    if case.in_company:
        return len(words) > _SHORT or not _is_unreadable(case, words)
    return len(words) > _SHORT and not red_flags_asked


def _is_unreadable(case: Case, words: Sequence[int]) -> bool:
    """No word of it is known, or it ends in a number that says nothing: "asdf", "I'd say 60"."""
    lexicon, tokens = case.lexicon, [case.reading.tokens[at] for at in words]
    if tokens and tokens[-1].is_number:
        return len(tokens) < _SHORT
    own = lexicon.own_words.values()
    known = (token.word in lexicon.speller.known or any(token.word in each for each in own) for token in tokens)
    return bool(tokens) and not any(known)


def _thanks(reading: Reading, part: Sequence[int]) -> Sequence[int]:
    """ "TY so much for reaching out to us": thanks reach to the end of their part, if no symptom, place, denial or
    statement of the patient's follows. What stands before them is not theirs: a "thanks" behind it explains nothing."""
    first = next((at for at in part if "thanks" in reading.covered[at]), None)
    if first is None or part[-1] - first > _LONGEST_THANKS:
        return ()
    after = [at for at in part if at >= first]
    names = {name for at in after if "courtesy" not in reading.covered[at] for name in reading.covered[at]}
    kinds = {reading.kinds[name] for name in names if name != "back"}
    if names & _NO_THANKS or kinds & {"state", "mild", "region"}:
        return ()
    said = any(
        starts_anew(reading, at) and names_patient(reading, at) and not _POLITE & reading.covered[at]
        for at in after[2:]
    )
    return () if said else after
