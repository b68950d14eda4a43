"""Sorts one reply into a Finding by triage.md; it never answers, never writes, and never fails towards normal."""

from __future__ import annotations

from dataclasses import dataclass

from bot.triage.answers import Answered, answered_in, keyword_of, yes_somewhere
from bot.triage.asker import Heard
from bot.triage.case import Case
from bot.triage.frames import Hit
from bot.triage.hearing import heard
from bot.triage.language import is_foreign_script, language_of
from bot.triage.lexicon import Lexicon, compile_lexicon
from bot.triage.listening import listen
from bot.triage.measures import relief_of
from bot.triage.numbers import Number, numbers_of
from bot.triage.pain import Score, score_of
from bot.triage.reading import Reading, read
from bot.triage.replies import (
    RED_FLAG_QUESTIONS,
    intents_of,
    is_bare_number,
    names_something_old,
    weigh_answer,
    weigh_score,
)
from bot.triage.sentences import with_sentences
from bot.triage.temperature import temperatures_of
from bot.triage.text import without_quoted_text
from bot.triage.unexplained import (
    ask_about_bare_body,
    ask_about_the_rest,
    ask_if_nothing_explains,
    has_ear,
)
from bot.triage.weighing import (
    weigh_combinations,
    weigh_frames,
    weigh_preop,
    weigh_sugars,
    weigh_temperatures,
)
from bot.vocabulary import Answer, Asked, Clarify, Finding, Flag, Intent, Level, PatientFacts

_A_QUESTION = 3  # words: "huh?" asks nothing that staff could answer

__all__ = ["Lexicon", "compile_lexicon", "sort_reply"]


def sort_reply(text: str, *, asked: Asked, facts: PatientFacts, lexicon: Lexicon) -> Finding:
    """Level, flags, intents and numbers of one text, each with the patient's own words as evidence.

    `facts.day` is in whole days since the procedure. Any failure inside is unclear with a flag word (rule 18).
    """
    try:
        return _sorted(text, asked=asked, facts=facts, lexicon=lexicon)
    except Exception:  # noqa: BLE001 - rule 18: whatever fails goes to a person, never to "normal"
        return Finding(level=Level.UNCLEAR, clarify=Clarify.GENERAL, flag_word=True)


def _sorted(text: str, *, asked: Asked, facts: PatientFacts, lexicon: Lexicon) -> Finding:
    spoken, tapback = without_quoted_text(text)
    reading = read(spoken, lexicon)
    if not reading.tokens or is_foreign_script(reading):
        return _unreadable(reading, tapback=tapback, asked=asked)

    def alone(part: str) -> Finding:
        return _by_itself(read(part, lexicon), lexicon, asked=asked, facts=facts, in_company=True)

    return with_sentences(reading, _by_itself(reading, lexicon, asked=asked, facts=facts, in_company=False), alone)


def _by_itself(reading: Reading, lexicon: Lexicon, *, asked: Asked, facts: PatientFacts, in_company: bool) -> Finding:
    keyword = keyword_of(reading)
    if keyword is not None:
        return Finding(Level.NORMAL, intents=(keyword,), language=language_of(reading, lexicon), keyword=keyword)
    case = Case(reading, lexicon, in_company=in_company)
    return _weighed(case, asked=asked, facts=facts)


def heard_in(text: str, *, asked: Asked, facts: PatientFacts, lexicon: Lexicon) -> Heard:
    """What the asker listens to in a text, for learning its weights."""
    spoken, _ = without_quoted_text(text)
    case = Case(read(spoken, lexicon), lexicon)
    if not case.reading.tokens:
        return Heard((), (), ())
    _weigh(case, asked=asked, facts=facts)
    return heard(case, asked=asked)


