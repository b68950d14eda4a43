"""The published patterns, each played by a patient's own texts through the whole system (relief/*.txt beside this),
and carried over to another clinic as FHIR."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from bot.content.load import ClinicContent
from bot.exchange.fhir_in import read_bundle
from bot.exchange.fhir_out import write_bundle
from bot.runtime import Runtime
from bot.services.arrivals import enrol_arrivals
from bot.services.records import find_record
from bot.services.timeline import find_timeline
from bot.standin.ledger import Message
from bot.storage.database import Database
from bot.storage.tables import outbox
from bot.vocabulary import CheckInState, LanguageCode
from tests.conftest import KEYRING, TEMPLATE, named
from tests.story import Clinic, Telephone, running_clinic

FOLDER = Path(__file__).parent / "relief"
SILENCE = "(silence)"
MOMENTS = {
    "day_1": "2026-03-03 10:00", "day_5": "2026-03-07 10:00", "week_2": "2026-03-16 15:30",
    "week_4": "2026-03-30 15:30", "week_6": "2026-04-13 15:30", "week_12": "2026-05-25 15:30",
}  # by rows, not an item a line  # fmt: skip
OVER = {CheckInState.ANSWERED.value, CheckInState.PARTLY_ANSWERED.value}


@dataclass(frozen=True)
class Case:
    """One file: who the patient is, what they text at each check-in, what must come of it."""

    name: str
    number: str
    patient: str
    texts: dict[str, str]
    expected: dict[str, str]

    @property
    def mrn(self) -> str:
        return f"M-{self.number[-4:]}"

    def enrols_at(self, clinic: Clinic) -> Telephone:
        given = re.search(r"born (\S+), baseline (\d+), block (\d+)", self.patient)
        assert given is not None
        more: dict[str, Any] = {"born_on": given[1], "baseline_pain": int(given[2]), "block_pain": int(given[3])}
        if "parent" in self.patient:
            more["texter"] = {"relation": "parent", "name": "Dana Case"}
            more["consent"] = {"by": "parent", "method": "paper", "at": "2026-01-01T10:00:00-06:00", "wording": "w"}
        sedated = "no sedation" not in self.patient
        return clinic.enrols(
            f"{self.name.title()} Case", self.number, at="2026-03-02 09:30", procedure={"sedation": sedated}, **more
        )


def read_case(path: Path, number: int) -> Case:
    story, expected = path.read_text(encoding="utf-8").split("\n-\n")
    _, patient, *lines = story.splitlines()
    return Case(path.stem, f"+191355501{number}", patient, _pairs(lines), _pairs(expected.splitlines()))


def _pairs(lines: list[str]) -> dict[str, str]:
    parts = (line.partition(": ") for line in lines)
    return {name: words for name, _, words in parts}


CASES = [read_case(path, number) for number, path in enumerate(sorted(FOLDER.glob("*.txt")), 20)]


def test_every_published_pattern_has_its_case() -> None:
    names = {case.name for case in CASES}
    assert names == {"concordant", "short_relief", "discordant", "negative", "sedated", "lost", "adolescent"}
    assert all(list(case.texts) == list(MOMENTS) for case in CASES)


@dataclass(frozen=True)
class Told:
    """What all the cases came to, by name."""

    runtime: Runtime
    timelines: dict[str, dict[str, Any]]


@contextmanager
def disposing(database: Database) -> Iterator[None]:
    """Lets its connections go whatever happens."""
    try:
        yield
    finally:
        database.dispose()


@pytest.fixture(scope="module")
def told(postgres: str, content: ClinicContent, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """All seven patients live through their twelve weeks side by side; their timelines afterwards."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE told TEMPLATE {TEMPLATE}".encode())
    url = named(postgres, "told")
    database = Database(url, KEYRING)
    parts = {"database": database, "database_url": url, "content": content}
    with disposing(database), running_clinic(parts, tmp_path_factory.mktemp("relief")) as clinic:
        patients = {case.name: case.enrols_at(clinic) for case in CASES}
        for check_in, moment in MOMENTS.items():
            clinic.it_is(moment)
            for case in CASES:
                _lives_through(clinic, case, patients[case.name], check_in)
        clinic.it_is("2026-06-10 10:00")
        for case in CASES:
            if case.texts["week_12"] == SILENCE:
                _reaches(clinic, case, "week_12", {CheckInState.MISSED.value})
        yield Told(clinic.runtime, {case.name: clinic.timeline(case.mrn) for case in CASES})


