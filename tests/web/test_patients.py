"""The list of patients: newest first, a hundred a page, found by name and record number."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from bench.seeding import seed_procedures
from tests.web.conftest import Console, counted


@pytest.fixture
def clinic(console: Console) -> Console:
    """230 patients, an hour apart in the order of their ids."""
    seed_procedures(console.runtime.database, 230)
    with console.runtime.database.engine.begin() as connection:
        for number, row in enumerate(connection.execute(text("SELECT id FROM patients ORDER BY id")).all()):
            connection.execute(
                text(
                    "UPDATE patients SET created_at = timestamptz '2026-01-01' + :n * interval '1 hour' WHERE id = :id"
                ),
                {"n": number, "id": row.id},
            )
    return console


def shown(page: str) -> list[str]:
    return re.findall(r">(Patient \d+)</a></h2>", page)


def test_every_patient_stands_on_one_page(clinic: Console) -> None:
    browser = clinic.browser_of("kim")
    pages = [browser.opens(f"/patients?page={number}").text for number in (1, 2, 3)]
    assert [len(shown(page)) for page in pages] == [100, 100, 30]
    assert len({name for page in pages for name in shown(page)}) == 230
    ids = re.findall(r'href="/patients/([0-9a-f-]{36})"', "".join(pages))
    assert ids == sorted(ids, reverse=True), "newest first"
    assert "101 to 200 of 230" in pages[1]
    for page, links in zip(pages, ([2], [1, 3], [2]), strict=True):
        assert [int(n) for n in re.findall(r'href="/patients\?page=(\d+)"', page)] == links


@pytest.mark.parametrize(
    ("asked", "first"), [("0", "1 to 100"), ("-5", "1 to 100"), ("x", "1 to 100"), ("99", "201 to")]
)
def test_a_page_that_is_not_there_is_the_nearest(clinic: Console, asked: str, first: str) -> None:
    assert first in clinic.browser_of("kim").opens(f"/patients?page={asked}").text


def test_a_search_that_finds_too_many_says_so(clinic: Console) -> None:
    browser = clinic.browser_of("kim")
    assert "130 more are called that" in browser.posts("/patients", q="patient").text
    assert shown(browser.posts("/patients", q="S-117 patient").text) == ["Patient 117"]
    assert len(shown(browser.posts("/patients", q=" ").text)) == 100


def test_the_number_of_queries_does_not_grow_with_the_patients(console: Console) -> None:
    console.enrols("Amy Stone")
    browser = console.browser_of("kim")

    def asked() -> tuple[int, int]:
        with counted(console) as listing:
            browser.opens("/patients")
        with counted(console) as searching:
            browser.posts("/patients", q="a")
        return len(listing), len(searching)

    few = asked()
    seed_procedures(console.runtime.database, 150)
    assert asked() == few
    assert max(few) <= 8
