"""Finds the numbers in a text and what stands beside them; it never says what a number measures."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.words import Particle
from bot.triage.lexicon import Lexicon
from bot.triage.patterns import Span
from bot.triage.reading import Reading

_MOST_BESIDE = 40  # words of one comma part that are looked at: a bound for hostile texts
_MOST_NUMBERS = 40
_HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Number:
    """A number said by the tokens `start` up to `end`, in digits or as a word."""

    value: float
    start: int
    end: int
    digits: str
    out_of: int | None = None

    @property
    def span(self) -> Span:
        return Span("number", self.start, self.end)


def numbers_of(reading: Reading, lexicon: Lexicon) -> list[Number]:
    """Every number, in order; "7/10" and "seven out of ten" are one number."""
    found: list[Number] = []
    at = 0
    while at < len(reading.tokens) and len(found) < _MOST_NUMBERS:
        number = _number_at(reading, lexicon, at)
        if number is None:
            at += 1
            continue
        found.append(number)
        at = number.end
    return found


def _value_at(reading: Reading, lexicon: Lexicon, at: int) -> float | None:
    if at >= len(reading.tokens):
        return None
    token = reading.tokens[at]
    if token.is_number:
        return float(token.word.replace(",", ".")[:12])
    if "not_number" in reading.covered[at]:
        return None
    value = lexicon.numbers.get(token.word)
    return None if value is None else float(value)


def _number_at(reading: Reading, lexicon: Lexicon, at: int) -> Number | None:
    value = _value_at(reading, lexicon, at)
    if value is None:
        return None
    word = reading.tokens[at].word
    end = at + 1
    added = (
        _ones_after(reading, lexicon, at, value)
        or _rest_after(reading, lexicon, at, value)
        or _hundreds_after(reading, lexicon, at, value)
    )
    if added is not None:
        value, end, word = added
    half = next((span for span in reading.beginning.get(end, ()) if span.concept == "and_half"), None)
    if half is not None:
        value, end = value + 0.5, half.end
    scale_at = _scale_at(reading, end)
    scale = _value_at(reading, lexicon, scale_at) if scale_at is not None else None
    if scale_at is not None and scale in (10.0, 100.0, 5.0, 4.0, 6.0):
        return Number(value, at, scale_at + 1, word, int(scale))
    plain = Number(value, at, end, word)
    is_article = word in reading.particles[Particle.ONE] and not _alone(reading, at)
    if is_article and not preceded_by(reading, plain, "now_before", "then_before"):
        return None
    return plain


def _ones_after(reading: Reading, lexicon: Lexicon, at: int, tens: float) -> tuple[float, int, str] | None:
    """ "Treinta y ocho" is 38, "eighty five" 85, and "treinta y ocho nueve" 38.9: said as one reads a thermometer."""
    tokens = reading.tokens
    if tokens[at].is_number or not 20 <= tens <= 90 or tens % 10 or at + 1 >= len(tokens):
        return None
    joined = reading.does(at + 1, Particle.TENS)
    at += 2 if joined else 1
    ones = _digit_at(reading, lexicon, at)
    if ones is None or (not joined and reading.does(at, Particle.ONE)):
        return None
    value = int(tens + ones)
    tenths = _digit_at(reading, lexicon, at + 1) if joined and 35 <= value <= 41 else None
    if tenths is None:
        return float(value), at + 1, str(value)
    return value + tenths / 10, at + 2, f"{value}.{tenths}"


def _hundreds_after(reading: Reading, lexicon: Lexicon, at: int, ones: float) -> tuple[float, int, str] | None:
    """ "Three hundred and ninety" is 390, "two hundred" 200."""
    after = at + 1
    if reading.tokens[at].is_number or not 1 <= ones <= 9 or after >= len(reading.tokens):
        return None
    if reading.tokens[after].is_number or _value_at(reading, lexicon, after) != _HUNDRED:
        return None
    hundreds, after = ones * _HUNDRED, after + 1
    joint = after < len(reading.tokens) and "conjunction" in reading.covered[after]
    rest = _value_at(reading, lexicon, after + joint)
    if rest is None or reading.tokens[after + joint].is_number or not 1 <= rest < _HUNDRED:
        return hundreds, after, str(int(hundreds))
    tens = _ones_after(reading, lexicon, after + joint, rest)
    value, end = (tens[0], tens[1]) if tens is not None else (rest, after + joint + 1)
    return hundreds + value, end, str(int(hundreds + value))


def _rest_after(reading: Reading, lexicon: Lexicon, at: int, hundreds: float) -> tuple[float, int, str] | None:
    """ "Trescientos diez" is 310, "ciento dos" 102, "doscientos treinta y cinco" 235."""
    after = at + 1
    if reading.tokens[at].is_number or not 100 <= hundreds <= 900 or after >= len(reading.tokens):
        return None
    rest = _value_at(reading, lexicon, after)
    if rest is None or reading.tokens[after].is_number or not 1 <= rest < 100:
        return None
    ones = _ones_after(reading, lexicon, after, rest)
    value, end = (ones[0], ones[1]) if ones is not None else (rest, after + 1)
    return hundreds + value, end, str(int(hundreds + value))


def _digit_at(reading: Reading, lexicon: Lexicon, at: int) -> int | None:
    if at >= len(reading.tokens) or reading.tokens[at].is_number:
        return None
    value = lexicon.numbers.get(reading.tokens[at].word)
    return value if value is not None and 1 <= value <= 9 else None


def _scale_at(reading: Reading, at: int) -> int | None:
    if at < len(reading.tokens) and reading.tokens[at].word in "/":
        return at + 1
    for span in reading.beginning.get(at, ()):
        if span.concept == "out_of":
            return span.end
    return None


def _alone(reading: Reading, at: int) -> bool:
    """ "One" counts only where it is all that a part says, give or take courtesy; "uno ... y porque barrí" too."""
    if at == 0 and len(reading.tokens) > 1 and _gives_reason(reading, 1):
        return True
    part = reading.part[at]
    return all(
        token.is_sign or index == at or reading.covered[index] & {"filler", "courtesy", "score_word", "pain", "back"}
        for index, token in enumerate(reading.tokens)
        if reading.part[index] == part
    )


def _gives_reason(reading: Reading, at: int) -> bool:
    """What stands behind a score that opens the text: "... and that's because", "y porque barrí"."""
    while at < len(reading.tokens) and (reading.tokens[at].is_sign or "conjunction" in reading.covered[at]):
        at += 1
    return any(span.concept == "relative" for span in reading.beginning.get(at, ()))


def followed_by(reading: Reading, number: Number, *concepts: str) -> bool:
    """Whether one of the concepts begins right after the number."""
    if number.end >= len(reading.tokens):
        return False
    return any(span.concept in concepts for span in reading.beginning.get(number.end, ()))


def preceded_by(reading: Reading, number: Number, *concepts: str) -> bool:
    """Whether one of the concepts ends right before the number."""
    return any(span.concept in concepts for span in reading.ending.get(number.start, ()))
