"""Enrolling at the desk: a receptionist's minute, what is found and shown before anything is saved, and what is not."""

from __future__ import annotations

import re
from html import unescape
from threading import Thread
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bot.exchange.enrolment import EnrolmentIn, read_list
from bot.services.enrolment import enrol_one
from bot.storage.check_ins import list_check_ins
from bot.storage.patients import find_patient_by_mrn, list_consents
from bot.storage.phones import find_phone, list_texters_of, mark_unusable, stop_texts
from bot.storage.procedures import list_procedures
from bot.vocabulary import PatientId
from tests.story import document
from tests.web.conftest import AMY, WAITS, Browser, Console

ZOE: dict[str, Any] = {
    "mrn": "Z-1", "name": "Zoe Hill", "born_on": "1990-07-01", "phone": "913-555-0177", "language": "en",
    "zip": "66205",
    "protocol": "pars_injection", "procedure_on": "2026-03-02", "procedure_at": "11:30", "relation": "self",
    "consent": "yes", "consent_method": "paper", "consent_wording": "2026-01",
}  # by rows, not an item a line  # fmt: skip


@pytest.fixture
def robin(console: Console) -> Browser:
    """The receptionist."""
    console.employs("robin", "receptionist")
    browser = console.browser_of("robin")
    browser.opens("/enrol")
    return browser


def confirmation(page: TestResponse) -> str:
    found = re.search(r'name="confirmed" value="([^"]*)"', page.text)
    assert found is not None, "nothing to confirm"
    return unescape(found[1])


def known(console: Console, mrn: str) -> PatientId | None:
    with console.begin() as tx:
        found = find_patient_by_mrn(tx, mrn)
        return None if found is None else found.id


def test_the_form_comes_with_what_is_likely(robin: Browser) -> None:
    page = robin.opens("/enrol").text
    for words in ('value="2026-03-02"', 'value="12:00"', "Parkview Spine may text this number", "Parkview Spine puede",
                  "wording 2026-01"):  # by rows, not an item a line  # fmt: skip
        assert words in page, words


def test_a_receptionist_enrols_in_two_steps(console: Console, robin: Browser) -> None:
    looked = robin.posts("/enrol/check", **ZOE)
    assert "nothing is saved yet" in looked.text
    assert "Parkview Spine: Light activity is fine today." in looked.text
    assert "2 segments" in looked.text
    assert known(console, "Z-1") is None
    done = robin.posts("/enrol", **ZOE)
    assert re.fullmatch(r"/enrol/done/[0-9a-f-]{36}", done.request.path)
    for words in ("Enrolled.", "Zoe Hill", "Day 1", "Tue Mar 3, 10:00 am", "Week 12"):
        assert words in done.text, words
    patient_id = known(console, "Z-1")
    assert patient_id is not None
    assert [(e.who, e.did) for e in console.entries(patient_id)] == [("robin", "enrolled"), ("robin", "viewed_plan")]
    with console.begin() as tx:
        (consent,) = list_consents(tx, patient_id)
    assert (consent.by, consent.method, consent.wording) == ("patient", "paper", "2026-01")


def test_the_first_text_is_shown_as_it_would_leave(console: Console, robin: Browser) -> None:
    """In the patient's language, from the patient's clock, to whoever reads it; a dear letter is said to be dear."""
    late = ZOE | {"procedure_on": "2026-03-01", "language": "es", "zip": "79901"}
    page = robin.posts("/enrol/check", **late).text
    assert "Hola Zoe" in page
    assert "<dd>Mountain</dd>" in page
    assert "At once, in Español" in page
    proxy = robin.posts("/enrol/check", **late | {"relation": "spouse", "texter_name": "Łucja Hill"}).text
    assert "Hola Łucja" in proxy
    assert "costs about double" in proxy


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(console: Console, robin: Browser) -> None:
    page = robin.posts("/enrol/check", **ZOE | {"phone": "800-555-0100", "zip": "99999", "born_on": ""}).text
    for words in (
        'id="phone-wrong"',
        "is a toll-free number",
        'id="zip-wrong"',
        'id="born_on-wrong"',
        'href="#phone"',
        'value="Zoe Hill"',
        'value="800-555-0100"',
        "Nothing is saved yet",
    ):
        assert words in page, words
    assert 'aria-describedby="phone-wrong phone-hint"' in page
    saved = robin.posts("/enrol", **ZOE | {"name": ""})
    assert 'id="name-wrong"' in saved.text
    assert known(console, "Z-1") is None


