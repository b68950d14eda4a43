"""What the ear hears of a text, and of the pieces around what was found in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.triage.asker import Heard
from bot.triage.case import Case
from bot.triage.reach import starts_anew
from bot.triage.reading import Reading
from bot.vocabulary import Asked, Evidence

_LENGTHS, _LONG = 4, 12  # lengths are heard in steps of four words, up to twelve of them
_MANY = 4
_LEAD = 2  # words before a symptom that belong to it: "cannot", "my left"
_SIZES = (("0-", 0, 11), ("0~", 34, 37.5), ("0~", 93, 99.5), ("0+", 37.5, 43), ("0+", 99.5, 110))


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
    return {*found, *counted(found, length), f"asked {asked.value}"}


def counted(found: Collection[str], length: int) -> set[str]:
    """How many things the rules found in a text of so many words, and how long that is."""
    raised = sum(".guard." not in each for each in found)
    return {f"found {min(_MANY, raised)}", f"long {min(_LONG, length // _LENGTHS)}"}


def pieces_heard(case: Case, evidence: list[Evidence], *, asked: Asked) -> list[Heard]:
    """What was found, heard without the rest of the text."""
    pieces = {piece for each in evidence for piece in _pieces(case.reading, each.start, each.end)}
    return [
        heard(case, asked=asked, within=piece) for piece in sorted(pieces, key=lambda each: (each.start, each.stop))
    ]


def _pieces(reading: Reading, start: int, end: int) -> Iterator[range]:
    """The sentence, the comma part and the statement around some characters of the text; and the bare words, where no
    sign or conjunction sets the statement apart from others."""
    inside = [at for at, token in enumerate(reading.tokens) if token.end > start and token.start < end]
    first, last = inside[0], inside[-1] + 1
    bare = range(max(reading.parts[reading.part[first]][0], first - _LEAD), last)
    for numbers in (reading.clause, reading.part):
        begin = numbers.index(numbers[first])
        yield range(begin, begin + numbers.count(numbers[first]))
    while first > 0 and not starts_anew(reading, first) and not _parts(reading, first - 1):
        first -= 1
    while last < len(reading.tokens) and not starts_anew(reading, last) and not _parts(reading, last):
        last += 1
    yield range(first, last)
    length = len(reading.tokens)
    runs_on = (first > 0 and not _parts(reading, first - 1)) or (last < length and not _parts(reading, last))
    if runs_on or last - first == length:
        yield bare


def _parts(reading: Reading, at: int) -> bool:
    return reading.tokens[at].is_sign or bool(reading.covered[at] & {"conjunction", "breaker", "exception"})
