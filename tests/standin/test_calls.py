"""Calls: how they ring, what is heard, where digits go, how they end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from twilio.rest import Client

from bot.standin.ledger import Call
from bot.standin.server import RunningStandin
from tests.standin.conftest import ACCOUNT, BOT, KIM, TOKEN, NotingBot

CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
PAGE = (
    '<Response><Say>This is the clinic.</Say><Gather action="../ack?page=7&amp;x=1" numDigits="1" timeout="{timeout}"'
    ' actionOnEmptyResult="{on_empty}"><Say>Press 1.</Say></Gather><Say>Goodbye.</Say></Response>'
)
THANKS = "<Response><Say>Thank you.</Say><Hangup/></Response>"


def ring(standin: RunningStandin, twilio: Client, bot: NotingBot, **more: Any) -> Call:
    twilio.calls.create(**({"to": KIM, "from_": BOT, "url": f"{bot.url}/voice/page/7"} | more))
    rings(standin)
    return standin.ledger.calls[-1]


def rings(standin: RunningStandin) -> None:
    assert standin.ledger.wait_for(lambda: standin.ledger.calls[-1].status == "ringing")


def ends(standin: RunningStandin, call: Call, status: str = "completed") -> None:
    assert standin.ledger.wait_for(lambda: call.status == status), (call.status, call.heard)


def page(timeout: float = 60, *, on_empty: bool = False) -> tuple[int, str]:
    return 200, PAGE.format(timeout=timeout, on_empty=str(on_empty).lower())


def test_a_digit_reaches_the_action_and_the_call_goes_on(
    standin: RunningStandin, twilio: Client, bot: NotingBot
) -> None:
    bot.answers |= {"/voice/page/7": page(), "/voice/ack": (200, THANKS)}
    call = ring(standin, twilio, bot)
    standin.carrier.answer(call)
    [asked] = bot.posts_to("/voice/page/7")
    assert asked.signed
    assert (asked.form["CallSid"], asked.form["CallStatus"]) == (call.sid, "in-progress")
    assert (asked.form["From"], asked.form["To"], asked.form["Direction"]) == (BOT, KIM, "outbound-api")
    assert call.heard == ["This is the clinic.", "Press 1."]
    assert call.gather == f"{bot.url}/voice/ack?page=7&x=1"
    standin.carrier.press(call, "1")
    [acked] = bot.posts_to("/voice/ack")
    assert acked.signed
    assert (acked.path, acked.form["Digits"]) == ("/voice/ack?page=7&x=1", "1")
    ends(standin, call)
    assert (call.heard[-1], call.digits) == ("Thank you.", ["1"])
    assert [status for status, _ in call.states] == ["queued", "ringing", "in-progress", "completed"]


def test_the_api_shows_the_call(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    bot.answers["/voice/page/7"] = page()
    made = twilio.calls.create(to=KIM, from_=BOT, url=f"{bot.url}/voice/page/7")
    assert (made.status, made.direction, made.to) == ("queued", "outbound-api", KIM)
    rings(standin)
    call = standin.ledger.calls[0]
    standin.carrier.answer(call)
    assert twilio.calls(made.sid).fetch().status == "in-progress"
    assert twilio.calls(made.sid).fetch().start_time is not None
    assert [c.sid for c in twilio.calls.list(to=KIM, status="in-progress")] == [made.sid]
    standin.carrier.hang_up(call)
    assert twilio.calls(made.sid).fetch().duration == "0"
    assert twilio.calls.list(status="in-progress") == []


def test_without_digits_the_next_words_follow(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    bot.answers["/voice/page/7"] = page(1)
    call = ring(standin, twilio, bot)
    standin.carrier.answer(call)
    ends(standin, call)
    assert call.heard[-1] == "Goodbye."
    assert bot.posts_to("/voice/ack") == []


def test_an_empty_result_is_posted_where_it_was_asked_for(
    standin: RunningStandin, twilio: Client, bot: NotingBot
) -> None:
    bot.answers |= {"/voice/page/7": page(1, on_empty=True), "/voice/ack": (200, THANKS)}
    call = ring(standin, twilio, bot)
    standin.carrier.answer(call)
    [post] = bot.wait_for("/voice/ack", 1)
    assert post.form["Digits"] == ""
    ends(standin, call)


@pytest.mark.parametrize(("keys", "digits"), [("12#", "12"), ("123", "123"), ("4", "4")])
def test_several_digits_are_gathered(
    keys: str, digits: str, standin: RunningStandin, twilio: Client, bot: NotingBot
) -> None:
    document = '<Response><Gather action="/voice/ack" numDigits="3" timeout="5"><Say>Code?</Say></Gather></Response>'
    bot.answers |= {"/voice/page/7": (200, document), "/voice/ack": (200, THANKS)}
    call = ring(standin, twilio, bot)
    standin.carrier.answer(call)
    for key in keys:
        standin.carrier.press(call, key)
    assert bot.wait_for("/voice/ack", 1)[0].form["Digits"] == digits


def test_pause_and_redirect(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    bot.answers |= {
        "/voice/page/7": (200, '<Response><Pause length="2"/><Redirect>next</Redirect></Response>'),
        "/voice/page/next": (200, THANKS),
    }
    call = ring(standin, twilio, bot)
    standin.carrier.answer(call)
    ends(standin, call)
    assert call.heard == ["Thank you."]
    assert all(post.signed for post in bot.posts)


def test_a_redirect_to_itself_ends_some_time(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    bot.answers["/voice/page/7"] = (200, "<Response><Redirect/></Response>")
    call = ring(standin, twilio, bot)
    standin.carrier.answer(call)
    ends(standin, call)


@pytest.mark.parametrize("answer", [(500, "oops"), (200, "not xml"), (200, "<html/>"), (403, "<Response/>")])
def test_a_broken_document_is_an_application_error(
    answer: tuple[int, str], standin: RunningStandin, twilio: Client, bot: NotingBot
) -> None:
    bot.answers["/voice/page/7"] = answer
    call = ring(standin, twilio, bot)
    standin.carrier.answer(call)
    assert "application error" in call.heard[0]
    ends(standin, call)


def test_words_in_the_request_need_no_webhook(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    twilio.calls.create(to=KIM, from_=BOT, twiml="<Response><Say>Hello.</Say></Response>")
    rings(standin)
    standin.carrier.answer(standin.ledger.calls[0])
    ends(standin, standin.ledger.calls[0])
    assert (standin.ledger.calls[0].heard, bot.posts) == (["Hello."], [])


def test_nobody_answers(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    call = ring(standin, twilio, bot, timeout=1)
    ends(standin, call, "no-answer")
    standin.carrier.answer(call)
    assert (call.status, bot.posts) == ("no-answer", [])


def test_declining_is_busy(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    call = ring(standin, twilio, bot)
    standin.carrier.hang_up(call)
    assert call.status == "busy"


@pytest.mark.parametrize("ending", ["busy", "failed", "no-answer"])
def test_an_ending_can_be_scripted(ending: str, standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    standin.faults.call_ends = {"*": ending}
    made = twilio.calls.create(to=KIM, from_=BOT, url=f"{bot.url}/voice/page/7")
    ends(standin, standin.ledger.calls[0], ending)
    assert twilio.calls(made.sid).fetch().status == ending
    assert bot.posts == []


def test_a_voicemail_completes_without_a_digit(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    standin.faults.call_ends = {KIM: "voicemail"}
    bot.answers["/voice/page/7"] = page(1)
    twilio.calls.create(to=KIM, from_=BOT, url=f"{bot.url}/voice/page/7")
    ends(standin, standin.ledger.calls[0])
    assert standin.ledger.calls[0].digits == []
    assert bot.posts_to("/voice/ack") == []


def test_callbacks_come_for_the_events_that_were_asked_for(
    standin: RunningStandin, twilio: Client, bot: NotingBot
) -> None:
    bot.answers["/voice/page/7"] = page()
    events = ["initiated", "ringing", "answered", "completed"]
    call = ring(standin, twilio, bot, status_callback=f"{bot.url}/status?row=1", status_callback_event=events)
    standin.carrier.answer(call)
    standin.carrier.hang_up(call)
    posts = bot.wait_for("/status", 4)
    assert [p.form["CallStatus"] for p in posts] == ["initiated", "ringing", "in-progress", "completed"]
    assert [p.form["SequenceNumber"] for p in posts] == ["0", "1", "2", "3"]
    assert all(p.signed and p.form["CallSid"] == call.sid for p in posts)
    assert posts[3].form["CallDuration"] == "0"


def test_without_events_only_the_end_is_told(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    call = ring(standin, twilio, bot, status_callback=f"{bot.url}/status")
    standin.carrier.hang_up(call)
    assert [p.form["CallStatus"] for p in bot.wait_for("/status", 1)] == ["busy"]


def test_keys_that_nobody_waits_for_are_kept_and_not_posted(
    standin: RunningStandin, twilio: Client, bot: NotingBot
) -> None:
    bot.answers["/voice/page/7"] = (200, '<Response><Pause length="60"/></Response>')
    call = ring(standin, twilio, bot)
    standin.carrier.press(call, "1")
    standin.carrier.answer(call)
    standin.carrier.press(call, "2")
    assert (call.digits, len(bot.posts)) == (["2"], 1)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": BOT, "Url": "http://x/"}, 21201),
        ({"To": KIM, "Url": "http://x/"}, 21213),
        ({"To": "911", "From": BOT, "Url": "http://x/"}, 21217),
        ({"To": KIM, "From": BOT}, 21205),
        ({"To": KIM, "From": BOT, "Url": "voice"}, 21205),
        ({"To": KIM, "From": BOT, "Twiml": "x" * 4001}, 20001),
        ({"To": KIM, "From": BOT, "Url": "http://x/", "Timeout": "long"}, 20001),
    ],
)
def test_a_wrong_call_is_refused(
    form: dict[str, str], code: int, http: Callable[..., requests.Response], standin: RunningStandin
) -> None:
    answer = http("POST", CALLS, data=form, auth=(ACCOUNT, TOKEN))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert standin.ledger.calls == []
