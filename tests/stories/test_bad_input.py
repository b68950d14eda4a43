"""What should not come in, through HTTP: nothing is lost, nothing is half done."""

from __future__ import annotations

import http.client
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import func, select

from bot.standin.posting import Postman, sign
from bot.storage.tables import texts
from tests.story import TOKEN, Clinic, Telephone

STRANGER = "+19135550177"


def inbound_count(clinic: Clinic) -> int:
    """How many inbound texts are stored."""
    with clinic.runtime.database.begin() as tx:
        row = tx.find(select(func.count()).select_from(texts).where(texts.c.direction == "in"))
        assert row is not None
        return int(row[0])


def form(**more: str) -> dict[str, str]:
    """An inbound text as Twilio posts it."""
    return {"MessageSid": "SM" + "1" * 32, "From": STRANGER, "To": "+19135550100", "Body": "I have a fever"} | more


def post_raw(clinic: Clinic, path: str, fields: dict[str, str], headers: dict[str, str]) -> int:
    """A POST with headers of the test's own making."""
    parts = urlsplit(clinic.runtime.settings.public_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(
            "POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"} | headers
        )
        return connection.getresponse().status
    finally:
        connection.close()


def test_an_unsigned_webhook_is_refused_and_nothing_is_stored(clinic: Clinic) -> None:
    """403 for none, for a wrong one, and for a right one over another form."""
    url = f"{clinic.runtime.settings.public_url}/twilio/sms"
    other = sign(TOKEN, url, form(Body="something else"))
    for headers in ({}, {"X-Twilio-Signature": "bm90IGl0"}, {"X-Twilio-Signature": other}):
        assert post_raw(clinic, "/twilio/sms", form(), headers) == 403
    assert post_raw(clinic, "/twilio/status?id=x", {"MessageSid": "SM1", "MessageStatus": "sent"}, {}) == 403
    assert post_raw(clinic, "/twilio/voice/page/0b9b6f0e-4a43-4c61-9e0c-111111111111", {"CallSid": "CA1"}, {}) == 403
    assert inbound_count(clinic) == 0


def test_the_signature_is_made_with_the_public_address_only(clinic: Clinic) -> None:
    """A forwarded host that somebody invents changes nothing."""
    url = f"{clinic.runtime.settings.public_url}/twilio/sms"
    spoofed = {"X-Twilio-Signature": sign(TOKEN, url, form()), "X-Forwarded-Host": "evil.example"}
    assert post_raw(clinic, "/twilio/sms", form(), spoofed) == 200
    wrong = {"X-Twilio-Signature": sign(TOKEN, "https://evil.example/twilio/sms", form())}
    assert post_raw(clinic, "/twilio/sms", form(MessageSid="SM2"), wrong | {"Host": "evil.example"}) == 403


def test_the_same_sid_twice_is_one_text(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    """Twilio may deliver a webhook again; it is one text, one answer, one alert."""
    amy.texts("I have a fever of 102", sid="SM" + "7" * 32)
    amy.texts("I have a fever of 102", sid="SM" + "7" * 32)
    kim.is_paged()
    kim.hears_nothing_more()
    assert inbound_count(clinic) == 1
    assert len([b for b in amy.bodies if "alerted" in b]) == 1


def test_an_unknown_number_is_stored_sorted_answered_once_and_paged_for_a_red_flag(
    clinic: Clinic, kim: Telephone
) -> None:
    """One neutral answer, a work item for each text, a page for the red flag."""
    stranger = clinic.phone(STRANGER)
    stranger.texts("hello who is this")
    assert "Amy" not in stranger.hears("This number is for patients").body
    clinic.has_work_item("unknown_number")
    stranger.texts("I had a shot in my back and now I can't pee")
    kim.is_paged()
    stranger.hears_nothing_more()
    assert inbound_count(clinic) == 2
    assert clinic.open_alerts[0].patient_id is None


@pytest.mark.parametrize(
    "words",
    ["x" * 1600, "no " * 533, "", "   ", "🤒🥶🥴", "👍", "\x00\x01\x02", "\u200b\u200b", "a\x00b", "\U0001f600 " * 300],
    ids=["1600 letters", "1600 noes", "empty", "blank", "emoji", "thumb", "control", "zero width", "nul", "grin"],
)
def test_odd_texts_are_kept_sorted_and_answered(clinic: Clinic, kim: Telephone, amy: Telephone, words: str) -> None:
    """Whatever it is, it is one text, with an answer or a person behind it, and the bot lives on."""
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    amy.texts(words)
    amy.hears("")
    assert inbound_count(clinic) == 1
    amy.texts("I can't feel my leg")
    amy.hears("911")
    kim.is_paged()


def test_a_webhook_without_its_fields_is_refused(clinic: Clinic) -> None:
    """Signed, but not a text: 400, nothing stored."""
    url = f"{clinic.runtime.settings.public_url}/twilio/sms"
    assert Postman(TOKEN).post(url, {"Body": "hello"}).status == 400
    assert inbound_count(clinic) == 0


def test_a_text_whose_answer_fails_goes_to_a_person(
    clinic: Clinic, kim: Telephone, amy: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Triage that crashes three times pages on-call, and tells the patient so."""
    from bot.services import hearing as walk

    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(walk, "sort_reply", crash)
    amy.texts("my back feels better")
    for _ in range(3):
        clinic.wait(seconds=6)
        if clinic.standin.ledger.wait_for(lambda: kim.bodies or None, 2.5):
            break
    kim.is_paged()
    amy.hears("could not read")
