"""Weighs frames, combinations and numbers into a case; yes, no and intents are not its business."""

from __future__ import annotations

from collections.abc import Collection

from bot.content.red_flags import Frame
from bot.triage.case import Case
from bot.triage.frames import Hit, hits_of
from bot.triage.guards import lowered
from bot.triage.measures import sugars_of
from bot.triage.numbers import Number
from bot.triage.patterns import Span
from bot.triage.reading import Reading
from bot.triage.temperature import Degrees
from bot.vocabulary import Asked, Clarify, Flag, Level, PatientFacts

_BESIDE = 1  # words between "fever" and its number: "of", "at"
_NO_COUNT = 30  # under it a number after "fever" counts days or times
_SAYS_HOW_HIGH = 4  # words between "high" and its number
_PREOP = frozenset({"fever", "chills", "infection_signs", "other_symptom", "medication_question"})


def weigh_frames(case: Case, *, asked: Asked, facts: PatientFacts) -> list[Hit]:
    """Every flag that stands is raised; every flag that a guard lowered leaves the guard's cue as evidence."""
    hits = hits_of(case.reading, case.lexicon, asked=asked, day=facts.day)
    for hit in hits:
        if hit.guard is None:
            case.raise_flag(hit.said, hit.start, hit.end, hit.frame)
        else:
            case.note(hit.said, hit.guard.start, hit.guard.end, f"guard.{hit.guard.guard}")
            case.explained.update(range(hit.start, hit.end))
            _weigh_guard(case, hit, facts)
    _weigh_exceptions(case, hits)
    return hits


def _weigh_exceptions(case: Case, hits: list[Hit]) -> None:
    """ "No numbness. Well, except my toes": the place after the exception has what was denied before it (rule 2)."""
    reading = case.reading
    for cue in reading.of("exception"):
        clause = reading.clause[cue.start]
        here = [span for span in reading.spans if reading.clause[span.start] == clause]
        places = [span for span in here if reading.kinds[span.concept] == "region"]
        if not places or any(reading.kinds[span.concept] == "state" for span in here):
            continue
        denied = [hit for hit in hits if hit.guard is not None and 0 < clause - reading.clause[hit.core.start] <= 2]
        for hit in denied:
            said = {flag for flag, frame in case.lexicon.frames[hit.core.concept] if _names(frame, places)}
            for flag in said or {hit.said}:
                case.raise_flag(flag, cue.start, places[0].end, "exception")


def _names(frame: Frame, places: list[Span]) -> bool:
    return len(frame.parts) == 2 and any(place.concept in frame.parts[1] for place in places)


def _weigh_guard(case: Case, hit: Hit, facts: PatientFacts) -> None:
    rule = case.lexicon.rule(hit.said)
    if rule is None or not rule.level.pages or hit.guard is None or hit.guard.guard != "old":
        return
    if not _on_chart(case, hit, facts):
        case.levels.append(Level.ROUTINE)  # rule 4: old, unchanged, and the chart does not say so


def _on_chart(case: Case, hit: Hit, facts: PatientFacts) -> bool:
    """Whether the chart names the same place; it is read as plain words, in whatever form the clinic wrote it."""
    reading = case.reading
    places = reading.regions.get(reading.clause[hit.core.start], ())
    words = {reading.tokens[at].word for place in places for at in range(place.start, place.end)}
    return any(word in words for line in facts.chart for word in line.lower().split())


def weigh_combinations(case: Case) -> None:
    """Two findings that together are worse than each (fever with a stiff neck)."""
    for combination in case.lexicon.red_flags.combinations:
        if all(case.said.intersection(part) for part in combination.all):
            named = {name for part in combination.all for name in part}
            places = [item for item in case.evidence if item.flag in named and not item.rule.startswith("guard.")]
            first = min(places, key=lambda item: item.start)
            case.evidence.append(type(first)(combination.flag, first.quote, first.start, first.end, combination.name))
            rule = case.lexicon.rule(combination.flag)
            if rule is not None:
                case.flags[combination.flag] = rule.level
                case.levels.append(rule.level)


def weigh_temperatures(case: Case, degrees: list[Degrees], *, facts: PatientFacts) -> float | None:
    """The highest body temperature in degrees Celsius; flags by triage.md rules 8 and 19."""
    rules = case.lexicon.red_flags.thresholds.temperature
    rule = case.lexicon.rule("fever")
    guards = rule.guards if rule else ()
    stands = [d for d in degrees if _by_itself(case.reading, d.number) or _stands(case.reading, d.number, guards)]
    taken = [
        s
        for s in case.reading.of("fever_medicine")
        if lowered(case.reading, s, ("negated",), gone_counts=False) is None
    ]
    for each in stands:
        case.explained.update(range(each.number.start, each.number.end))
        if each.celsius >= rules.fever_c:
            case.raise_flag("fever", each.number.start, each.number.end, "temperature.fever")
        elif each.celsius < rules.low_c:
            case.ask(Clarify.TEMPERATURE, flag_word=False)
        elif each.celsius >= rules.near_fever_c and taken:
            case.raise_flag("fever", each.number.start, each.number.end, "temperature.masked")
        elif each.celsius >= rules.masked_c and taken:
            case.ask(Clarify.TEMPERATURE, flag_word=True)
    warmest = max(stands, key=lambda d: d.celsius, default=None)
    if warmest is not None and warmest.celsius < rules.near_fever_c:
        _word_against_number(case, warmest)
    return None if warmest is None else warmest.celsius


