"""The enrolment form: what a receptionist types, as `enrol --json` would hold it, or what is wrong with which field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.exchange.enrolment import EnrolmentIn, InputError
from bot.exchange.fields import FieldErrors
from bot.exchange.form import is_minor, read_form
from bot.exchange.places import why_not_textable, zone_of_zip

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")
AMY = {
    "mrn": "A-1", "name": " Amy  Stone ", "born_on": "1999-05-01", "phone": "(913) 555-0111", "language": "en",
    "protocol": "pars_injection", "procedure_on": "2026-03-02", "procedure_at": "09:30", "relation": "self",
    "consent": "yes", "consent_method": "paper", "consent_wording": "2026-01",
}  # by rows, not an item a line  # fmt: skip
LEO = AMY | {"name": "Leo Stone", "born_on": "2010-05-01", "guardian": "parent", "guardian_name": "Amy Stone"}


def read(typed: dict[str, str]) -> EnrolmentIn:
    return read_form(typed, now=NOW, zone=CHICAGO)


def wrong_with(typed: dict[str, str]) -> dict[str, str]:
    with pytest.raises(FieldErrors) as caught:
        read(typed)
    return {error.path: error.words for error in caught.value.errors}


def test_a_short_form_is_a_whole_document() -> None:
    given = read(AMY)
    assert (given.mrn, given.name, given.phone) == ("A-1", "Amy Stone", "+19135550111")
    assert given.procedure.at.astimezone(CHICAGO).isoformat() == "2026-03-02T09:30:00-06:00"
    assert (given.time_zone, given.procedure.sedation) == ("America/Chicago", None)
    assert (given.consent.by, given.consent.wording, given.consent.at) == ("patient", "2026-01", NOW)
    assert given.texters == ()


@pytest.mark.parametrize(
    ("code", "zone"),
    [("66205", "America/Chicago"), ("79901", "America/Denver"), ("85001", "America/Phoenix"),
     ("86503", "America/Denver"), ("32501", "America/Chicago"), ("32301", "America/New_York"),
     ("46402", "America/Chicago"), ("00901", "America/Puerto_Rico"),
     ("99501-1234", "America/Anchorage")],
)  # by rows, not an item a line  # fmt: skip
def test_the_zone_comes_from_the_zip_code_where_a_state_has_two(code: str, zone: str) -> None:
    assert zone_of_zip(code) == zone
    assert read(AMY | {"zip": code}).time_zone == zone
    assert read(AMY | {"zip": code, "time_zone": "Pacific/Honolulu"}).time_zone == "Pacific/Honolulu"


@pytest.mark.parametrize(
    ("code", "words"), [("abc", "is no ZIP code"), ("99999", "does not exist"), ("09012", "Choose the time zone")]
)
def test_a_zip_code_without_a_zone_asks_the_person(code: str, words: str) -> None:
    assert words in wrong_with(AMY | {"zip": code})["zip"]
    with pytest.raises(InputError, match=words):
        zone_of_zip(code)
    assert read(AMY | {"zip": code, "time_zone": "America/Denver"}).time_zone == "America/Denver"


@pytest.mark.parametrize(
    ("number", "words"),
    [("call me", "is not a phone number"), ("913-555-01", "is not a phone number that exists"),
     ("800-555-0100", "is a toll-free number"), ("+44 20 7946 0000", "is not a US number"), ("", "is empty")],
)  # by rows, not an item a line  # fmt: skip
def test_a_number_that_cannot_be_texted_is_refused_in_one_line(number: str, words: str) -> None:
    assert words in wrong_with(AMY | {"phone": number})["phone"]


def test_a_mobile_of_puerto_rico_is_american() -> None:
    assert why_not_textable("+17875551234") == ""


def test_every_field_that_is_wrong_is_named_at_once_in_the_order_of_the_form() -> None:
    found = wrong_with(
        AMY
        | {
            "mrn": "",
            "born_on": "5/1/1999",
            "baseline_pain": "11",
            "procedure_at": "",
            "consent": "",
            "dose_mg": "-1",
            "relation": "spouse",
        }
    )
    assert list(found) == ["mrn", "born_on", "baseline_pain", "dose_mg", "procedure_on", "texter_name", "consent"]
    assert found["baseline_pain"] == "is a whole number from 0 to 10"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"born_on": "2027-01-01"}, "born_on"),
        ({"procedure_on": "2021-03-02"}, "procedure_on"),
        ({"procedure_on": "1998-03-02"}, "procedure_on"),
    ],
)
def test_dates_that_cannot_be_are_said_at_their_field(changed: dict[str, str], field: str) -> None:
    assert list(wrong_with(AMY | changed)) == [field]


def test_what_is_too_long_is_refused_and_never_cut() -> None:
    assert list(wrong_with(AMY | {"history": "; ".join(["old numbness"] * 100)})) == ["history"]
    assert "200 letters" in wrong_with(AMY | {"allergies": "x" * 201})["allergies"]


def test_for_a_minor_somebody_with_authority_agrees() -> None:
    assert read(LEO).consent.by == "parent"
    assert read(LEO).emergency_contact == "Amy Stone"
    assert list(wrong_with(LEO | {"guardian": ""})) == ["guardian"]
    assert list(wrong_with(LEO | {"guardian_name": ""})) == ["guardian_name"]


def test_a_guardian_with_a_phone_of_their_own_may_text_too() -> None:
    given = read(LEO | {"guardian_phone": "913-555-0122"})
    (mother,) = given.texters
    assert (mother.relation.value, mother.name, mother.phone) == ("parent", "Amy Stone", "+19135550122")
    assert list(wrong_with(LEO | {"guardian_phone": "12"})) == ["guardian_phone"]


def test_a_parent_who_reads_the_texts_need_not_be_named_twice() -> None:
    given = read(LEO | {"relation": "parent", "texter_name": "Amy Stone", "guardian_name": ""})
    assert given.texter is not None
    assert (given.texter.relation.value, given.texter.name, given.consent.by) == ("parent", "Amy Stone", "parent")


def test_a_guardian_who_has_not_agreed_yet_does_not_hold_up_the_patient() -> None:
    assert read(LEO | {"guardian": "not_yet", "guardian_name": ""}).consent.by == "patient"


def test_who_is_a_minor_is_told_by_the_day() -> None:
    assert is_minor("2008-03-03", date(2026, 3, 2))
    assert not is_minor("2008-03-02", date(2026, 3, 2))
    assert not is_minor("soon", date(2026, 3, 2))
