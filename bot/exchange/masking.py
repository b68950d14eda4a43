"""Takes out of a text what tells who wrote it, as far as a rule can: names and record numbers that are known, telephone
numbers, e-mail and street addresses, dates. Temperatures, scores and "since Tuesday" stay: triage learns from them."""

from __future__ import annotations

import re
from collections.abc import Collection

# What stands in place of theirs.
SOMEBODY, NUMBER, ADDRESS = "Alex", "555-0100", "name@example.org"
RECORD, DATE, STREET = "M-0000", "1/1/2000", "1 Main Street"

LEAST_OF_A_NAME = 3  # letters: an initial is in every other word
LEAST_OF_A_RECORD = 4  # letters and digits: "7" is a record number somewhere, and a score everywhere
LEAST_OF_A_NUMBER = 7  # digits


def without_names(words: str, names: Collection[str], records: Collection[str] = ()) -> str:
    """The words with all of that replaced.

    :param names: of the patient and whoever texts.
    :param records: the patient's record numbers.
    """
    words = _ADDRESS.sub(ADDRESS, words)
    for record in records:
        words = _record(record).sub(RECORD, words)
    words = _BORN.sub(lambda found: found[1] + DATE, words)
    for date in _DATES:
        words = date.sub(DATE, words)
    for street in _STREETS:
        words = street.sub(STREET, words)
    words = _NUMBER.sub(_number, words)
    parts = {part for name in names for part in re.findall(r"\w+", name) if len(part) >= LEAST_OF_A_NAME}
    return _any_of(parts).sub(SOMEBODY, words) if parts else words


def _any_of(parts: Collection[str]) -> re.Pattern[str]:
    whole = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
    return re.compile(rf"\b(?:{whole})\b", re.IGNORECASE)


def _record(record: str) -> re.Pattern[str]:
    """However it is spaced: "M-0111", "m 0111", "M0111". A short one only as it is written, and never a bare one."""
    signs = re.findall(r"\w", record)
    if len(signs) >= LEAST_OF_A_RECORD:
        whole = r"[\W_]{0,2}".join(map(re.escape, signs))
    elif len(record) > len(signs) > 1:
        whole = re.escape(record)
    else:
        return _NEVER
    return re.compile(rf"(?<!\w){whole}(?!\w)", re.IGNORECASE)


_NEVER = re.compile(r"(?!)")
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.\w+")
_NUMBER = re.compile(r"\(?\+?\d(?:[ ().-]{0,2}\d){6,}")
_MEASURED = re.compile(r"[1-9]?\d|10\d|110|\d{2,3}\.\d")  # a score, a temperature


def _number(found: re.Match[str]) -> str:
    """Scores and temperatures in a row are no telephone number."""
    measured = all(_MEASURED.fullmatch(one) for one in found[0].split())
    return found[0] if measured else NUMBER


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary|rero)?|mar(?:ch|zo)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember|iembre)?"
    r"|setiembre|oct(?:ober|ubre)?|nov(?:ember|iembre)?|dec(?:ember)?|enero|ene|abr(?:il)?|mayo|junio|julio"
    r"|ago(?:sto)?|dic(?:iembre)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NTH = r"(?:st|nd|rd|th)"
