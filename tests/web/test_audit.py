"""The audit, searched: by patient and by person, newest first, in plain words; looking is a line itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from bot.storage.audit import list_entries, note
from bot.vocabulary import PatientId
from bot.web.deeds import DEEDS, KINDS_OF_DEEDS
from tests.web.conftest import Browser, Console
from tests.web.test_on_call import words

BOT = Path(__file__).resolve().parents[2] / "bot"


@pytest.fixture
def ada(console: Console) -> Browser:
    """The auditor's browser; Kim has looked at Amy and at Zoë."""
    console.employs("ada", "auditor")
    kim = console.browser_of("kim")
    for name, number in (("Amy Stone", "+19135550111"), ("Zoë Nuñez", "+19135550122")):
        kim.opens(f"/patients/{console.enrols(name, number)}")
    browser = console.browser_of("ada")
    browser.opens("/audit")
    return browser


def lines(answer: TestResponse) -> list[str]:
    shown = answer.text.split('aria-label="Lines of the audit"')[1]
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in re.findall(r"<li>(.*?)</li>", shown, re.DOTALL)]


def looks(console: Console) -> list[str | None]:
    with console.begin() as tx:
        return [entry.about for entry in list_entries(tx) if entry.did == "viewed_audit"]


def test_the_newest_come_first_in_plain_words(ada: Browser) -> None:
    shown = lines(ada.opens("/audit"))
    assert shown[0] == "12:00 pm Ada Gray looked at the audit (everything)"
    assert "12:00 pm Kim Gray looked at the patient Zoë Nuñez M-0122" in shown
    assert shown.index("12:00 pm Kim Gray looked at the patient Zoë Nuñez M-0122") < shown.index(
        "12:00 pm Kim Gray looked at the patient Amy Stone M-0111"
    )


def test_a_patient_is_found_by_a_record_number_that_gets_into_no_address_and_no_line(
    console: Console, ada: Browser
) -> None:
    answer = ada.posts("/audit", mrn=" M-0111 ")
    assert answer.request.query_string == b""
    assert "M-0111" not in answer.request.path
    shown = lines(answer)
    assert any("looked at the patient Amy Stone" in line for line in shown)
    assert all("Zoë" not in line for line in shown)
    assert 'value=" M-0111 "' in answer.text
    with console.begin() as tx:
        newest = list_entries(tx)[-1]
    assert (newest.who, newest.did, newest.about) == ("ada", "viewed_audit", "one patient")
    assert "M-0111" not in str(looks(console))


def test_an_unknown_number_says_so_and_shows_nothing(console: Console, ada: Browser) -> None:
    answer = ada.posts("/audit", mrn="M-9999")
    assert "No patient has that record number." in words(answer)
    assert lines(answer) == []
    assert looks(console)[-1] == "one patient"


def test_a_person_a_kind_and_a_single_act_are_searched_for(console: Console, ada: Browser) -> None:
    assert all(" Kim Gray " in line for line in lines(ada.posts("/audit", who="kim")))
    looked = lines(ada.posts("/audit", who="kim", kind="Looking at records"))
    assert [line.partition("looked at ")[2] for line in looked] == [
        "the patient Zoë Nuñez M-0122",
        "the patient Amy Stone M-0111",
    ]
    assert [line.split()[-2:] for line in lines(ada.posts("/audit", kind="signed_in", who="kim"))] == [["signed", "in"]]
    assert looks(console)[-2:] == ["kim, Looking at records", "kim, signed_in"]
    assert "Nothing fits" in words(ada.posts("/audit", who="Amy Stone")), "no such member: nothing, and no name kept"
    assert looks(console)[-1] == "nobody"


def test_a_period_is_counted_in_the_clinics_days(console: Console, ada: Browser) -> None:
    """Half past eleven in the evening in Chicago is the next day in UTC."""
    console.it_is("2026-03-03 23:30")
    console.browser_of("kim")
    for since, until, found in (
        ("2026-03-03", "2026-03-03", True),
        ("2026-03-04", "", False),
        ("", "2026-03-02", False),
    ):
        answer = ada.posts("/audit", kind="signed_in", who="kim", since=since, until=until)
        assert ("11:30 pm Kim Gray signed in" in lines(answer)) is found, (since, until)
    assert "Tue Mar 3 2026" in words(ada.posts("/audit", since="2026-03-03"))


@pytest.mark.parametrize("odd", ["x", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_an_odd_day_is_said_in_one_line(ada: Browser, odd: str) -> None:
    answer = ada.posts("/audit", since=odd)
    assert answer.status_code == 422
    assert "A day is written like" in words(answer)
    assert f'value="{odd}"' in answer.text


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 30, "١٢"])
def test_an_odd_place_shows_the_newest(ada: Browser, odd: str) -> None:
    assert lines(ada.posts("/audit", before=odd))


def test_older_ones_go_on_where_the_page_ended_though_new_ones_came(console: Console, ada: Browser) -> None:
    with console.begin() as tx:
        for number in range(120):
            note(tx, who="kim", did="claimed_item", now=console.runtime.now(), about=f"n{number}")
    seen: list[str] = []
    answer = ada.posts("/audit", kind="claimed_item")
    while True:
        seen += [found[0] for line in lines(answer) if (found := re.findall(r"\(n(\d+)\)", line))]
        place = re.search(r'name="before" value="(\d+)"', answer.text)
        if place is None:
            break
        assert 'name="kind" value="claimed_item"' in answer.text
        with console.begin() as tx:
            note(tx, who="kim", did="claimed_item", now=console.runtime.now(), about="new")
        answer = ada.posts("/audit", kind="claimed_item", before=place[1])
    assert seen == [str(number) for number in range(119, -1, -1)]


def test_only_admins_and_auditors_look(console: Console, ada: Browser) -> None:
    console.employs("root", "admin")
    assert console.browser_of("root").opens("/audit").status_code == 200
    for username, role in (("kim", "nurse"), ("rivera", "clinician"), ("robin", "receptionist")):
        if username != "kim":
            console.employs(username, role)
        browser = console.browser_of(username)
        assert browser.opens("/audit").status_code == 403
        assert browser.posts("/audit", mrn="M-0111").status_code == 403


def test_a_record_that_is_gone_keeps_its_lines(console: Console, ada: Browser) -> None:
    with console.begin() as tx:
        nobody = PatientId(console.runtime.owner)
        note(tx, who="kim", did="viewed_patient", now=console.runtime.now(), patient_id=nobody)
    assert "12:00 pm Kim Gray looked at the patient" in lines(ada.opens("/audit"))


def test_every_act_that_is_written_down_has_its_words() -> None:
    """What the code calls `did`, by any of the ways in which it is handed over."""
    found: set[str] = set()
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "did":
                found |= _deeds_of(node.value)
            if isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == ["did"]:
                found |= _deeds_of(node.value)
    assert len(found) > 50
    assert {name for name in found if not any(re.fullmatch(name, deed) for deed in DEEDS)} == set()
    assert sum(len(deeds) for deeds in KINDS_OF_DEEDS.values()) == len(DEEDS), "an act is of one kind"


def _deeds_of(value: ast.expr) -> set[str]:
    """Patterns of names: a formatted part may be anything."""
    match value:
        case ast.Constant(value=str(name)):
            return {name}
        case ast.JoinedStr(values=parts):
            return {"".join(str(p.value) if isinstance(p, ast.Constant) else "[a-z_]+" for p in parts)}
        case ast.IfExp(body=body, orelse=orelse):
            return _deeds_of(body) | _deeds_of(orelse)
        case _:
            return set()
