"""Listens to a text and to what the rules made of it: asks about a quiet one, doubts a page, and tells whether a
symptom that no frame names pages or is asked about; it finds nothing itself."""

from __future__ import annotations

from bot.content.red_flags import ALL_GUARDS
from bot.triage.asker import Asker
from bot.triage.case import Case
from bot.triage.frames import Hit
from bot.triage.guards import lowered
from bot.triage.hearing import heard, pieces_heard
from bot.vocabulary import Asked, Clarify, Evidence, Flag, Level

_EXACT = ("pain.", "answer.", "exception", "intent.")  # not in doubt: a score, an answer, a STOP
_MEASURED = ("temperature.", "sugar.")  # hardly ever in doubt: whose number it is
_UNNAMED = frozenset({"unexplained", "net"})  # a symptom or a place that no frame names
_CLINICAL = frozenset({"region", "state"})
_WANTS = frozenset({"opt_out", "opt_in", "wrong_number", "patient_died"})
_A_STATEMENT, _A_SENTENCE, _A_STORY = 3, 5, 9  # words: may hold more than its rule; may page; may hide more, be doubted


def listen(case: Case, hits: list[Hit], *, asked: Asked) -> None:
    """The ear's part, after all rules: every change leaves a mark that begins with "asker"."""
    asker = case.lexicon.asker
    if asker is None:
        return
    words = len(case.reading.substance())
    if case.level.pages:
        margin = asker.emergency_margin if case.level is Level.EMERGENCY or _turns(case, hits) else 0.0
        below = _doubted_below(case, asker) - margin
        if words >= _A_STORY and _sounds_harmless(case, asker, asked, below, margin):
            _doubt(case)
    elif words >= _A_SENTENCE and set(case.topics) <= {Clarify.GENERAL} and _agrees(case, asker, asked):
        case.levels.append(Level.URGENT)
        _mark(case, "asker.agrees")
    elif case.level is Level.UNCLEAR:
        return
    elif case.left_to_ear or not _is_understood(case, words):
        sounds = asker.suspicion(heard(case, asked=asked))
        if sounds >= asker.ask:
            case.ask(Clarify.GENERAL, flag_word=False)
            _mark(case, "asker")
        elif case.left_to_ear:
            _mark(case, "asker.harmless")


def _is_understood(case: Case, words: int) -> bool:
    """Too short to hold more than what the rules found in it; what follows a "but" may hold more."""
    if words >= _A_STATEMENT and case.reading.of("breaker", "exception"):
        return False
    return words < _A_STATEMENT or (words < _A_STORY and any(each.flag != "courtesy" for each in case.evidence))


def _doubted_below(case: Case, asker: Asker) -> float:
    """What a page has to stay below to be doubted: far less where a flag, a number or two findings that agree leave
    hardly a doubt, and 0 where nothing may."""
    paging = {flag for flag, level in case.flags.items() if level.pages}
    rules = [rule for rule in map(case.lexicon.rule, paging) if rule is not None]
    if not paging or any(rule.doubted == "never" for rule in rules):
        return 0.0
    told = [each for each in case.evidence if each.flag in paging or each.flag == "answer" or each.flag in _WANTS]
    if any(each.rule.startswith(_EXACT) for each in told) or _befell_the_patient(case, told):
        return 0.0
    agreed = {each.name for each in case.lexicon.red_flags.combinations}
    hardly = any(rule.doubted == "hardly" for rule in rules)
    if hardly or any(each.rule in agreed or each.rule.startswith(_MEASURED) for each in told):
        return asker.doubt_grave
    return asker.doubt


def _befell_the_patient(case: Case, told: list[Evidence]) -> bool:
    """ "Me and my cousin fell", "a mi hijo se lo llevaron en ambulancia": a sentence that says whom it befell."""
    reading = case.reading
    named = {reading.clause[span.start] for span in reading.of("me_too", "own_child")}
    return any(
        token.start < each.end and each.start < token.end and reading.clause[at] in named
        for each in told
        for at, token in enumerate(reading.tokens)
    )


def _turns(case: Case, hits: list[Hit]) -> bool:
    """Whether what pages stands behind a "but" or an "except" (rule 2)."""
    clause = case.reading.clause
    turned = {clause[span.start] for span in case.reading.of("breaker", "exception")}
    paging = {flag for flag, level in case.flags.items() if level.pages}
    return any(hit.guard is None and hit.said in paging and clause[hit.core.start] in turned for hit in hits)


def _sounds_harmless(case: Case, asker: Asker, asked: Asked, below: float, margin: float) -> bool:
    """The text as a whole; and, unless it leaves next to no doubt, what pages in it too, without the rest of it: no
    company, good news or joke lowers a page that stands by itself (rule 1)."""
    if below <= 0:
        return False
    sounds = asker.suspicion(heard(case, asked=asked))
    if sounds >= below:
        return False
    if sounds + margin < asker.doubt_whole and below > asker.doubt_grave:
        return True
    paging = [
        each
        for each in case.evidence
        if not each.rule.startswith("guard.") and each.flag in case.flags and case.flags[Flag(each.flag)].pages
    ]
    return all(asker.suspicion(piece) + margin < asker.doubt_alone for piece in pieces_heard(case, paging, asked=asked))


def _agrees(case: Case, asker: Asker, asked: Asked) -> bool:
    """Whether a symptom, a place or the head of an unfinished frame, which the patient wrote and nothing denies, sounds
    like a red flag, in its text or without the rest of it. What the law has a question of its own for is asked,
    whatever it sounds like."""
    unnamed = [each for each in case.evidence if each.rule in _UNNAMED] or _undenied(case)
    if not unnamed:
        return False
    if asker.suspicion(heard(case, asked=asked)) < asker.agree and not any(
        asker.suspicion(piece) >= asker.agree_alone for piece in pieces_heard(case, unnamed, asked=asked)
    ):
        return False
    case.evidence.extend(each for each in unnamed if each not in case.evidence)
    return True


def _undenied(case: Case) -> list[Evidence]:
    """The first symptom, place or, in a story, head of a paging frame that no rule explained and nothing denies."""
    reading = case.reading
    heads = case.lexicon.heads if len(reading.substance()) >= _A_STORY else frozenset()
    for span in sorted(reading.spans, key=lambda each: each.start):
        is_clinical = reading.kind(span) in _CLINICAL
        if not (is_clinical or span.concept in heads) or case.explained.issuperset(range(span.start, span.end)):
            continue
        if lowered(reading, span, ALL_GUARDS, gone_counts=False) is None:
            quote, start, end = reading.quote(span.start, span.end)
            return [Evidence(span.concept, quote, start, end, "net" if is_clinical else "unfinished")]
    return []


def _doubt(case: Case) -> None:
    case.flags = {flag: level for flag, level in case.flags.items() if not level.pages}
    case.levels = [level for level in case.levels if not level.pages]
    case.ask(Clarify.GENERAL, flag_word=True)
    _mark(case, "asker.doubt")


def _mark(case: Case, rule: str) -> None:
    case.note("asker", 0, len(case.reading.tokens), rule)
