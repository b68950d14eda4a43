"""Listens to a text and to what the rules made of it: asks about a quiet one, doubts a page, and tells whether a
symptom that no frame names pages or is asked about; it finds nothing itself, and lets no question go."""

from __future__ import annotations

from collections.abc import Iterator

from bot.triage.asker import Asker, Heard
from bot.triage.case import Case
from bot.triage.frames import Hit
from bot.triage.reach import starts_anew
from bot.triage.reading import Reading
from bot.vocabulary import Asked, Clarify, Evidence, Flag, Level

_EXACT = (
    "temperature.",
    "pain.",
    "sugar.",
    "answer.",
    "exception",
    "intent.",
)  # not in doubt: a number, an answer, a STOP
_UNNAMED = frozenset({"unexplained", "net"})  # a symptom or a place that no frame names
_WANTS = frozenset({"opt_out", "opt_in", "wrong_number", "patient_died", "not_now"})
_A_STATEMENT, _A_SENTENCE, _A_STORY = 3, 5, 9  # words: may hold more than its rule; may be doubted; may hide more
_LENGTHS, _LONG = 4, 12  # lengths are heard in steps of four words, up to twelve of them
_MANY = 4
_SIZES = (("0-", 0, 11), ("0~", 34, 37.5), ("0~", 93, 99.5), ("0+", 37.5, 43), ("0+", 99.5, 110))
_LEAD = 2  # words before a symptom that belong to it: "cannot", "my left"


def listen(case: Case, hits: list[Hit], *, asked: Asked) -> None:
    """The ear's part, after all rules: every change leaves a mark that begins with "asker"."""
    asker = case.lexicon.asker
    if asker is None:
        return
    words = len(case.reading.substance())
    if case.level is Level.UNCLEAR:
        if words >= _A_SENTENCE and set(case.topics) == {Clarify.GENERAL} and _agrees(case, asker, asked):
            case.levels.append(Level.URGENT)
            _mark(case, "asker.agrees")
        return
    if case.level.pages:
        margin = asker.emergency_margin if case.level is Level.EMERGENCY else 0.0
        if (
            words >= _A_SENTENCE
            and _may_be_doubted(case, hits)
            and asker.suspicion(heard(case, asked=asked)) < asker.doubt - margin
            and not _is_grave_alone(case, asker, asked, margin)
        ):
            _doubt(case)
    elif not _is_understood(case, words) and asker.suspicion(heard(case, asked=asked)) >= asker.ask:
        case.ask(Clarify.GENERAL, flag_word=False)
        _mark(case, "asker")


def heard(case: Case, *, asked: Asked, within: range | None = None) -> Heard:
    """Words and concepts without signs and courtesy, so that a "thanks" changes nothing; numbers are heard by size."""
    reading = case.reading
    words: list[str] = []
    place: dict[int, int] = {}
    clause = 0
    for at in reading.substance():
        if within is not None and at not in within:
            continue
        if words and reading.clause[at] != clause:
            words.append(".")
        clause = reading.clause[at]
        place[at] = len(words)
        words.append(_spoken(reading.tokens[at].word) if reading.tokens[at].is_number else reading.tokens[at].word)
    concepts = [
        (span.concept, place[span.start], place[span.end - 1] + 1)
        for span in reading.spans
        if span.start in place and span.end - 1 in place and reading.kinds[span.concept] != "class"
    ]
    return Heard(words, concepts, _marks(case, asked, len(words), within))


def _spoken(number: str) -> str:
    """Small, like a healthy temperature, like a fever, or any other number."""
    value = float(number.replace(",", ".")) if number.replace(",", "").replace(".", "").isdigit() else 0.0
    return next((name for name, low, high in _SIZES if low <= value < high), "0")


def _marks(case: Case, asked: Asked, length: int, within: range | None) -> set[str]:
    """What the rules found but for courtesy and intents, how many things, how long the text is and what was asked."""
    evidence = [each for each in case.evidence if each.flag != "courtesy" and not each.rule.startswith("intent.")]
    if within is not None:
        first, last = case.reading.tokens[within[0]].start, case.reading.tokens[within[-1]].end
        evidence = [each for each in evidence if first <= each.start < last]
    found = {f"{each.flag}.{each.rule}" for each in evidence}
    raised = sum(".guard." not in each for each in found)
    return {*found, f"found {min(_MANY, raised)}", f"long {min(_LONG, length // _LENGTHS)}", f"asked {asked.value}"}


