"""Why a text was sorted as it was, in plain words beside the patient's own; it reads a finding and judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup, escape

from bot.vocabulary import Answer, Evidence, Finding, Flag, Level

Labels = Callable[[str], str]

GUARDS: Mapping[str, str] = {
    "negated": "says that it is not so",
    "other": "is about somebody or something else",
    "hypothetical": "asks what if, or imagines it",
    "past": "is over, or was long ago",
    "old": "was there before the injection",
    "resolved": "is gone again",
}
# What fired, where it is not a frame of red_flags.yaml: triage.md's rules in the words of the office.
RULES: Mapping[str, str] = {
    "exception": "an exception after a no",
    "unexplained": "words that may matter, and nothing in the text explains them",
    "place_and_change": "a place and a change together",
    "place_and_sign": "a part of the body, something like a symptom and a change, in words that no rule knows",
    "net": "a part of the body named alone",
    "unfinished": "words that red flags are told with, and the rest of such a tale is missing",
    "asker": "may be grave, so a question is asked",
    "asker.harmless": "no rule knows more than single words of it, and it sounds like replies that were harmless",
    "asker.agrees": "no rule names it, and it sounds like replies that were red flags",
    "asker.doubt": "sounds harmless on the whole, so a question is asked before anybody is paged",
    "answer.yes": "a yes to what was asked",
    "answer.no": "a no to what was asked",
    "pain.score": "a pain score that is nothing unusual",
    "pain.before_procedure": "a pain score from before the procedure",
    "pain.no_baseline": "a high pain score, and none from before it to compare with",
    "pain.early": "severe pain in the first days",
    "pain.second_rise": "the second rise of pain in the first days",
    "pain.flare": "more pain in the first days, which is common",
    "pain.late": "clearly more pain than before the procedure",
    "pain.late_low": "more pain than before the procedure, still low",
    "pain.high": "the highest pain score",
    "temperature.fever": "a temperature that is a fever",
    "temperature.masked": "nearly a fever while taking a medicine that lowers it",
    "relief.percent": "relief as a percentage",
    "sugar.very_low": "a very low blood sugar",
    "sugar.low": "a low blood sugar",
    "sugar.high": "a very high blood sugar",
    "sugar.raised": "a raised blood sugar, as steroids do",
}
UNSURE = ("unexplained", "place_and_change", "place_and_sign", "net")
LISTENER = "asker"  # it weighs the whole text: no word of its own
READ: Mapping[str, str] = {
    "pain": "Pain score",
    "relief": "Relief",
    "temperature": "Temperature",
    "answer": "Answer",
    LISTENER: "The second reader",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was read: what, from which words of theirs, by which rule; `level` is that of its flag."""

    what: str
    quotes: tuple[str, ...]
    how: tuple[str, ...]
    level: str | None
    taken_back: bool


def placed(words: str, evidence: Iterable[Evidence]) -> list[Evidence]:
    """Evidence where it stands in these words; what was read in a text before them is left out."""
    found = []
    for piece in evidence:
        if words[piece.start : piece.end] == piece.quote:
            found.append(piece)
        elif piece.quote and (at := words.find(piece.quote)) >= 0:
            found.append(replace(piece, start=at, end=at + len(piece.quote)))
    return found


def marked(words: str, evidence: Iterable[Evidence]) -> Markup:
    """The patient's words with those that decided in <mark>; everything is escaped."""
    covered = [False] * len(words)
    for piece in placed(words, evidence):
        for place in range(max(0, piece.start), min(piece.end, len(words))):
            covered[place] = True
    parts = []
    for mark, run in groupby(zip(words, covered, strict=True), key=lambda letter: letter[1]):
        piece_words = escape("".join(letter for letter, _ in run))
        parts.append(Markup("<mark>%s</mark>") % piece_words if mark else piece_words)
    return Markup("").join(parts)


def telling(finding: Finding) -> list[Evidence]:
    """What is worth marking: all but what a no took back, and the whole text that the second reader weighed."""
    return [piece for piece in finding.evidence if piece.flag != LISTENER and not piece.rule.startswith("guard.")]


def reasons(finding: Finding, label: Labels, levels: Mapping[Flag, Level]) -> list[Reason]:
    """What was read, the gravest first; what a no took back comes last."""
    known = [_reason(flag, run, label, levels) for (flag, _), run in _gathered(finding.evidence).items()]
    known += _unsaid(finding, label, levels)
    return sorted(known, key=lambda one: (one.taken_back, -_rank(one)))


def _gathered(evidence: Iterable[Evidence]) -> dict[tuple[str, bool], list[Evidence]]:
    """By what it says, and whether that was taken back."""
    found: dict[tuple[str, bool], list[Evidence]] = {}
    for piece in evidence:
        found.setdefault((piece.flag, piece.rule.startswith("guard.")), []).append(piece)
    return found


def _reason(flag: str, run: list[Evidence], label: Labels, levels: Mapping[Flag, Level]) -> Reason:
    level = levels.get(Flag(flag))
    return Reason(
        what="Not sure" if run[0].rule in UNSURE else READ.get(flag) or label(flag),
        quotes=tuple(dict.fromkeys(piece.quote for piece in run if flag != LISTENER)),
        how=tuple(dict.fromkeys(in_words(piece.rule) for piece in run)),
        level=None if level is None else level.value,
        taken_back=run[0].rule.startswith("guard."),
    )


def _unsaid(finding: Finding, label: Labels, levels: Mapping[Flag, Level]) -> Iterator[Reason]:
    """Flags that no words of this text say: a yes or a choice as the answer to our question, a picture, two at once."""
    said = {piece.flag for piece in finding.evidence}
    how = "a picture came along" if "photo" in finding.flags else "two signs together"
    if finding.answer is not None:
        how = "a yes to our question" if finding.answer is Answer.YES else "a no to our question"
    for flag in finding.flags:
        if flag not in said:
            level = levels.get(flag)
            yield Reason(label(flag), (), (how,), None if level is None else level.value, taken_back=False)


def in_words(rule: str) -> str:
    """The rule that fired, in plain words; a frame is called by its name in red_flags.yaml."""
    head, _, tail = rule.partition(".")
    if head == "guard":
        return GUARDS.get(tail, tail.replace("_", " "))
    if head == "intent":
        return "a wish of the writer"
    return RULES.get(rule) or f"rule “{rule.replace('_', ' ')}”"


def _rank(one: Reason) -> int:
    return -1 if one.level is None else Level(one.level).rank
