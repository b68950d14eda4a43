"""Reads body temperatures in a text (triage.md rules 8 and 19); it never guesses one without a range or a word."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.red_flags import Temperatures
from bot.triage.numbers import Number, followed_by, preceded_by
from bot.triage.patterns import Span
from bot.triage.reading import Reading

_ILL_WITH_IT = ("stiff_neck", "chills", "shaking", "light_hurts", "purple_skin", "hot_body", "fever_medicine")


@dataclass(frozen=True, slots=True)
class Degrees:
    """A body temperature in degrees Celsius, rounded to hundredths."""

    celsius: float
    number: Number


def temperatures_of(reading: Reading, numbers: list[Number], rules: Temperatures) -> list[Degrees]:
    """Every number that can be a body temperature and is said as one."""
    found = []
    for number in numbers:
        value = _meant(number, rules)
        if value is not None and _said_as_temperature(reading, number):
            found.append(Degrees(_celsius(value, rules), number))
    return found


def _celsius(value: float, rules: Temperatures) -> float:
    low, high = rules.celsius
    return round(value if low <= value <= high else (value - 32) / 1.8, 2)


def _meant(number: Number, rules: Temperatures) -> float | None:
    value = number.value
    if number.out_of is not None:
        return None
    for low, high in (rules.celsius, rules.fahrenheit, (33.0, 34.0), (91.0, 93.0)):
        if low <= value <= high:
            return value
    # "temp 1013" and "temp 986": the point was lost
    if number.digits.isdigit() and len(number.digits) in (3, 4) and 950 <= value <= 1090:
        return value / 10
    return value / 10 if number.digits.isdigit() and 370 <= value <= 419 else None


def _said_as_temperature(reading: Reading, number: Number) -> bool:
    clause = reading.clause[number.start]
    if followed_by(reading, number, "unit", "not_temp_after") or preceded_by(reading, number, "not_temp_before"):
        return False
    if "idiom" in reading.covered[number.start] or _of_a_place(reading, number):
        return False
    asked = number.end < len(reading.tokens) and reading.tokens[number.end].word == "?"
    if asked and reading.clause.count(clause) <= 5:
        return False  # "is it 100? 100.4?" asks for the threshold
    if reading.in_clause(clause, "sugar") or any(
        _near(reading, span, number) for span in reading.in_clause(clause, "not_temp")
    ):
        return False
    if reading.in_clause(clause, "temp_word") or followed_by(reading, number, "degrees"):
        return True
    if _fever_by_itself(reading, number):
        return True
    body = any(ch in number.digits for ch in ".,") and len(number.digits) <= 5
    plain_range = 34 <= number.value <= 43 or 95 <= number.value <= 107
    near = [n for n in (clause - 1, clause + 1) if reading.in_clause(n, "temp_word")]
    return plain_range and (body or bool(near and len(reading.tokens) < 12))


def _near(reading: Reading, other: Span, number: Number) -> bool:
    """ "Hit 100.9, so I'm driving my route": what has a point is taken for something else only in its comma part
    and before an "and"."""
    joined = range(number.end, other.start)
    apart = reading.part[other.start] != reading.part[number.start] or any(
        "conjunction" in reading.covered[at] and len(joined) > 1 for at in joined
    )
    return "." not in number.digits or not apart


def _fever_by_itself(reading: Reading, number: Number) -> bool:
    """ "Had 102 Sunday night": a number that is hardly anything else, with a verb before it or at the start."""
    fever = number.digits.isdigit() and (101 <= number.value <= 105 or 38 <= number.value <= 41)
    if not fever or followed_by(reading, number, "time_unit", "not_score_after", "percent"):
        return False
    if number.start == 0:
        return True
    ill = number.value > 100 or reading.of(*_ILL_WITH_IT)  # "tengo 39" alone may be an age
    if preceded_by(reading, number, "temp_reach") and _ends_its_part(reading, number):
        return True
    return bool(ill) and preceded_by(reading, number, "temp_before")


def _ends_its_part(reading: Reading, number: Number) -> bool:
    """ "No baja de 38": nothing is counted by the number."""
    at = number.end
    return at >= len(reading.tokens) or reading.tokens[at].is_sign or "conjunction" in reading.covered[at]


def _of_a_place(reading: Reading, number: Number) -> bool:
    """ "Here in Yuma 108": the words that say where hold the number too."""
    return any(span.start < number.start < span.end for span in reading.of("not_temp_before"))
