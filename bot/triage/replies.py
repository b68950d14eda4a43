"""Weighs answers, scores and intents against the question asked (triage.md rules 9 to 12); it reads no symptom."""

from __future__ import annotations

from bot.triage.answers import Answered
from bot.triage.case import Case
from bot.triage.lexicon import Lexicon
from bot.triage.pain import Score, meaning_of
from bot.triage.patterns import Span
from bot.triage.reading import Reading
from bot.vocabulary import Answer, Asked, Clarify, Intent, Level, PatientFacts

RED_FLAG_QUESTIONS = (Asked.RED_FLAGS, Asked.RED_FLAGS_A, Asked.RED_FLAGS_B)
_INTENTS = (
    ("opt_out", Intent.OPT_OUT),
    ("opt_in", Intent.OPT_IN),
    ("wrong_number", Intent.WRONG_NUMBER),
    ("patient_died", Intent.PATIENT_DIED),
    ("not_now", Intent.NOT_NOW),
)


def names_something_old(case: Case) -> bool:
    """ "Only the toe that has been dead since '98": no yes stands there, and what is named is old (rule 4)."""
    reading = case.reading
    named = reading.of("some_of_those", "both")
    if case.level.pages or not named or reading.of("yes_word", "hedge_yes") or _says_yes(reading, named):
        return False
    return any(each.rule == "guard.old" for each in case.evidence)


def _says_yes(reading: Reading, named: list[Span]) -> bool:
    """A yes that is no part of what is named: "las dos" is one in answer to two questions."""
    return any(not any(each.start <= yes.start and yes.end <= each.end for each in named) for yes in reading.of("yes"))


def weigh_answer(case: Case, answered: Answered, *, asked: Asked, day: int | None) -> None:
    """What yes, no or a hedge means to the question that stands open."""
    if asked in RED_FLAG_QUESTIONS:
        _to_red_flags(case, answered, asked)
    elif answered.answer is not None:
        _to_other(case, answered, asked=asked, day=day)
    elif answered.hedged and asked is Asked.CLARIFY:
        case.ask(Clarify.SURE, flag_word=True)
    elif answered.hedged and asked is Asked.SORENESS:
        _to_other(case, Answered(Answer.YES, start=answered.start, end=answered.end), asked=asked, day=day)


def _to_red_flags(case: Case, answered: Answered, asked: Asked) -> None:
    if answered.hedged and not case.level.pages and answered.answer is not Answer.NO:
        case.ask(Clarify.SURE, flag_word=True)
    if answered.answer is Answer.YES:
        if answered.with_good and not case.level.pages:
            case.ask(Clarify.SURE, flag_word=True)
            return
        case.levels.append(Level.EMERGENCY if asked is Asked.RED_FLAGS_A else Level.URGENT)
        case.note("answer", answered.start, answered.end, "answer.yes")
        if asked is not Asked.RED_FLAGS_A:
            case.topics.append(Clarify.WHICH_ONE)
    elif answered.answer is Answer.NO:
        case.note("no_symptoms", answered.start, answered.end, "answer.no")
        if not case.levels:
            case.flags["no_symptoms"] = Level.NORMAL
    elif _only_noise(case):
        case.ask(Clarify.SURE, flag_word=False)


def _only_noise(case: Case) -> bool:
    """ "Ok", "k", "sounds good", a thumb, a bare digit: never a no (rule 10)."""
    reading = case.reading
    if is_bare_number(reading, case.lexicon):
        return case.level is Level.NORMAL and not case.evidence
    names = set().union(*reading.covered)
    polite = [token for at, token in enumerate(reading.tokens) if "courtesy" in reading.covered[at]]
    said = set().union(*(covered for covered in reading.covered if "courtesy" not in covered))
    other = [e for e in case.evidence if not any(t.start <= e.start and e.end <= polite[-1].end for t in polite)]
    if said & {"clear", "good", "reported_fine"} or case.level is not Level.NORMAL or other:
        return False
    return all(
        token.is_sign or reading.covered[at] & {"courtesy", "filler", "yes", "title"}
        for at, token in enumerate(reading.tokens)
    ) and (any(not token.is_sign for token in reading.tokens) or "courtesy" in names)


def is_bare_number(reading: Reading, lexicon: Lexicon) -> bool:
    """One number and nothing else."""
    said = [token for token in reading.tokens if not token.is_sign]
    return len(said) == 1 and (said[0].is_number or said[0].word in lexicon.numbers)


def _to_other(case: Case, answered: Answered, *, asked: Asked, day: int | None) -> None:
    thresholds = case.lexicon.red_flags.thresholds
    yes = answered.answer is Answer.YES
    where = (answered.start, answered.end)
    if asked is Asked.SORENESS and yes:
        late = day is not None and day > thresholds.soreness_to_day
        case.raise_flag("persistent_soreness" if late else "expected_soreness", *where, "answer.yes")
    elif asked is Asked.SORENESS:
        case.raise_flag("no_symptoms", *where, "answer.no")
    elif asked is Asked.RELIEF and yes:
        case.raise_flag("good_relief", *where, "answer.yes")
    elif asked is Asked.RELIEF:
        if day is not None and day >= thresholds.steroid_works_from_day:
            case.raise_flag("relief_ended", *where, "answer.no")
    elif asked is Asked.CLARIFY and yes:
        case.ask(Clarify.SURE, flag_word=True)
        case.note("answer", *where, "answer.yes")
    elif not yes and asked is not Asked.NONE:
        case.note("no_symptoms", *where, "answer.no")


def weigh_score(case: Case, score: Score | None, facts: PatientFacts) -> None:
    """Rule 9: the score's own level; words were weighed before."""
    if score is None:
        return
    rules = case.lexicon.red_flags.thresholds.pain
    level, rule = meaning_of(score.pain, facts, rules)
    number = score.number
    if facts.day is not None and facts.day < 0:
        level, rule = (Level.NORMAL, "pain.before_procedure")
    case.note("pain", number.start, number.end, rule)
    for span in case.reading.of("pain"):
        case.explained.update(range(span.start, span.end))
    case.levels.append(level)
    if level is Level.URGENT:
        case.raise_flag("worsening_pain", number.start, number.end, rule)
    elif level is Level.UNCLEAR:
        case.topics.append(Clarify.PAIN_VS_BEFORE)
    elif facts.baseline is not None and score.pain * 2 <= facts.baseline:
        case.raise_flag("good_relief", number.start, number.end, rule)


def intents_of(case: Case) -> tuple[Intent, ...]:
    """What the text wants; a person's death is a work item (rule 23)."""
    found = []
    for concept, intent in _INTENTS:
        spans = case.reading.of(concept)
        if spans:
            found.append(intent)
            case.note(concept, spans[0].start, spans[0].end, f"intent.{concept}")
    if Intent.PATIENT_DIED in found:
        case.levels.append(Level.ROUTINE)
    if case.reading.of("asks", "asks_open") or "?" in case.reading.text:
        found.append(Intent.QUESTION)
    return tuple(found)
