"""What tells who wrote a text goes; what triage learns from stays, letter by letter."""

from __future__ import annotations

import re
from time import perf_counter

import pytest

from bot.exchange.masking import DATE, NUMBER, RECORD, SOMEBODY, STREET, without_names


def test_names_go_in_every_case_and_other_words_stay() -> None:
    assert without_names("AMY amy Amyloid Stone's stones", ["Amy Stone"]) == "Alex Alex Amyloid Alex's stones"
    assert without_names("write to amy@home.org", []) == "write to name@example.org"
    assert without_names("I am", ["I Am"]) == "I am"
    assert without_names("Amy of 12 Elm Street", ["Amy Stone"]) == f"{SOMEBODY} of {STREET}"


@pytest.mark.parametrize(
    ("words", "record", "left"),
    [
        ("my number is M-0111.", "M-0111", f"my number is {RECORD}."),
        ("m 0111 here", "M-0111", f"{RECORD} here"),
        ("M0111 and M01112", "M-0111", f"{RECORD} and M01112"),
        ("chart 123456", "123456", f"chart {RECORD}"),
        ("123-456 it is", "123456", f"{RECORD} it is"),
        ("z-1 or z1 or 1", "Z-1", f"{RECORD} or z1 or 1"),
        ("pain 7 today", "7", "pain 7 today"),
        ("pain 12 of 10", "12", "pain 12 of 10"),
    ],
)
def test_the_patients_record_number_goes(words: str, record: str, left: str) -> None:
    assert without_names(words, [], [record]) == left


@pytest.mark.parametrize(
    "number",
    ["(913) 555-0111", "913-555-0111", "913 555 0111", "9135550111", "+1 913 555 0111", "913.555.0111", "555-0111",
     "+34 612 345 678", "612 34 56 78"],
)  # by rows, not an item a line  # fmt: skip
def test_telephone_numbers_go(number: str) -> None:
    assert without_names(f"call {number} now", []) == f"call {NUMBER} now"


@pytest.mark.parametrize(
    "date",
    ["March 14", "march 14th", "Mar. 14, 2026", "14 March 2026", "the 14th of march", "14th march", "May 1",
     "1st of May", "1 may 1999", "may 2026", "3/14/2026", "03-14-2026", "14.3.2026", "2026-03-14", "3/14/26",
     "el 14 de marzo", "14 de marzo de 2026", "1 de mayo", "marzo del 2026", "Dec 3-5", "3 sept"],
)  # by rows, not an item a line  # fmt: skip
def test_dates_that_are_written_out_go(date: str) -> None:
    said = re.sub(r"^(the|el) ", "", date)
    assert without_names(f"numb since {date}, worse", []) == f"numb since {date}, worse".replace(said, DATE)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("dob 5/1/99", f"dob {DATE}"),
        ("DOB: 05-01-1999", f"DOB: {DATE}"),
        ("my date of birth is 5/1", f"my date of birth is {DATE}"),
        ("I was born in 1999", f"I was born in {DATE}"),
        ("born on May 1, 1999", f"born on {DATE}"),
        ("nací el 1/5/1999", f"nací el {DATE}"),
        ("naci en 1999", f"naci en {DATE}"),
        ("fecha de nacimiento: 1-5-99", f"fecha de nacimiento: {DATE}"),
    ],
)
def test_birth_dates_go(words: str, left: str) -> None:
    assert without_names(words, []) == left


@pytest.mark.parametrize(
    "street",
    ["123 Main St", "123 main street", "45 Oak Drive", "4500 W 119th St", "7 N. Elm Way", "12 Martin Luther King Blvd.",
     "1200 NW 5th Ave, apt 3B", "123 Main Street, Overland Park, KS 66205", "calle Mayor 12", "Calle de Alcalá, 45",
     "avenida Benito Juárez #123", "PO Box 1234", "zip code 66205"],
)  # by rows, not an item a line  # fmt: skip
def test_street_addresses_go(street: str) -> None:
    assert without_names(f"I am at {street} now", []) == f"I am at {STREET} now"


@pytest.mark.parametrize(
    "words",
    [
        "pain 7, temp 101.5, since 3/14",
        "temps 101.5 100.2 99.8 and 98.6",
        "scores were 7 6 5 5 4 3 2 1",
        "10 9 8 7 6 5 4",
        "fever 38.5 since Tuesday, 7/10 now, was 9 of 10",
        "bp 120/80 at 3:15, pulse 72",
        "on day 3 may be worse",
        "may be 7 and march on",
        "walked 2 blocks down the street",
        "it took 3 hours to drive, then 10 min drive home",
        "2 pills on the way to the dr",
        "told the dr 4 times, 5 on the road",
        "caminé por la calle unas 3 horas",
        "fui a la calle hace 2 días y por la calle 3 veces",
        "took 600 mg ibuprofen dr said ok",
        "since last march, in 2 weeks, at 10-12 and 2-4",
        "7-8-10 over the days",
        "it started 5 days ago around 4 am",
    ],
)
def test_measures_scores_and_times_stay(words: str) -> None:
    assert without_names(words, [], ["M-0111"]) == words


@pytest.mark.parametrize("part", ["1 ", "a", "x@", "1-", "3 n ", "(1", "calle de ", "may 1 "])
def test_a_text_made_to_cost_time_costs_none(part: str) -> None:
    """The longest text that the provider passes on has 1,600 characters; this one took a minute."""
    begun = perf_counter()
    without_names(part * (6000 // len(part)), ["Amy Stone"], ["M-0111"])
    assert perf_counter() - begun < 2
