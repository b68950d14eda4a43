"""The page of one patient: what a nurse reads on it, who holds the thread, and what it costs the database."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from bot.content.load import ClinicContent
from bot.planning.sending import Sending
from bot.services import conversations
from bot.storage.phones import Texter, keep_phone, keep_texter
from bot.storage.tables import outbox
from bot.vocabulary import PatientId, Relation
from bot.web.wording import CHECK_IN_STATES, DELIVERY, ERRORS, error
from tests.web.conftest import AMY, Console, counted


@pytest.fixture
def amy(console: Console) -> PatientId:
    found = console.enrols("Amy Stone")
    console.it_is("2026-03-03 10:01")
    conversations.start_due(console.runtime)
    console.it_is("2026-03-03 10:30")
    return found


def test_the_page_asks_the_same_of_the_database_however_long_the_story(console: Console, amy: PatientId) -> None:
    kim = console.browser_of("kim")
    console.hears("all good")
    with counted(console) as short:
        kim.opens(f"/patients/{amy}")
    for number in range(6):
        console.hears(f"my leg feels kinda strange {number}")
    with console.begin() as tx:
        for number in range(3):
            phone = keep_phone(tx, f"+1913555020{number}", console.runtime.now())
            keep_texter(tx, Texter(amy, phone.id, Relation.OTHER, f"Friend {number}", is_first=False))
    console.enrols("Amy Stone", procedure={"at": "2026-06-01T09:30:00-05:00"})  # one that lies ahead
    with counted(console) as long:
        page = kim.opens(f"/patients/{amy}").text
    assert "Friend 2" in page
    assert page.count("Why<span") == 7
    assert len(long) == len(short) < 25


def test_every_section_has_an_anchor_and_a_way_to_it(console: Console, amy: PatientId) -> None:
    page = console.browser_of("kim").opens(f"/patients/{amy}").text
    for place in ("thread", "check-ins", "relief", "people", "consent", "language", "chart"):
        assert page.count(f'href="#{place}"') == 1, place
        assert page.count(f'id="{place}"') == 1, place


def test_who_holds_the_thread_stands_above_it(console: Console, amy: PatientId) -> None:
    console.employs("rivera", "clinician")
    kim, rivera = console.browser_of("kim"), console.browser_of("rivera")
    assert "The bot answers in this thread." in kim.opens(f"/patients/{amy}").text
    assert "You hold this thread" in kim.posts(f"/patients/{amy}/take-over").text
    assert "Kim Gray holds this thread" in rivera.opens(f"/patients/{amy}").text
    rivera.posts(f"/patients/{amy}/write", words="Hello from me")
    assert "Rivera Gray holds this thread" in kim.opens(f"/patients/{amy}").text
    assert "The bot answers in this thread." in kim.posts(f"/patients/{amy}/hand-back").text


def test_a_thread_of_a_stopped_phone_says_so(console: Console, amy: PatientId) -> None:
    console.hears("STOP")
    page = console.browser_of("kim").opens(f"/patients/{amy}").text
    assert "Texts are stopped." in page
    assert "Take over" not in page


@pytest.mark.parametrize(
    ("code", "words"),
    [(30003, "the phone is off or out of reach (30003)"), (99999, "an error that we do not know (99999)")],
)
def test_a_text_that_did_not_arrive_says_why(console: Console, amy: PatientId, code: int, words: str) -> None:
    with console.begin() as tx:
        tx.run(update(outbox).values(provider_status="undelivered", error_code=code))
    assert f"✗ did not arrive: {words}" in console.browser_of("kim").opens(f"/patients/{amy}").text


def test_every_error_and_every_state_has_plain_words(content: ClinicContent) -> None:
    known = {code for rule in content.sending.errors for code in rule.codes}
    assert known <= set(ERRORS)
    assert {state.value for state in Sending} <= set(DELIVERY)
    assert error(None) == ""
    assert len(CHECK_IN_STATES) == 6


def test_what_was_typed_is_still_there_when_it_is_refused(console: Console, amy: PatientId) -> None:
    kim = console.browser_of("kim")
    kim.opens(f"/patients/{amy}")
    answer = kim.posts(f"/patients/{amy}/write", words="Hello " * 90)
    assert answer.status_code == 422
    assert "Write between 1 and 480 characters. Nothing was sent." in answer.text
    assert answer.text.count("Hello ") >= 89
    answer = kim.posts(f"/patients/{amy}/consent", by="guardian", wording="", how="visit")
    assert 'value="guardian" selected' in answer.text
    assert f'value="{AMY}"' not in answer.text


def test_a_patient_who_is_not_there_can_not_be_changed(console: Console, amy: PatientId) -> None:
    kim = console.browser_of("kim")
    kim.opens(f"/patients/{amy}")
    for act in ("write", "language", "withdraw", "texters"):
        fields: dict[str, Any] = {
            "words": "x",
            "language": "es",
            "name": "x",
            "relation": "other",
            "number": "+19135550155",
        }
        assert kim.posts(f"/patients/{uuid4()}/{act}", **fields).status_code == 404, act


def test_an_open_page_is_fetched_again_only_when_something_has_changed(console: Console, amy: PatientId) -> None:
    kim = console.browser_of("kim")
    page = kim.opens(f"/patients/{amy}").text
    path = f"/patients/{amy}/parts"
    assert f'data-live="{path}"' in page
    mark = page.partition('data-mark="')[2].partition('"')[0]

    def look(mark: str) -> tuple[int, str, str]:
        answer = kim.client.get(path, headers={"If-None-Match": f'"{mark}"', "X-Asked-By": "page"})
        return answer.status_code, answer.text, answer.get_etag()[0] or ""

    with counted(console) as asked:
        assert look(mark)[:2] == (304, "")
    assert len([words for words in asked if "FROM" in words]) <= 2, "who asks, and whether anything is new"
    console.hears("I can't feel when I wipe")
    status, fresh, newer = look(mark)
    assert (status, newer != mark) == (200, True)
    assert "Open alert, ref" in fresh
    assert "can&#39;t feel when I wipe" in fresh
    assert "<html" not in fresh
    for act, fields in (
        (f"/alerts/{console.alert.id}/acknowledge", {}),
        (f"/patients/{amy}/take-over", {}),
        (f"/patients/{amy}/language", {"language": "es"}),
    ):
        assert look(newer)[0] == 304
        kim.posts(act, follow=True, token=None, **fields)
        status, fresh, newer = look(newer)
        assert status == 200, act
    looked = [entry for entry in console.entries(amy) if entry.did == "viewed_patient"]
    assert look(newer)[0] == 304
    assert [entry for entry in console.entries(amy) if entry.did == "viewed_patient"] == looked


def test_a_page_that_is_left_open_shows_how_a_text_travels(console: Console, amy: PatientId) -> None:
    kim = console.browser_of("kim")
    mark = kim.opens(f"/patients/{amy}").text.partition('data-mark="')[2].partition('"')[0]
    with console.begin() as tx:
        tx.run(update(outbox).values(provider_status="delivered"))
    answer = kim.client.get(f"/patients/{amy}/parts", headers={"If-None-Match": f'"{mark}"'})
    assert "✓ delivered" in answer.text
    refused = kim.posts(f"/patients/{amy}/write", words="").text
    assert "data-live" not in refused, "what was typed would be lost"