def _stands(reading: Reading, number: Number, guards: Collection[str]) -> bool:
    """No guard reaches the number; the "no" of "38,7 y tiritona no" denies the shivers only."""
    off = lowered(reading, number.span, guards, gone_counts=False)
    if off is None:
        return not _of_another(reading, number, guards)
    between = range(number.end, off.start)
    said = {reading.kinds[name] for at in between for name in reading.covered[at]}
    return off.guard == "negated" and "state" in said


def _of_another(reading: Reading, number: Number, guards: Collection[str]) -> bool:
    """ "My neighbor has a fever of 102": the number is his whose fever it is, if nothing else stands between."""
    clause = reading.clause[number.start]
    beside = [s for s in reading.in_clause(clause, "fever", "temp_word") if 0 <= number.start - s.end <= _BESIDE]
    off = [lowered(reading, span, guards, gone_counts=False) for span in beside]
    return any(
        each is not None and each.guard == "other" and "thing" not in reading.covered[each.start] for each in off
    )  # "the machine read 102.5"


def _by_itself(reading: Reading, number: Number) -> bool:
    """ "No fever, 101.2": the number stands after the word that was denied; "no fever over 101" denies the number."""
    at = number.start - 1
    if at < 0 or number.value < _NO_COUNT or "fever" in reading.covered[number.start]:
        return False
    if reading.tokens[at].word in ",:":
        at -= 1
    denied = any("fever" in reading.covered[at] for at in (at,) if at >= 0)
    return denied and not any(span.start < at for span in reading.in_clause(reading.clause[at], "hyp", "other", "past"))


def _word_against_number(case: Case, warmest: Degrees) -> None:
    """ "Fever" said beside a number under the threshold, or in the next clause: asked again, not paged (rule 19)."""
    if case.reading.of("fever_medicine") or case.reading.of("then_time"):
        return
    clause = case.reading.clause[warmest.number.start]
    said = [
        span
        for near in (clause - 1, clause, clause + 1)
        for span in case.reading.in_clause(near, "fever", "hot_body", "warm")
    ]
    places = [e for e in case.evidence if e.flag == "fever" and not e.rule.startswith("guard.")]
    if said and places and "fever" in case.flags:
        del case.flags["fever"]
        for _ in places:
            case.levels.remove(Level.URGENT)
        case.ask(Clarify.TEMPERATURE, flag_word=True)


def weigh_sugars(case: Case, numbers: list[Number]) -> set[int]:
    """Blood sugars by triage.md `very_high_sugar`; the tokens that were sugar. A number is of today, never of old."""
    taken: set[int] = set()
    for sugar in sugars_of(case.reading, numbers, case.lexicon.red_flags.thresholds.sugar):
        taken.update(range(sugar.number.start, sugar.number.end))
        flag = {
            Level.EMERGENCY: "sugar_crisis",
            Level.URGENT: "very_high_sugar",
            Level.ROUTINE: "steroid_effect",
        }[sugar.level]
        rule = case.lexicon.rule(flag)
        guards = [guard for guard in rule.guards if guard != "old"] if rule and sugar.level.pages else ()
        off = lowered(case.reading, sugar.number.span, guards, gone_counts=False)
        if off is not None:
            case.note(flag, off.start, off.end, f"guard.{off.guard}")
            continue
        case.raise_flag(flag, sugar.number.start, sugar.number.end, sugar.rule, sugar.level)
        if sugar.level is Level.ROUTINE:
            _sugar_word_against_number(case, sugar.number)
    return taken


def _sugar_word_against_number(case: Case, number: Number) -> None:
    """ "Sugar is a bit high, 208": the number says how high, where it follows the only such word."""
    said = case.reading.of("sugar_high")
    ends = {span.end for span in said}  # "la azúcar alta" and the "azúcar alta" in it are one
    told = [each for each in case.evidence if each.flag == "very_high_sugar" and not each.rule.startswith("guard.")]
    if len(ends) == 1 and len(told) == len(said) and 0 <= number.start - min(ends) <= _SAYS_HOW_HIGH:
        case.flags.pop("very_high_sugar", None)
        case.said.discard("very_high_sugar")
        for each in told:
            case.levels.remove(Level.URGENT)
            case.evidence.remove(each)


def weigh_preop(case: Case, facts: PatientFacts) -> None:
    """Before the procedure an infection is a matter for the schedule (rule 14); emergencies are the same."""
    if facts.day is None or facts.day >= 0:
        return
    moved = [flag for flag in case.flags if flag in _PREOP]
    if not moved and not any(flag == "preop_issue" for flag in case.flags):
        return
    soon = (facts.hours is not None and facts.hours > -24) or (facts.hours is None and facts.day == -1)
    level = Level.URGENT if soon else Level.ROUTINE
    for flag in moved:
        del case.flags[flag]
    case.flags[Flag("preop_issue")] = level
    paging = [case.flags[flag] for flag in case.flags]
    asked = [each for each in case.levels if each is Level.UNCLEAR]
    case.levels = [*paging, *asked]
