"""Joins what a text says with what each of its sentences says by itself: no company lowers a sentence. It reads no word
of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from functools import reduce
from itertools import islice
from typing import NamedTuple

from bot.triage.reach import starts_anew
from bot.triage.reading import Reading
from bot.vocabulary import Clarify, Finding, Level

_OPENING = frozenset("¿¡")  # they begin a question in the middle of a sentence: "si me da fiebre, ¿voy?"
_LONGEST_RUN = 3  # sentences that are sorted together, besides the whole text
_JOINTS = frozenset({"conjunction", "breaker"})
_NEWS = frozenset({"good", "better"})
_OF_NEWS = frozenset({"good", "better", "clear", "self_fine", "back", "pain", "patient", "filler"})
_FOLLOWING = frozenset({"ed_visit"})  # "The umpire collapsed. Ambulance came": his, whose mishap it follows
_MOST = 12  # sentences: a bound for hostile texts
_REMARKS = frozenset({"guard.past", "guard.old", "guard.hypothetical"})  # "That was before the shot."


class _Part(NamedTuple):
    """Some characters of the text, and what they say by themselves."""

    start: int
    end: int
    finding: Finding


def with_sentences(reading: Reading, whole: Finding, alone: Callable[[str], Finding]) -> Finding:
    """The finding of the whole text, raised to the highest of its sentences and runs of sentences; `alone` sorts one.

    What the text as a whole tells to be somebody else's, old or over (rules 3, 4 and 6), a yes that is none (rule 10)
    or a fever whose number it has (rule 19) is not raised again.
    """
    if whole.level is Level.EMERGENCY:
        return whole
    parts = [_Part(start, end, alone(reading.text[start:end])) for start, end in runs_of(reading)]
    remarks = _remarks(whole, [part for part in parts if part.finding.level.pages])
    return reduce(_raised, (part for part in parts if not _is_told_off(part, whole, remarks)), whole)


def runs_of(reading: Reading, longest: int = _LONGEST_RUN) -> Iterator[tuple[int, int]]:
    """Where in the text each sentence and each run of neighbours begins and ends, and each sentence without the good
    news before or behind it; but not the text as a whole."""
    sentences = list(islice(_sentences(reading), _MOST))
    for length in range(1, min(longest + 1, len(sentences))):
        for first in range(len(sentences) - length + 1):
            yield _place(reading, sentences[first].start, sentences[first + length - 1].stop)
    for sentence in sentences:
        rest = _without_good_news(reading, sentence)
        if rest and len(rest) < len(sentence):
            yield _place(reading, rest.start, rest.stop)
            if sentence.start > sentences[0].start and sentence is sentences[-1]:
                yield _place(reading, sentences[0].start, rest.stop)


def _place(reading: Reading, start: int, end: int) -> tuple[int, int]:
    return reading.tokens[start].start, reading.tokens[end - 1].end


def _sentences(reading: Reading) -> Iterator[range]:
    start: int | None = None
    for at, token in enumerate(reading.tokens):
        ends = token.is_hard and token.word not in _OPENING
        if not ends and start is None:
            start = at
        if start is not None and (ends or at + 1 == len(reading.tokens)):
            yield range(start, at + 1)
            start = None


def _without_good_news(reading: Reading, sentence: range) -> range:
    """ "I can't feel my leg and my back is so much better": what stands before the last joint or behind the first."""
    joints = [at for at in sentence if _joins(reading, at)]
    if joints and _is_good_news(reading, range(joints[-1] + 1, sentence.stop)):
        return range(sentence.start, joints[-1])
    opens = joints and (starts_anew(reading, joints[0] + 1) or "breaker" in reading.covered[joints[0]])
    if opens and _is_good_news(reading, range(sentence.start, joints[0])):  # not "no pain, numbness or tingling"
        return range(joints[0] + 1, sentence.stop)
    return sentence


def _joins(reading: Reading, at: int) -> bool:
    return reading.tokens[at].word == "," or bool(reading.covered[at] & _JOINTS)


def _is_good_news(reading: Reading, words: range) -> bool:
    said = [reading.covered[at] for at in words if not reading.tokens[at].is_sign]
    if any("other_after" in names for names in said):
        return False  # "he passed out, not me I'm good" says whose it was
    return any(names & _NEWS for names in said) and all(names & _OF_NEWS for names in said)


def _remarks(whole: Finding, paging: Sequence[_Part]) -> set[str]:
    """Flags that another sentence says are old, over or imagined: one that does not page itself, as "No change, still
    numb" does; the yes of "Yes. I'm fine" (rule 10); and the fever whose number is there."""
    told = {
        each.flag
        for each in whole.evidence
        if each.rule in _REMARKS and not any(part.start <= each.start < part.end for part in paging)
    }
    if whole.clarify is Clarify.SURE:
        told.add("answer")
    return told | {"fever"} if _asks_for_the_number_again(whole) else told


def _asks_for_the_number_again(finding: Finding) -> bool:
    return finding.clarify is Clarify.TEMPERATURE and finding.flag_word


def _is_told_off(part: _Part, whole: Finding, remarks: Set[str]) -> bool:
    """What it raises and the whole text does not is a matter of a remark, or somebody else's who is named in it; or it
    only asks, and tells of somebody else too."""
    inside = [each for each in whole.evidence if part.start <= each.start < part.end]
    told = remarks | {each.flag for each in inside if each.rule == "guard.other"}
    told |= {each.flag for each in whole.evidence if each.rule == "guard.other" and each.flag in _FOLLOWING}
    stood = {each.flag for each in whole.evidence if not each.rule.startswith("guard.")}
    read = {each.flag for each in part.finding.evidence if not each.rule.startswith(("guard.", "asker"))}
    raising = read - (stood - {"fever"} if _asks_for_the_number_again(whole) else stood)
    if not raising and not part.finding.level.pages:
        raising = {each.flag for each in part.finding.evidence if each.rule == "guard.other"}
    return bool(raising) and raising <= told


def _raised(whole: Finding, part: _Part) -> Finding:
    """The numbers, intents and answer of the whole text; level, flags and question of the part that stands higher."""
    finding = part.finding
    if finding.level.rank <= whole.level.rank:
        return whole
    found = [replace(each, start=each.start + part.start, end=each.end + part.start) for each in finding.evidence]
    own = [each for each in whole.evidence if not each.rule.startswith("asker") and each not in found]
    return replace(
        whole,
        level=finding.level,
        flags=(*finding.flags, *(flag for flag in whole.flags if flag not in finding.flags)),
        evidence=(*own, *found),
        clarify=finding.clarify,
        flag_word=finding.flag_word,
    )
