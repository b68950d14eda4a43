"""A spreadsheet of patients: looked at row by row, then enrolled whole or not at all, and kept nowhere."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from bot.exchange.spreadsheet import read_sheet
from bot.services.importing import MOST_ROWS
from bot.storage.patients import count_patients, find_patient_by_mrn
from tests.web.conftest import AMY, Browser, Console

HEADING = "mrn,name,born_on,phone,procedure_at,consent_by,consent_method,consent_at,consent_wording\n"


def row(mrn: str, name: str, phone: str, **more: str) -> str:
    cells = {"born": "1990-07-01", "at": "2026-03-02 09:30", "wording": "2026-01"} | more
    return f"{mrn},{name},{cells['born']},{phone},{cells['at']},patient,paper,2026-03-01 10:00,{cells['wording']}\n"


ZOE, BEN = row("Z-1", "Zoë Hill", "913-555-0177"), row("B-1", "Ben Lee", "913-555-0188")


@pytest.fixture
def robin(console: Console) -> Browser:
    """The receptionist."""
    console.employs("robin", "receptionist")
    browser = console.browser_of("robin")
    browser.opens("/enrol/csv")
    return browser


def shows(browser: Browser, content: str | bytes) -> TestResponse:
    """Chooses a file and has it looked at."""
    raw = content.encode() if isinstance(content, str) else content
    form = {"csrf_token": browser.token, "sheet": (io.BytesIO(raw), "patients.csv")}
    answer = browser.client.post("/enrol/csv/check", data=form, content_type="multipart/form-data")
    found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    browser.token = unescape(found[1]) if found else browser.token
    return answer


def carried(page: TestResponse) -> str:
    found = re.search(r'name="sheet" value="([^"]+)"', page.text)
    assert found is not None
    return unescape(found[1])


def patients(console: Console) -> int:
    with console.begin() as tx:
        return count_patients(tx)


def test_a_file_is_looked_at_and_then_enrolled_whole(console: Console, robin: Browser) -> None:
    looked = shows(robin, "\ufeff" + HEADING + ZOE + BEN)
    assert "2 rows are right, 2 to enrol: nothing is saved yet" in looked.text
    assert "Zoë Hill" in looked.text
    assert patients(console) == 0
    done = robin.posts("/enrol/csv", sheet=carried(looked))
    assert "2 patients are enrolled. The file was not kept." in done.text
    assert patients(console) == 2
    twice = robin.posts("/enrol/csv", sheet=carried(looked)).text
    assert "enrolled one of these since you looked" in twice
    assert "2 rows are right, 0 to enrol" in twice


def test_whoever_a_file_shows_is_in_the_audit_once(console: Console, robin: Browser) -> None:
    amy = console.enrols("Amy Stone")
    looked = shows(robin, HEADING + row("Z-1", "Zoe Hill", AMY) + row("B-1", "Ben Lee", AMY))
    assert "Amy Stone" in looked.text
    assert [(e.who, e.did) for e in console.entries(amy)][1:] == [("robin", "viewed_double")]


def test_every_wrong_cell_is_named_with_row_column_and_what_to_do(console: Console, robin: Browser) -> None:
    bad = row("B-1", "Ben Lee", "call me", born="soon")
    page = shows(robin, HEADING + ZOE + bad + row("C-1", "Cy Fox", "800-555-0100")).text
    assert "2 cells are wrong: nothing was enrolled" in page
    for words in (
        "<td>3</td><td><code>phone</code></td><td>It is not a phone number",
        "<code>born_on</code></td><td>It is no date",
    ):
        assert words in page, words
    assert 'name="sheet" value=' not in page
    page = shows(robin, HEADING + ZOE + row("C-1", "Cy Fox", "800-555-0100", wording="old")).text
    assert "is a toll-free number" in page
    assert "<code>consent_wording</code>" in page
    assert patients(console) == 0


def test_dates_that_cannot_be_are_named_too(robin: Browser) -> None:
    page = shows(robin, HEADING + row("B-1", "Ben Lee", "913-555-0188", born="2026-06-01")).text
    assert "<code>born_on</code></td><td>It lies in the future." in page


def test_a_comma_without_quotes_does_not_shift_the_cells_unseen(robin: Browser) -> None:
    page = shows(robin, HEADING + row("B-1", "Lee, Ben", "913-555-0188")).text
    assert "has more cells than the heading" in page


def test_who_is_there_already_is_shown_before_anything_is_saved(console: Console, robin: Browser) -> None:
    console.enrols("Amy Stone")
    page = shows(
        robin,
        HEADING
        + row("M-0111", "Ann Stone", "913-555-0199", at="2026-03-02 10:30")
        + row("X-2", "Bo", AMY)
        + row("X-3", "Cy", AMY),
    )
    for words in ("The record number is known", "and would be overwritten", "The number is also that of",
                  "The same number stands in another row"):  # by rows, not an item a line  # fmt: skip
        assert words in page.text, words


def test_an_empty_cell_takes_nothing_off_a_chart(console: Console, robin: Browser) -> None:
    console.enrols("Amy Stone", allergies="penicillin", history=["old left foot numbness"])
    sheet = HEADING + row("M-0111", "Amy Stone", AMY, born="1999-05-01", at="2026-03-02 10:30")
    assert "1 patient is enrolled" in robin.posts("/enrol/csv", sheet=carried(shows(robin, sheet))).text
    with console.begin() as tx:
        amy = find_patient_by_mrn(tx, "M-0111")
    assert amy is not None
    assert (amy.chart.allergies, amy.chart.history) == ("penicillin", ("old left foot numbness",))


@pytest.mark.parametrize(
    ("upload", "line"),
    [
        (b"PK\x03\x04...", "File is a workbook. Save it as CSV UTF-8"),
        ((HEADING + ZOE).encode("cp1252"), "File is not UTF-8"),
        (HEADING.encode(), "Input holds no row below its heading"),
        (b"", "Input holds no row below its heading"),
        ((HEADING.replace("mrn,", "") + ZOE).encode(), "is missing"),
        (HEADING.encode() + b"x" * 100_001, "File is too large. At most 200 patients and 100 kB"),
        ((HEADING + ZOE * (MOST_ROWS + 1)).encode(), "File holds 201 patients"),
    ],
    ids=["workbook", "other letters", "no row", "nothing", "no column", "too large", "too many"],
)
def test_a_file_that_is_none_gets_one_line(console: Console, robin: Browser, upload: bytes, line: str) -> None:
    page = shows(robin, upload)
    assert page.status_code == 200
    assert line.casefold() in unescape(page.text).casefold()
    assert patients(console) == 0


def test_a_huge_file_is_refused_in_the_same_words(robin: Browser) -> None:
    answer = shows(robin, b"x" * 400_000)
    assert answer.status_code == 413
    assert "The file is too large. At most 200 patients" in answer.text


def test_no_file_at_all_is_said(robin: Browser) -> None:
    assert "Choose a file first" in robin.posts("/enrol/csv/check").text


def test_only_what_this_person_looked_at_just_now_is_enrolled(console: Console, robin: Browser) -> None:
    sealed = carried(shows(robin, HEADING + ZOE))
    assert "too old, or not yours" in console.browser_of("kim").posts("/enrol/csv", sheet=sealed).text
    for other in (sealed[:-1] + ("A" if sealed[-1] != "A" else "B"), "made-up", ""):
        assert "too old, or not yours" in robin.posts("/enrol/csv", sheet=other).text
    console.it_is("2026-03-02 12:31")
    assert "too old, or not yours" in robin.posts("/enrol/csv", sheet=sealed).text
    assert patients(console) == 0


def test_what_became_wrong_between_look_and_act_enrols_nobody(console: Console, robin: Browser) -> None:
    """Only time can make it so here: a procedure may lie two years back, and ten minutes later no longer."""
    sheet = HEADING + ZOE + row("B-1", "Ben Lee", "913-555-0188", at="2024-03-02 12:10")
    sealed = carried(shows(robin, sheet))
    console.it_is("2026-03-02 12:20")
    page = robin.posts("/enrol/csv", sheet=sealed).text
    assert "<td>3</td><td><code>procedure_at</code></td><td>It is more than two years away" in page
    assert patients(console) == 0


def test_whoever_was_enrolled_since_the_look_is_shown_before_anything_is_overwritten(
    console: Console, robin: Browser
) -> None:
    sheet = HEADING + ZOE + row("M-0111", "Ann Stone", "913-555-0199", at="2026-03-02 10:30")
    sealed = carried(shows(robin, sheet))
    console.enrols("Amy Stone")
    page = robin.posts("/enrol/csv", sheet=sealed)
    assert "enrolled one of these since you looked. Nothing was enrolled" in page.text
    assert "and would be overwritten" in page.text
    assert patients(console) == 1
    assert "2 patients are enrolled" in robin.posts("/enrol/csv", sheet=carried(page)).text


def test_the_template_explains_itself_and_can_be_filled_in(console: Console, robin: Browser) -> None:
    answer = robin.opens("/enrol/csv/template.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=enrol-template.csv"
    text = answer.get_data(as_text=True).lstrip("\ufeff")
    rows = list(csv.reader(io.StringIO(text)))
    assert [len(one) for one in rows] == [len(rows[0])] * 3
    assert rows[1][0].startswith("# Record number")
    assert "Input holds no row below its heading" in shows(robin, text).text
    filled = text.replace("# A-1001", "A-1001")
    (example,) = read_sheet(filled, protocol="pars_injection", zone=console.runtime.content.clinic.zone)
    assert example.enrolment.name == "Jordan Lee"
    assert "1 row is right, 1 to enrol" in shows(robin, filled).text
