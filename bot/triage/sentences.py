"""Joins what a text says with what each of its sentences says by itself: no company lowers a sentence. It reads no word
of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import islice

from bot.triage.reading import Reading
from bot.vocabulary import Clarify, Evidence, Finding, Level

_OPENING = frozenset("¿¡")  # they begin a question in the middle of a sentence: "si me da fiebre, ¿voy?"
_LONGEST_RUN = 3  # sentences that are sorted together, besides the whole text
_JOINTS = frozenset({"conjunction", "breaker"})
_NEWS = frozenset({"good", "better"})
_OF_NEWS = frozenset({"good", "better", "clear", "self_fine", "back", "pain", "patient", "filler"})
_MOST = 12  # sentences: a bound for hostile texts
_REMARKS = frozenset({"guard.past", "guard.old", "guard.hypothetical"})  # "That was before the shot."


def with_sentences(reading: Reading, whole: Finding, alone: Callable[[str], Finding]) -> Finding:
    """The finding of the whole text, raised to the highest of its sentences and runs of sentences; `alone` sorts one.

    What the text as a whole tells to be somebody else's, old or over (rules 3, 4 and 6), or a fever whose number it
    has (rule 19), is not raised again.
    """
    if whole.level is Level.EMERGENCY:
        return whole
    runs = list(runs_of(reading))
    parts = [_shifted(alone(reading.text[start:end]), start) for start, end in runs]
    told = _told_off(whole, [run for run, part in zip(runs, parts, strict=True) if part.level.pages])
    return reduce(_raised, (part for part in parts if not _is_told_off(part, whole, told)), whole)


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
    if joints and _is_good_news(reading, range(sentence.start, joints[0])):
        return range(joints[0] + 1, sentence.stop)
    return sentence


def _joins(reading: Reading, at: int) -> bool:
    return reading.tokens[at].word == "," or bool(reading.covered[at] & _JOINTS)


def _is_good_news(reading: Reading, words: range) -> bool:
    said = [reading.covered[at] for at in words if not reading.tokens[at].is_sign]
    return any(names & _NEWS for names in said) and all(names & _OF_NEWS for names in said)


def _told_off(whole: Finding, paging: Sequence[tuple[int, int]]) -> set[str]:
    """Flags that a rule of the whole text lowered and that stand nowhere else in it."""
    stood = {each.flag for each in whole.evidence if not each.rule.startswith("guard.")}
    told = {each.flag for each in whole.evidence if each.rule == "guard.other" or _is_remark(each, paging)} - stood
    return told | {"fever"} if whole.clarify is Clarify.TEMPERATURE and whole.flag_word else told


def _is_remark(lowered: Evidence, paging: Sequence[tuple[int, int]]) -> bool:
    """Said in a sentence that does not page itself: "No change, still numb" is no mere remark."""
    return lowered.rule in _REMARKS and not any(start <= lowered.start < end for start, end in paging)


def _is_told_off(part: Finding, whole: Finding, told: set[str]) -> bool:
    read = {each.flag for each in part.evidence if not each.rule.startswith(("guard.", "asker"))}
    raising = read.difference(whole.flags)
    return bool(raising) and raising <= told


def _shifted(finding: Finding, by: int) -> Finding:
    moved = (replace(each, start=each.start + by, end=each.end + by) for each in finding.evidence)
    return replace(finding, evidence=tuple(moved))


def _raised(whole: Finding, part: Finding) -> Finding:
    """The numbers, intents and answer of the whole text; level, flags and question of the part that stands higher."""
    if part.level.rank <= whole.level.rank:
        return whole
    own = [each for each in whole.evidence if not each.rule.startswith("asker") and each not in part.evidence]
    return replace(
        whole,
        level=part.level,
        flags=(*part.flags, *(flag for flag in whole.flags if flag not in part.flags)),
        evidence=(*own, *part.evidence),
        clarify=part.clarify,
        flag_word=part.flag_word,
    )