def _lives_through(clinic: Clinic, case: Case, patient: Telephone, check_in: str) -> None:
    name = clinic.runtime.content.messages[LanguageCode("en")].check_ins[check_in]
    greeting = f"this is {name}"  # the closing words of the one before name it too
    patient.hears(greeting, within=30)
    if case.texts[check_in] != SILENCE:
        sent = patient.texts(case.texts[check_in])
        _reaches(clinic, case, check_in, OVER, sent)


def _reaches(clinic: Clinic, case: Case, check_in: str, states: set[str], sent: Message | None = None) -> None:
    """Not under the ledger's lock, which the answer itself needs."""
    for _ in range(300):
        found = {c["name"]: c["state"] for c in clinic.timeline(case.mrn)["check_ins"]}
        if found[check_in] in states:
            return
        threading.Event().wait(0.1)
    raise AssertionError(f"{case.name}: {check_in} is {found[check_in]}, after {sent}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_pattern_is_read_from_the_texts(case: Case, told: Told) -> None:
    timeline = told.timelines[case.name]
    summary = timeline["summary"]
    found = {
        "anaesthetic_phase": _phase(summary["anaesthetic_phase"]),
        "steroid_phase": _phase(summary["steroid_phase"]),
        "pattern": summary["pattern"],
        "weeks_of_relief": f"{summary['weeks_of_relief']}{' or more' * summary['weeks_of_relief_censored']}",
        "answered": f"{summary['answered']} of {summary['due']}",
    }
    if "adult" in case.expected:
        changes = [c for c in timeline["reading"]["changes"] if c["day"] >= 5]
        found["adult"] = " ".join("yes" if c["adult_some"] else "no" for c in changes)
        found["adolescent"] = " ".join("yes" if c["minor"] else "no" for c in changes)
    assert found == case.expected


def _phase(phase: dict[str, Any]) -> str:
    return "not known" if phase["percent"] is None else f"{phase['percent']} {phase['band']}"


def test_silence_is_silence_and_answers_say_who_gave_them(told: Told) -> None:
    lost, adolescent = told.timelines["lost"], told.timelines["adolescent"]
    (gap,) = lost["silences"]
    assert (gap["check_ins"], gap["to_day"]) == (("day_5", "week_2", "week_4", "week_6", "week_12"), None)
    assert {a["by"] for a in adolescent["answers"]} == {"parent"}
    assert {a["by"] for a in lost["answers"]} == {"self"}
    assert {a["asked"] for a in adolescent["answers"]} == {"pain_now", "best_relief", "relief", "pain_week"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_exported_as_fhir_and_enrolled_elsewhere_the_timeline_is_the_same(
    case: Case, told: Told, database: Database
) -> None:
    """Through JSON text, as it would travel; only the ids, which are each database's own, differ."""
    exported = find_record(told.runtime, case.mrn, "story")
    assert exported is not None
    bundle = json.loads(json.dumps(write_bundle(exported.record, told.runtime.now())))
    arrivals = read_bundle(bundle, protocol="pars_injection")
    elsewhere = replace(told.runtime, database=database)
    (enrolled,) = enrol_arrivals(elsewhere, arrivals, "story", dry_run=False)
    assert enrolled.changed
    after = find_timeline(elsewhere, case.mrn)
    assert _without_ids(after) == _without_ids(told.timelines[case.name])
    (again,) = enrol_arrivals(elsewhere, arrivals, "story", dry_run=False)
    assert not again.changed
    with database.begin() as tx:
        assert tx.list(select(outbox)) == []


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(inner) for name, inner in value.items() if name not in ("id", "age")}
    if isinstance(value, list | tuple):
        return [_without_ids(inner) for inner in value]
    return datetime.fromisoformat(value) if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value) else value
