"""FHIR R4 in and out: what we write is valid and comes back whole; an EHR's enrols; what is wrong is refused."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exchange.enrolment import InputError
from bot.exchange.fhir_check import check_bundle
from bot.exchange.fhir_codes import STATUSES
from bot.exchange.fhir_in import read_bundle
from bot.exchange.fhir_out import write_bundle
from bot.exchange.record import (
    AlertRecord,
    AnswerRecord,
    CheckInRecord,
    ConsentRecord,
    PatientRecord,
    ProcedureRecord,
    TexterRecord,
    TextRecord,
)
from bot.exchange.tidy import DICTIONARY, write_dictionary, write_tidy
from tests.conftest import ROOT

AT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = "7d1f2f6e-58c4-4c5c-9a5e-0a3f0a3f0a01"
PROCEDURE = ProcedureRecord(
    key="7d1f2f6e-58c4-4c5c-9a5e-0a3f0a3f0a02", protocol="pars_injection", label="Pars defect injection", at=AT,
    level="L5", side="left", sedation=False, provider="Dr. Rivera", drug="dexamethasone", dose_mg=10.0,
    baseline_pain=7, block_pain=1,
    check_ins=(CheckInRecord("day_1", AT + DAY, "answered"), CheckInRecord("day_5", AT + 5 * DAY, "missed")),
    answers=(
        AnswerRecord(AT + DAY, 1, "pain", 3, "pain_now", "parent", TEXT),
        AnswerRecord(AT + DAY, 1, "relief", 80, "best_relief", "parent", None),
        AnswerRecord(AT + 42 * DAY, 42, "pgic", 2, "pgic", "self", None),
    ),
    alerts=(
        AlertRecord(
            "7d1f2f6e-58c4-4c5c-9a5e-0a3f0a3f0a03", "urgent", ("fever", "chills"), "red_flag", AT + DAY,
            AT + DAY, AT + DAY, "kim", AT + 2 * DAY, "kim", "office_today",
        ),
    ),
)  # by rows, not an item a line  # fmt: skip
JORDAN = PatientRecord(
    key="7d1f2f6e-58c4-4c5c-9a5e-0a3f0a3f0a04", mrn="A-1001", name="Jordan Lee", born_on="2011-05-01", language="en",
    time_zone="America/Chicago", history=("old left foot numbness",), anticoagulant=None, diabetes=None,
    allergies="penicillin", emergency_contact=None,
    texters=(
        TexterRecord("parent", "Dana Lee", "+19135550101", first=True),
        TexterRecord("self", "Jordan Lee", "+19135550102", first=False),
    ),
    consents=(ConsentRecord("parent", "paper", AT - DAY, "2026-01"),),
    procedures=(PROCEDURE,),
    texts=(TextRecord(TEXT, AT + DAY, "in", "reply", "3, about 80 percent", "+19135550101"),),
)  # by rows, not an item a line  # fmt: skip


def bundle_of(record: PatientRecord) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(write_bundle(record, AT + 90 * DAY)))
    return document


def of(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def test_the_bundle_holds_what_was_asked_for_and_is_valid() -> None:
    bundle = bundle_of(JORDAN)
    check_bundle(bundle)
    counts = {kind: len(of(bundle, kind)) for kind in (*STATUSES, "Patient", "RelatedPerson")}
    assert counts == {
        "Procedure": 1, "Appointment": 0, "Observation": 5, "QuestionnaireResponse": 2, "Communication": 1, "Flag": 1,
        "Consent": 1, "Patient": 1, "RelatedPerson": 1,
    }  # by rows, not an item a line  # fmt: skip
    pain = [o for o in of(bundle, "Observation") if o["code"]["coding"][0]["code"] == "72514-3"]
    assert [o["valueQuantity"]["value"] for o in pain] == [7, 1, 3]
    assert {o["code"]["coding"][0]["system"] for o in pain} == {"http://loinc.org"}


def test_every_reference_leads_to_a_resource_of_the_bundle() -> None:
    bundle = bundle_of(JORDAN)
    addresses = {entry["fullUrl"] for entry in bundle["entry"]}
    assert len(addresses) == len(bundle["entry"])

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["reference"]} if "reference" in value else set()
            return own.union(*(references(inner) for inner in value.values()))
        return set().union(*(references(inner) for inner in value)) if isinstance(value, list) else set()

    assert references(bundle["entry"]) <= addresses


def test_what_was_written_comes_back_whole() -> None:
    (arrival,) = read_bundle(bundle_of(JORDAN), protocol="other")
    given = arrival.enrolment
    assert (given.mrn, given.name, given.baseline_pain, given.block_pain) == ("A-1001", "Jordan Lee", 7, 1)
    assert (given.texter, len(given.texters)) == (given.texter, 1)
    assert given.texter is not None
    assert (given.texter.relation.value, given.texter.name, given.phone) == ("parent", "Dana Lee", "+19135550101")
    assert (given.procedure.protocol, given.procedure.sedation, given.procedure.drug) == (
        "pars_injection",
        False,
        "dexamethasone",
    )
    assert (given.procedure.level, given.procedure.side, given.procedure.at) == ("L5", "left", AT)
    assert given.consent.at == AT - DAY
    assert (given.history, given.allergies) == (("old left foot numbness",), "penicillin")
    assert arrival.check_ins == PROCEDURE.check_ins
    assert arrival.answers == PROCEDURE.answers
    assert arrival.alerts == PROCEDURE.alerts
    assert arrival.texts == JORDAN.texts


answers = st.builds(
    AnswerRecord,
    at=st.integers(-100, 9000).map(lambda quarters: AT + timedelta(minutes=15 * quarters)),
    day=st.integers(-3, 90),
    kind=st.sampled_from(["pain", "relief", "pgic", "sport"]),
    value=st.integers(0, 100),
    asked=st.sampled_from(["pain_now", "relief", "none"]),
    by=st.sampled_from([None, "self", "parent"]),
    text=st.none(),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(answers, max_size=6), st.none() | st.integers(0, 10), st.none() | st.booleans())
def test_any_answers_come_back_in_whatever_order_the_bundle_has_them(
    given_answers: list[AnswerRecord], baseline: int | None, sedation: bool | None
) -> None:
    procedure = replace(PROCEDURE, answers=tuple(given_answers), baseline_pain=baseline, sedation=sedation)
    bundle = bundle_of(replace(JORDAN, procedures=(procedure,)))
    bundle["entry"].reverse()
    (arrival,) = read_bundle(bundle, protocol="other")
    assert sorted(map(repr, arrival.answers)) == sorted(map(repr, given_answers))
    assert (arrival.enrolment.baseline_pain, arrival.enrolment.procedure.sedation) == (baseline, sedation)


EHR: dict[str, Any] = {
    "resourceType": "Bundle", "type": "searchset", "entry": [
        {"fullUrl": "https://ehr.example/Patient/1", "resource": {
            "resourceType": "Patient", "id": "1", "birthDate": "1999-05-01",
            "identifier": [
                {"system": "urn:ssn", "value": "x"},
                {"type": {"coding": [{"code": "MR"}]}, "system": "urn:ehr", "value": "E-77"},
            ],
            "name": [{"family": "Stone", "given": ["Amy", "B"]}],
            "telecom": [
                {"system": "email", "value": "a@example.org"},
                {"system": "phone", "use": "home", "value": "913-555-0112"},
                {"system": "phone", "use": "mobile", "value": "913-555-0111"},
            ],
            "communication": [{"language": {"coding": [{"code": "es-US"}]}}],
        }},
        {"resource": {
            "resourceType": "Appointment", "id": "2", "status": "booked", "start": "2026-03-09T09:30:00-05:00",
            "participant": [{"actor": {"reference": "Patient/1"}, "status": "accepted"}],
        }},
        {"resource": {
            "resourceType": "Consent", "id": "3", "status": "active", "dateTime": "2026-03-01T10:00:00-06:00",
            "scope": {"text": "texting"}, "category": [{"text": "texting"}], "patient": {"reference": "Patient/1"},
            "policyRule": {"text": "2026-01"},
        }},
    ],
}  # by rows, not an item a line  # fmt: skip


def test_an_appointment_of_an_ehr_enrols() -> None:
    (arrival,) = read_bundle(EHR, protocol="pars_injection")
    given = arrival.enrolment
    assert (given.mrn, given.name, given.phone, given.language) == ("E-77", "Amy B Stone", "+19135550111", "es")
    assert given.procedure.at.isoformat() == "2026-03-09T09:30:00-05:00"
    assert (given.procedure.protocol, given.procedure.sedation, given.baseline_pain) == ("pars_injection", None, None)
    assert (arrival.answers, arrival.texts) == ((), ())


def _without(kind: str) -> dict[str, Any]:
    return EHR | {"entry": [e for e in EHR["entry"] if e["resource"]["resourceType"] != kind]}


def _with(number: int, **changes: Any) -> dict[str, Any]:
    document = copy.deepcopy(EHR)
    document["entry"][number]["resource"] |= changes
    return document


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ([], "is not a FHIR Bundle"),
        ({"resourceType": "Patient"}, "is not a FHIR Bundle"),
        (_without("Consent"), "no active Consent"),
        (_without("Appointment"), "no Patient with a Procedure or an Appointment"),
        (_with(1, status="cancelled"), "no Patient with a Procedure or an Appointment"),
        (_with(1, status="bogus"), "Appointment.status: is none of"),
        (_with(0, birthDate="yesterday"), "birthDate"),
        (_with(0, telecom=[]), "has a phone"),
        (_with(0, shoeSize=44), "shoeSize"),
        (_with(1, start="soon"), "start"),
    ],
)
def test_what_is_wrong_is_refused_in_one_line_without_its_value(document: Any, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        read_bundle(document, protocol="pars_injection")
    assert "\n" not in str(caught.value)
    assert "Stone" not in str(caught.value)


@pytest.mark.parametrize("kind", [kind for kind in STATUSES if kind != "Appointment"])
def test_status_codes_are_checked_though_the_library_does_not(kind: str) -> None:
    bundle = bundle_of(JORDAN)
    of(bundle, kind)[0]["status"] = "bogus"
    with pytest.raises(InputError, match=f"{kind}.status"):
        check_bundle(bundle)


def test_the_csv_is_tidy_and_no_cell_is_a_formula() -> None:
    record = replace(JORDAN, mrn="=1+1")
    lines = write_tidy(record, {PROCEDURE.key: [(AT + DAY, 1, 57)]}).splitlines()
    assert lines[0].split(",") == list(DICTIONARY)
    assert all(line.startswith("'=1+1,2026-03-02T15:30:00+00:00,") for line in lines[1:])
    assert [line.split(",")[2] for line in lines[1:]] == [
        "baseline", "block", "pain", "relief", "pgic", "relief", "check_in", "check_in", "alert",
    ]  # by rows, not an item a line  # fmt: skip
    assert lines[6].endswith("relief,none,2026-03-03T15:30:00+00:00,1,57,%,from_scores,,")


def test_the_data_dictionary_is_in_the_docs() -> None:
    assert (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8") == write_dictionary()
