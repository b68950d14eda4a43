"""Reads percent relief and blood sugar in a text; it leaves pain and temperature to their own modules."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.red_flags import SugarRules
from bot.triage.numbers import Number, followed_by, preceded_by
from bot.triage.reading import Reading
from bot.vocabulary import Asked, Level

_WORDED = (("relief_all", 100), ("relief_most", 80), ("relief_half", 50), ("relief_none", 0))


def relief_of(reading: Reading, numbers: list[Number], asked: Asked) -> tuple[int, Number | None] | None:
    """Percent relief of the usual pain, 0-100; words like "about half" count when it was asked."""
    for number in numbers:
        if 0 <= number.value <= 100 and _is_percent(reading, number):
            return round(number.value), number
    if asked is Asked.RELIEF:
        return _asked_relief(reading, numbers)
    large = [n for n in numbers if 10 < n.value <= 100 and n.out_of is None and _alone_in_part(reading, n)]
    beside = asked is Asked.PAIN or any(n.value <= 10 and _alone_in_part(reading, n) for n in numbers)
    return (round(large[0].value), large[0]) if large and beside else None


def _is_percent(reading: Reading, number: Number) -> bool:
    if not followed_by(reading, number, "percent"):
        return False
    clause = reading.clause[number.start]
    return not reading.in_clause(clause, "not_relief")


def _asked_relief(reading: Reading, numbers: list[Number]) -> tuple[int, Number | None] | None:
    plain = [n for n in numbers if n.out_of in (None, 100) and 0 <= n.value <= 100 and not _measured(reading, n)]
    alone = [n for n in plain if n.value > 10 or len(reading.tokens) <= 6]
    if alone:
        return round(alone[0].value), alone[0]
    for concept, percent in _WORDED:
        if reading.of(concept):
            return percent, None
    return None


def _measured(reading: Reading, number: Number) -> bool:
    return followed_by(reading, number, "unit", "time_unit") or preceded_by(reading, number, "not_score_before")


def _alone_in_part(reading: Reading, number: Number) -> bool:
    inside = reading.parts[reading.part[number.start]]
    return len(inside) <= 4 and sum(1 for at in inside if not reading.tokens[at].is_sign) == 1


@dataclass(frozen=True, slots=True)
class Sugar:
    """A blood sugar in mg/dL and the level it means by itself."""

    mg_dl: float
    level: Level
    rule: str
    number: Number


def sugars_of(reading: Reading, numbers: list[Number], rules: SugarRules) -> list[Sugar]:
    """Every number said as a blood sugar (triage.md, `very_high_sugar`)."""
    found = []
    for number in numbers:
        clause = reading.clause[number.start]
        mmol = followed_by(reading, number, "mmol")
        said = mmol or reading.in_clause(clause, "sugar")
        if not said and not (
            _diabetics_number(reading, number, rules)
            or _at_a_meal(reading, number, rules)
            or _brought_up(reading, number, rules)
        ):
            continue
        if followed_by(reading, number, "time_unit", "percent") or number.out_of is not None:
            continue
        if not mmol and number.value >= 34 and not number.digits.isdigit():
            continue  # "36,5 marca el aparatito" is a temperature: mg/dL has no point
        value = number.value * rules.mmol_factor if mmol or number.value < 34 else number.value
        if (
            number.value < 34
            and not mmol
            and "." not in number.digits
            and "," not in number.digits
            and number.value < 10
        ):
            continue
        if rules.least <= value <= rules.most:
            found.append(_judged(reading, value, number, rules))
    return found


def _diabetics_number(reading: Reading, number: Number, rules: SugarRules) -> bool:
    """ "289, 310, 327. Type 2": three digits with no unit, in a text of somebody with diabetes."""
    plain = (
        number.digits.isdigit()
        and rules.unnamed_at_risk <= number.value <= rules.unnamed_most
        and number.out_of is None
    )
    return plain and not _measured(reading, number) and bool(reading.of("diabetic", "sugar_risk"))


def _at_a_meal(reading: Reading, number: Number, rules: SugarRules) -> bool:
    """ "342 before supper": opens its sentence, is too high for a temperature, and a meal follows."""
    opens = number.start == 0 or reading.clause[number.start - 1] != reading.clause[number.start]
    plain = number.digits.isdigit() and rules.unnamed < number.value <= rules.unnamed_most and number.out_of is None
    at_meal = opens and followed_by(reading, number, "meal_time")
    metered = _metered(reading, number)
    mmol = metered and not number.digits.isdigit() and rules.unnamed_mmol < number.value < rules.unnamed_mmol_most
    return mmol or (plain and (at_meal or (number.value >= rules.unnamed_metered and metered)))


def _metered(reading: Reading, number: Number) -> bool:
    """ "The meter read 342", "41 en el aparatico"."""
    return preceded_by(reading, number, "meter_said") or followed_by(reading, number, "meter_said")


def _brought_up(reading: Reading, number: Number, rules: SugarRules) -> bool:
    """ "He was 48. Juice got him up to 90": what sugar mends was a low sugar."""
    plain = number.digits.isdigit() and rules.unnamed_least <= number.value < rules.low and number.out_of is None
    mended = reading.of("sugar_fix") or (_metered(reading, number) and reading.of("sweet_taken", "sweat", "confused"))
    return plain and not _measured(reading, number) and bool(mended)


def _judged(reading: Reading, value: float, number: Number, rules: SugarRules) -> Sugar:
    at_risk = bool(reading.of("sugar_risk"))
    if value < rules.crisis_low:
        return Sugar(value, Level.EMERGENCY, "sugar.very_low", number)
    if value >= rules.high or (at_risk and value >= rules.high_at_risk):
        return Sugar(value, Level.URGENT, "sugar.high", number)
    if value < rules.low:
        return Sugar(value, Level.URGENT, "sugar.low", number)
    return Sugar(value, Level.ROUTINE, "sugar.raised", number)
