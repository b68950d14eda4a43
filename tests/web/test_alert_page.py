"""The alert page: its steps in order, writing from it, and two people who open it at once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from bot.storage.phones import stop_texts
from tests.web.conftest import AMY, Browser, Console, counted


@pytest.fixture
def amy(console: Console) -> Console:
    """Amy's red flag has just come in; Kim and Rivera are there."""
    console.employs("rivera", "clinician")
    console.enrols("Amy Stone", block_pain=2)
    console.it_is("2026-03-03 10:30")
    console.beats()
    console.hears("I can't feel when I wipe")
    return console


def page_of(amy: Console) -> str:
    return f"/alerts/{amy.alert.id}"


def keeps_looking(browser: Browser, amy: Console) -> str:
    """What the open page asks for by itself."""
    headers = {"X-CSRFToken": browser.token, "X-Asked-By": "page"}
    answer = browser.client.post(f"{page_of(amy)}/looking", headers=headers)
    assert answer.status_code == 200
    return answer.text


def test_the_steps_stand_in_order_before_the_sbar(amy: Console) -> None:
    page = amy.browser_of("kim").opens(page_of(amy)).text
    places = [page.index(words) for words in (
        "I have it: acknowledge", f'href="tel:{AMY}"', "Write a text", 'name="outcome"', "Situation", "Background",
        "Assessment", "Recommendation", "The last texts", "Relief since the injection", "Who was paged",
    )]  # by rows, not an item a line  # fmt: skip
    assert places == sorted(places)


def test_from_the_link_in_a_page_it_is_two_taps_after_signing_in(amy: Console) -> None:
    browser = amy.browser()
    landed = browser.signs_in("kim", path=f"/a/{amy.alert.code}")
    assert landed.request.path == page_of(amy)
    assert "I have it: acknowledge" in landed.text
    browser.posts(f"{page_of(amy)}/acknowledge")
    assert amy.alert.acknowledged_by == "kim"


def test_two_who_open_it_see_each_other(amy: Console) -> None:
    kim, rivera = amy.browser_of("kim"), amy.browser_of("rivera")
    assert "looking at this too" not in kim.opens(page_of(amy)).text
    amy.it_is("2026-03-03 10:30:12")
    keeps_looking(kim, amy)
    assert "<strong>Kim Gray</strong> is looking at this too, since 12 s." in rivera.opens(page_of(amy)).text
    assert "<strong>Rivera Gray</strong> is looking at this too, since just now." in keeps_looking(kim, amy)


def test_whoever_leaves_is_gone_and_begins_anew(amy: Console) -> None:
    kim, rivera = amy.browser_of("kim"), amy.browser_of("rivera")
    kim.opens(page_of(amy))
    amy.it_is("2026-03-03 10:31")
    assert "looking at this too" not in rivera.opens(page_of(amy)).text
    keeps_looking(kim, amy)
    assert "<strong>Kim Gray</strong> is looking at this too, since just now." in keeps_looking(rivera, amy)


def test_an_open_page_shows_what_the_other_did(amy: Console) -> None:
    kim, rivera = amy.browser_of("kim"), amy.browser_of("rivera")
    kim.opens(page_of(amy))
    rivera.opens(page_of(amy))
    rivera.posts(f"{page_of(amy)}/acknowledge")
    seen = keeps_looking(kim, amy)
    assert "Rivera Gray has it" in seen
    assert "I have it: acknowledge" not in seen
    assert "<html" not in seen


def test_keeping_it_open_is_no_second_look_in_the_audit(amy: Console) -> None:
    kim = amy.browser_of("kim")
    kim.opens(page_of(amy))
    patient_id = amy.alert.patient_id
    assert patient_id is not None
    with counted(amy) as statements:
        keeps_looking(kim, amy)
    keeps_looking(kim, amy)
    assert [e.did for e in amy.entries(patient_id)].count("viewed_alert") == 1
    assert len(statements) <= 30
    assert amy.browser().client.post(f"{page_of(amy)}/looking").status_code == 400, "no token, no trace"


def test_a_text_is_written_from_the_alert(amy: Console) -> None:
    kim = amy.browser_of("kim")
    kim.opens(page_of(amy))
    answer = kim.posts(f"{page_of(amy)}/write", words="I am calling you  now.")
    assert answer.request.path == page_of(amy)
    for words in ("Sent. You hold the thread now", "I am calling you now.", "Staff have written since it opened."):
        assert words in answer.text, words
    assert amy.alert.acknowledged_at is None, "writing is not taking"


@pytest.mark.parametrize(
    ("action", "fields", "line", "kept"),
    [
        ("write", {"words": "x" * 481}, "Write between 1 and 480 characters", "x" * 481),
        ("write", {}, "Write between 1 and 480 characters", 'id="write" open'),
        ("close", {"note": "Husband <drives>"}, "Choose an outcome first", "Husband &lt;drives&gt;</textarea>"),
        ("close", {"outcome": "made_up"}, "Choose an outcome first", 'id="close" open'),
    ],
)
def test_a_wrong_form_is_given_back_as_it_was(
    amy: Console, action: str, fields: dict[str, str], line: str, kept: str
) -> None:
    kim = amy.browser_of("kim")
    kim.opens(page_of(amy))
    answer = kim.client.post(f"{page_of(amy)}/{action}", data={"csrf_token": kim.token} | fields)
    assert line in answer.text
    assert kept in answer.text
    assert amy.alert.closed_at is None


def test_a_phone_that_stopped_texts_is_called(amy: Console) -> None:
    with amy.begin() as tx:
        assert amy.alert.phone_id is not None
        stop_texts(tx, amy.alert.phone_id, "app", amy.runtime.now())
    kim = amy.browser_of("kim")
    page = kim.opens(page_of(amy)).text
    assert "This phone has stopped texts: please call." in page
    assert 'name="words"' not in page
    assert "This phone has stopped texts" in kim.posts(f"{page_of(amy)}/write", words="hello").text


def test_nobody_is_written_to_at_a_number_that_nobody_knows(console: Console) -> None:
    console.hears("I can't feel my legs", "+19135559999")
    kim = console.browser_of("kim")
    page = kim.opens(page_of(console)).text
    assert "the number belongs to no patient" in page
    answer = kim.posts(f"{page_of(console)}/write", words="hello")
    assert "This number belongs to no patient" in answer.text


def test_scores_are_drawn_beside_it_once_there_are_some(console: Console) -> None:
    console.enrols("Amy Stone")
    console.it_is("2026-03-03 10:30")
    console.hears("I can't feel when I wipe")
    kim = console.browser_of("kim")
    assert "No score has come in yet." in kim.opens(page_of(console)).text
    console.hears("pain 4")
    assert "chart.svg" in kim.opens(page_of(console)).text


def test_what_is_not_there_and_what_one_may_not(amy: Console) -> None:
    amy.employs("robin", "receptionist")
    amy.employs("ada", "auditor")
    kim, robin, ada = (amy.browser_of(name) for name in ("kim", "robin", "ada"))
    for path in ("looking", "write"):
        assert kim.posts(f"/alerts/{uuid4()}/{path}", words="hello").status_code == 404
        assert robin.posts(f"{page_of(amy)}/{path}", words="hello").status_code == 403
    assert ada.posts(f"{page_of(amy)}/write", words="hello").status_code == 403
    assert "<form" not in keeps_looking(ada, amy)