_YEAR = r"(?:19|20)\d\d"
_TEXT = re.IGNORECASE | re.VERBOSE
_DATES = (
    re.compile(rf"\b{_YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.]{_DAY}\b"),
    re.compile(rf"\b{_DAY}([-/.]){_DAY}\1{_YEAR}\b"),
    re.compile(rf"\b{_DAY}/{_DAY}/\d\d\b(?!/)"),
    re.compile(rf"\b{_DAY} {_NTH}?[ ]?(?:of[ ]|de[ ])?{_MONTH}\b\.?(?:,?[ ](?:del?[ ])?{_YEAR}\b)?", _TEXT),
    re.compile(rf"\b(?:{_MONTH}|may)\b\.?[ ]?{_DAY}{_NTH}?\b(?:[ ]?-[ ]?{_DAY}\b)?(?:,?[ ]{_YEAR}\b)?", _TEXT),
    # "on day 3 may be worse" is no date: this month needs an ordinal, an "of" or a year
    re.compile(rf"\b{_DAY}(?:{_NTH}[ ]?(?:of[ ])?|[ ]of[ ])may\b(?:,?[ ]{_YEAR}\b)?", _TEXT),
    re.compile(rf"\b{_DAY}[ ]may,?[ ]{_YEAR}\b", _TEXT),
    re.compile(rf"\b(?:{_MONTH}|may)\b\.?,?[ ](?:del?[ ])?{_YEAR}\b", _TEXT),
)
_BORN = re.compile(
    rf"""\b((?:d\.?o\.?b\.?|date[ ]of[ ]birth|birth[ ]?(?:day|date)|born
    |fecha[ ]de[ ]nacimiento|cumplea[ñn]os|nac[ií](?:d[oa])?)
    \W{{1,3}}(?:(?:is|was|on|in|es|era|el|en|the)\W{{1,2}}){{0,2}})(?:{_DAY}[-/.]{_DAY}(?:[-/.]\d{{2,4}})?|{_YEAR})\b""",
    _TEXT,
)

_NO_NAME = (  # "2 blocks down the street", "por la calle unas 3 horas"
    r"(?!(?:the|a|an|my|our|your|this|that|to|on|of|at|in|for|from|and|or|with|down|up|across|by|after|before|was|is|am"
    r"|out|days?|hours?|hrs?|min|mins|minutes?|weeks?|months?|miles?|blocks?|times?|pills?|mg|feet|ft|steps?|laps?|people"
    r"|desde|hace|por|con|en|y|o|me|un[ao]s?|como|durante|cada|hasta|casi|solo|camin\w*|sin|que|ya|a)\b)"
)
_WORD = rf"{_NO_NAME}[^\W\d_][\w'’-]*\.?"
_ORDINAL = r"\d{1,3}(?:st|nd|rd|th)"
_COMPASS = r"(?:[nsew]{1,2}\.?|north|south|east|west)"
_REST = r"""(?:,?[ ](?:apt|apartment|unit|suite|ste|\#)\.?[ ]?\#?\w{1,5}\b)?
    (?:,?[ ](?-i:[A-Z]\w+(?:[ ][A-Z]\w+)?,?[ ])?(?-i:[A-Z]{2})[ ]\d{5}(?:-\d{4})?\b)?"""
_STREETS = (
    re.compile(
        rf"""\b\d{{1,5}}[ ](?:{_COMPASS}[ ])?(?:{_ORDINAL}|{_WORD}(?:[ ]{_WORD}){{0,2}})[ ]
        (?:street|avenue|ave|road|rd|lane|ln|boulevard|blvd|parkway|pkwy|highway|hwy)\b\.?{_REST}""",
        _TEXT,
    ),
    # "3 hours to drive", "told the dr": what is also a plain word must be written as a name
    re.compile(
        rf"""\b\d{{1,5}}[ ](?:[NSEW]{{1,2}}\.?[ ]|(?:North|South|East|West)[ ])?
        (?:{_ORDINAL}|[A-Z][\w'’-]+(?:[ ][A-Z][\w'’-]+){{0,2}})[ ]
        (?:St|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Ter|Circle|Cir|Trail|Trl)\b\.?(?i:{_REST})""",
        re.VERBOSE,
    ),
    re.compile(
        rf"""\b(?:calle|c/|avenida|avda?\.|av\.|carrera|paseo|plaza|camino|carretera)[ ]?
        (?:(?:de|del|la|las|los|el)[ ])*{_WORD}(?:[ ]{_WORD}){{0,3}},?[ ]
        (?:n[.º°o]{{1,2}}[ ]?|n[úu]mero[ ]|\#[ ]?)?\d{{1,5}}\b
        (?![ ]?(?:horas?|min|d[ií]as?|veces|cuadras?|semanas?|km|kil|pasos|mg|[./:]\d))""",
        _TEXT,
    ),
    re.compile(r"\bp\.?[ ]?o\.?[ ]?box[ ]\#?\d+\b", _TEXT),
    re.compile(r"\b(?:zip(?:[ ]code)?|c[óo]digo[ ]postal)\W{1,3}(?:(?:is|es)\W)?\d{5}(?:-\d{4})?\b", _TEXT),
)