def _is_understood(case: Case, words: int) -> bool:
    """Too short to hold more than what the rules found in it."""
    return words < _A_STATEMENT or (words < _A_STORY and any(each.flag != "courtesy" for each in case.evidence))


def _may_be_doubted(case: Case, hits: list[Hit]) -> bool:
    """A page by frames only, of flags that allow it, and none that stands behind a "but" or an "except" (rule 2)."""
    paging = {flag for flag, level in case.flags.items() if level.pages}
    if not paging or any(rule.never_doubted for rule in map(case.lexicon.rule, paging) if rule is not None):
        return False
    told = [each for each in case.evidence if each.flag in paging or each.flag == "answer" or each.flag in _WANTS]
    if any(each.rule.startswith(_EXACT) for each in told):
        return False
    if {each.rule for each in case.evidence} & {each.name for each in case.lexicon.red_flags.combinations}:
        return False  # two findings that agree
    reading = case.reading
    turned = {reading.clause[span.start] for span in reading.of("breaker", "exception")}
    return not any(
        hit.guard is None and hit.said in paging and reading.clause[hit.core.start] in turned for hit in hits
    )


def _is_grave_alone(case: Case, asker: Asker, asked: Asked, margin: float) -> bool:
    """Whether what pages still sounds like a red flag without the rest of the text: no company, good news or joke
    lowers a page that stands by itself (rule 1)."""
    paging = [
        each
        for each in case.evidence
        if not each.rule.startswith("guard.") and each.flag in case.flags and case.flags[Flag(each.flag)].pages
    ]
    return any(
        asker.suspicion(piece) >= asker.doubt_alone - margin for piece in _pieces_heard(case, paging, asked=asked)
    )


def _agrees(case: Case, asker: Asker, asked: Asked) -> bool:
    """Whether a symptom that no frame names sounds like a red flag, in its text or without the rest of it. What the law
    has a question of its own for is asked, whatever it sounds like."""
    unnamed = [each for each in case.evidence if each.rule in _UNNAMED]
    if not unnamed:
        return False
    if asker.suspicion(heard(case, asked=asked)) >= asker.agree:
        return True
    return any(asker.suspicion(piece) >= asker.agree_alone for piece in _pieces_heard(case, unnamed, asked=asked))


def _pieces_heard(case: Case, evidence: list[Evidence], *, asked: Asked) -> list[Heard]:
    """What was found, heard without the rest of the text."""
    pieces = {piece for each in evidence for piece in _pieces(case.reading, each.start, each.end)}
    return [
        heard(case, asked=asked, within=piece) for piece in sorted(pieces, key=lambda each: (each.start, each.stop))
    ]


def _pieces(reading: Reading, start: int, end: int) -> Iterator[range]:
    """The sentence, the comma part and the statement around some characters of the text, and the bare words."""
    inside = [at for at, token in enumerate(reading.tokens) if token.end > start and token.start < end]
    first, last = inside[0], inside[-1] + 1
    yield range(max(reading.parts[reading.part[first]][0], first - _LEAD), last)
    for numbers in (reading.clause, reading.part):
        begin = numbers.index(numbers[first])
        yield range(begin, begin + numbers.count(numbers[first]))
    while first > 0 and not starts_anew(reading, first) and not _parts(reading, first - 1):
        first -= 1
    while last < len(reading.tokens) and not starts_anew(reading, last) and not _parts(reading, last):
        last += 1
    yield range(first, last)


def _parts(reading: Reading, at: int) -> bool:
    return reading.tokens[at].is_sign or bool(reading.covered[at] & {"conjunction", "breaker", "exception"})


def _doubt(case: Case) -> None:
    case.flags = {flag: level for flag, level in case.flags.items() if not level.pages}
    case.levels = [level for level in case.levels if not level.pages]
    case.ask(Clarify.GENERAL, flag_word=True)
    _mark(case, "asker.doubt")


def _mark(case: Case, rule: str) -> None:
    case.note("asker", 0, len(case.reading.tokens), rule)