def test_everything_typed_comes_back_to_be_changed(robin: Browser) -> None:
    page = robin.posts("/enrol/change", **ZOE | {"allergies": "<b>latex</b>"}).text
    assert 'value="Zoe Hill"' in page
    assert 'value="&lt;b&gt;latex&lt;/b&gt;"' in page
    assert '<details class="card extra" open>' in page


def test_nobody_is_enrolled_without_the_wording_that_was_shown(console: Console, robin: Browser) -> None:
    assert "The consent is not ticked" in robin.posts("/enrol", **ZOE | {"consent": ""}).text
    assert "is not one of ours" in robin.posts("/enrol", **ZOE | {"consent_wording": "1999-01"}).text
    assert known(console, "Z-1") is None


def test_a_minor_needs_a_guardian(console: Console, robin: Browser) -> None:
    leo = ZOE | {"born_on": "2010-05-01"}
    assert 'id="guardian-wrong"' in robin.posts("/enrol/check", **leo).text
    named = leo | {"guardian": "parent", "guardian_name": "Ann Hill", "guardian_phone": "913-555-0178"}
    assert "by a parent" in robin.posts("/enrol/check", **named).text
    robin.posts("/enrol", **named)
    patient_id = known(console, "Z-1")
    assert patient_id is not None
    with console.begin() as tx:
        assert [c.by for c in list_consents(tx, patient_id)] == ["parent"]
        assert [t.name for t in list_texters_of(tx, patient_id)] == ["Zoe Hill", "Ann Hill"]
    assert console.items == []


def test_a_guardian_who_has_not_agreed_yet_is_work(console: Console, robin: Browser) -> None:
    leo = ZOE | {"born_on": "2010-05-01", "guardian": "not_yet"}
    assert "it goes on the work list" in robin.posts("/enrol/check", **leo).text
    assert console.items == []
    robin.posts("/enrol", **leo)
    assert [item.kind for item in console.items] == ["guardian_consent"]


def test_a_number_of_somebody_else_is_shown_and_confirmed(console: Console, robin: Browser) -> None:
    console.enrols("Amy Stone")
    twin = ZOE | {"phone": AMY}
    looked = robin.posts("/enrol/check", **twin)
    assert "The same number has <strong>Amy Stone</strong>, born May 1, 1999, record number M-0111" in looked.text
    assert "one patient under two record numbers" not in looked.text
    same = robin.posts("/enrol/check", **twin | {"name": "Amy Stone", "born_on": "1999-05-01"})
    assert "one patient under two record numbers" in same.text
    refused = robin.posts("/enrol", **twin)
    assert "Somebody is here already" in refused.text
    assert known(console, "Z-1") is None
    robin.posts("/enrol", **twin, confirmed=confirmation(looked))
    assert known(console, "Z-1") is not None


def test_what_was_confirmed_covers_nobody_else(console: Console, robin: Browser) -> None:
    console.enrols("Amy Stone")
    seen = confirmation(robin.posts("/enrol/check", **ZOE | {"phone": AMY}))
    console.enrols("Ben Stone", AMY, mrn="M-0222")
    assert "Ben Stone" in robin.posts("/enrol", **ZOE | {"phone": AMY}, confirmed=seen).text
    assert known(console, "Z-1") is None


def test_a_known_record_number_is_shown_and_its_chart_is_kept(console: Console, robin: Browser) -> None:
    amy = console.enrols("Amy Stone", history=["old left foot numbness"], allergies="penicillin")
    again = ZOE | {"mrn": "M-0111", "name": "Amy Stone", "born_on": "1999-05-01", "phone": AMY}
    looked = robin.posts("/enrol/check", **again)
    assert "This record number is in the list" in looked.text
    assert "A new follow-up starts" in looked.text
    assert "would be overwritten" not in looked.text
    assert "would be overwritten" in robin.posts("/enrol/check", **again | {"name": "Ann Stone"}).text
    robin.posts("/enrol", **again, confirmed=confirmation(looked))
    with console.begin() as tx:
        patient = find_patient_by_mrn(tx, "M-0111")
        assert patient is not None
        assert patient.chart.history == ("old left foot numbness",)
        assert patient.chart.allergies == "penicillin"
        assert len(list_procedures(tx, amy)) == 2


def test_a_procedure_that_lies_ahead_is_moved_with_what_is_known_of_it(console: Console, robin: Browser) -> None:
    ahead = ZOE | {"procedure_on": "2026-03-09", "level": "L5", "baseline_pain": "7"}
    robin.posts("/enrol", **ahead)
    moved = ZOE | {"procedure_on": "2026-03-10"}
    looked = robin.posts("/enrol/check", **moved)
    assert "is moved to the new time" in looked.text
    robin.posts("/enrol", **moved, confirmed=confirmation(looked))
    patient_id = known(console, "Z-1")
    assert patient_id is not None
    with console.begin() as tx:
        (procedure,) = list_procedures(tx, patient_id)
        days = {c.name: c.due_at.day for c in list_check_ins(tx, procedure.id)}
    assert (procedure.level, procedure.baseline_pain) == ("L5", 7)
    assert days["day_1"] == 11