def _unreadable(reading: Reading, *, tapback: bool, asked: Asked) -> Finding:
    if tapback and asked not in RED_FLAG_QUESTIONS:
        return Finding(Level.NORMAL, flags=(Flag("courtesy"),))
    topic = Clarify.LANGUAGE if reading.tokens else Clarify.GENERAL
    return Finding(Level.UNCLEAR, clarify=Clarify.SURE if tapback else topic)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What the rules made of a text, besides what they left in its case."""

    hits: list[Hit]
    answer: Answer | None
    score: Score | None
    relief: tuple[int, Number | None] | None
    celsius: float | None
    intents: tuple[Intent, ...]


def _weighed(case: Case, *, asked: Asked, facts: PatientFacts) -> Finding:
    weighed = _weigh(case, asked=asked, facts=facts)
    listen(case, weighed.hits, asked=asked)
    weigh_preop(case, facts)
    return _finding(case, weighed)


def _weigh(case: Case, *, asked: Asked, facts: PatientFacts) -> _Weighed:
    reading, lexicon = case.reading, case.lexicon
    numbers = numbers_of(reading, lexicon)
    hits = weigh_frames(case, asked=asked, facts=facts)
    degrees = temperatures_of(reading, numbers, lexicon.red_flags.thresholds.temperature)
    celsius = weigh_temperatures(case, degrees, facts=facts)
    taken = {d.number.start for d in degrees} | weigh_sugars(case, numbers)
    weigh_combinations(case)
    relief = relief_of(reading, [n for n in numbers if n.start not in taken], asked)
    if relief is not None and relief[1] is not None:
        taken.add(relief[1].start)
    score = score_of(reading, numbers, taken, asked)
    if asked in RED_FLAG_QUESTIONS and is_bare_number(reading, lexicon):
        score = None  # a bare digit never answers these, and says nothing about pain there (rule 10)
    weigh_score(case, score, facts)
    _weigh_relief(case, relief)
    answered = Answered() if names_something_old(case) else answered_in(reading)
    if answered.answer is None and not answered.hedged and asked in RED_FLAG_QUESTIONS:
        answered = yes_somewhere(reading) or answered
    case.explained.update(range(answered.start, answered.end))
    intents = intents_of(case)
    red_flags_asked = asked in RED_FLAG_QUESTIONS
    ear = has_ear(case, red_flags_asked=red_flags_asked)
    ask_about_the_rest(case, hits, has_ear=ear)
    ask_about_bare_body(case, hits, has_ear=ear)
    weigh_answer(case, answered, asked=asked, day=facts.day)
    closed = bool(score or relief or celsius or answered.answer or answered.hedged or set(intents) - {Intent.QUESTION})
    closed = closed or (Intent.QUESTION in intents and len(reading.substance()) >= _A_QUESTION)
    ask_if_nothing_explains(case, explained=closed, red_flags_asked=red_flags_asked, has_ear=ear)
    return _Weighed(hits, answered.answer, score, relief, celsius, intents)


def _weigh_relief(case: Case, relief: tuple[int, Number | None] | None) -> None:
    if relief is None:
        return
    percent, number = relief
    if number is not None:
        case.note("relief", number.start, number.end, "relief.percent")
    if percent >= 50 and number is not None:
        case.raise_flag("good_relief", number.start, number.end, "relief.percent")


def _finding(case: Case, weighed: _Weighed) -> Finding:
    level = case.level
    asks = level is Level.UNCLEAR
    topic = case.topics[0] if case.topics and (asks or Clarify.WHICH_ONE in case.topics) else None
    if level.pages and topic is not Clarify.WHICH_ONE:
        topic = Clarify.WHICH_ONE if Clarify.WHICH_ONE in case.topics and not _pages(case) else None
    return Finding(
        level=level,
        flags=case.kept_flags(),
        intents=weighed.intents,
        pain=None if weighed.score is None else weighed.score.pain,
        relief=None if weighed.relief is None else weighed.relief[0],
        temperature_c=weighed.celsius,
        language=language_of(case.reading, case.lexicon),
        evidence=tuple(case.evidence),
        answer=weighed.answer,
        answers_all=weighed.answer is not None and bool(case.reading.of("all_of_them")),
        clarify=(topic or Clarify.GENERAL) if asks else topic,
        flag_word=asks and case.flag_word,
    )


def _pages(case: Case) -> bool:
    return any(level.pages for level in case.flags.values())