def test_the_same_name_and_birth_date_under_another_record_number_is_shown(console: Console, robin: Browser) -> None:
    console.enrols("Amy Stone")
    page = robin.posts("/enrol/check", **ZOE | {"name": "amy stone", "born_on": "1999-05-01"}).text
    assert "The same name and birth date under another record number" in page


def test_enrolling_twice_changes_nothing_and_says_so(console: Console, robin: Browser) -> None:
    robin.posts("/enrol", **ZOE)
    looked = robin.posts("/enrol/check", **ZOE)
    assert "nothing will change" in looked.text
    assert "nothing was changed" in robin.posts("/enrol", **ZOE, confirmed=confirmation(looked)).text


def test_a_number_that_stopped_texts_or_never_got_one_is_said(console: Console, robin: Browser) -> None:
    console.enrols("Amy Stone")
    with console.begin() as tx:
        phone = find_phone(tx, AMY)
        assert phone is not None
        stop_texts(tx, phone.id, "keyword", console.runtime.now())
        mark_unusable(tx, phone.id, console.runtime.now())
    page = robin.posts("/enrol/check", **ZOE | {"phone": AMY}).text
    assert "This number stopped texts." in page
    assert "Texts did not reach this number before." in page


def test_two_at_two_desks_enrol_one_patient_once(console: Console, robin: Browser) -> None:
    """The other desk's patient is written and not yet committed: ours waits for it, and then shows it."""
    other = read_list(EnrolmentIn, document("Zoe Hill", "+19135550177", "2026-03-02 11:30", mrn="Z-1"))[0]
    pages: list[str] = []
    desk = Thread(target=lambda: pages.append(robin.posts("/enrol", **ZOE).text))
    with console.begin() as tx:
        enrol_one(tx, console.runtime, other, "kim", console.runtime.now())
        desk.start()
        with console.begin() as looking:
            while not looking.connection.exec_driver_sql(WAITS).first():
                assert desk.is_alive()
    desk.join()
    assert "Somebody is here already" in pages[0]
    assert "This record number is in the list: <strong>Zoe Hill</strong>" in pages[0]


def test_a_preview_leaves_no_trace_but_of_who_was_shown(console: Console, robin: Browser) -> None:
    """Amy's name, birth date and chart are on the page; of her namesake the name; Zoe is nobody yet."""
    amy, twin = console.enrols("Amy Stone"), console.enrols("Amy Stone", "+19135550133", mrn="M-2")
    sam = console.enrols("Sam Roe", "+19135550144")
    robin.posts("/enrol/check", **ZOE | {"phone": "913-555-0199"})
    typed = ZOE | {"mrn": "M-0111", "name": "Amy Stone", "born_on": "1999-05-01", "phone": "913-555-0199"}
    assert "Amy Stone" in robin.posts("/enrol/check", **typed).text
    seen = [[(e.who, e.did) for e in console.entries(one)][1:] for one in (amy, twin, sam)]
    assert seen == [[("robin", "viewed_double")], [("robin", "viewed_double")], []]
    with console.begin() as tx:
        assert find_phone(tx, "+19135550199") is None


def test_a_refused_enrolment_shows_somebody_too(console: Console, robin: Browser) -> None:
    amy = console.enrols("Amy Stone")
    assert "Amy Stone" in robin.posts("/enrol", **ZOE | {"phone": AMY}).text
    assert console.entries(amy)[-1].did == "viewed_double"


def test_a_procedure_long_over_says_that_nothing_is_sent(robin: Browser) -> None:
    page = robin.posts("/enrol/check", **ZOE | {"procedure_on": "2025-03-02"}).text
    assert "No text will be sent" in page


def test_an_auditor_enrols_nobody(console: Console) -> None:
    console.employs("ada", "auditor")
    browser = console.browser_of("ada")
    assert 'href="/enrol"' not in browser.opens("/").text
    for path in ("/enrol", "/enrol/csv", "/enrol/csv/template.csv"):
        assert browser.opens(path).status_code == 403
    for path in ("/enrol", "/enrol/check", "/enrol/change", "/enrol/csv", "/enrol/csv/check"):
        assert browser.posts(path, **ZOE).status_code == 403, path
    assert known(console, "Z-1") is None
