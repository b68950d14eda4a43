"""Texts in: the signed webhook, the list that keeps them, STOP and START."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from bot.standin.server import RunningStandin, start_standin
from bot.standin.settings import StandinSettings
from tests.standin.conftest import ACCOUNT, BOT, DANA, TOKEN, NotingBot


def test_a_phones_text_is_posted_signed_and_listed(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    text = standin.phone_texts(DANA, "Pain is 3 & stable, ¿sí?")
    [post] = bot.posts_to("/twilio/sms")
    assert post.signed
    form = post.form
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == text.sid
    assert (form["From"], form["To"], form["Body"]) == (DANA, BOT, "Pain is 3 & stable, ¿sí?")
    assert (form["NumMedia"], form["NumSegments"], form["SmsStatus"]) == ("0", "1", "received")
    assert (form["AccountSid"], form["ApiVersion"]) == (ACCOUNT, "2010-04-01")
    [listed] = twilio.messages.list(to=BOT)
    assert (listed.sid, listed.direction, listed.status) == (text.sid, "inbound", "received")
    assert standin.ledger.inbound == [text]


def test_a_picture_is_announced(standin: RunningStandin, bot: NotingBot) -> None:
    text = standin.phone_texts(DANA, "", media=1)
    [post] = bot.posts_to("/twilio/sms")
    assert post.signed
    assert (post.form["NumMedia"], post.form["Body"], text.sid[:2]) == ("1", "", "MM")
    assert post.form["MediaContentType0"] == "image/jpeg"


def test_the_same_sid_is_the_same_text_again(standin: RunningStandin, bot: NotingBot) -> None:
    first = standin.phone_texts(DANA, "it is red", sid="SM" + "1" * 32)
    second = standin.phone_texts(DANA, "it is red", sid="SM" + "1" * 32)
    assert first is second
    assert len(bot.posts_to("/twilio/sms")) == 2
    assert len(standin.ledger.inbound) == 1


def test_a_failed_webhook_is_not_tried_again_but_listed(
    standin: RunningStandin, twilio: Client, bot: NotingBot
) -> None:
    bot.answers["/twilio/sms"] = (500, "broken")
    text = standin.phone_texts(DANA, "hello")
    assert text.webhook == [500]
    assert [m.sid for m in twilio.messages.list(from_=DANA)] == [text.sid]


def test_only_a_refused_connection_is_tried_once_more(start: Callable[..., RunningStandin]) -> None:
    standin = start(bot_url="http://127.0.0.1:9")
    assert standin.phone_texts(DANA, "anybody there?").webhook == [0, 0]
    assert len(standin.ledger.inbound) == 1


def test_an_answer_in_twiml_is_sent(standin: RunningStandin, bot: NotingBot) -> None:
    bot.answers["/twilio/sms"] = (200, "<Response><Message>Thank you</Message></Response>")
    standin.phone_texts(DANA, "hello")
    [sent] = standin.ledger.texts_to(DANA)
    assert (sent.body, sent.direction) == ("Thank you", "outbound-reply")


@pytest.mark.parametrize(
    "word", ["STOP", "stop", " StopAll ", "UNSUBSCRIBE", "cancel", "END", "quit", "REVOKE", "OptOut"]
)
def test_stop_blocks_and_is_answered_by_twilio_itself(
    word: str, standin: RunningStandin, twilio: Client, bot: NotingBot
) -> None:
    standin.phone_texts(DANA, word)
    assert [post.form["Body"] for post in bot.posts_to("/twilio/sms")] == [word]
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=DANA, from_=BOT, body="hello")
    assert (refused.value.status, refused.value.code) == (400, 21610)
    twilio.messages.create(to=DANA, from_="+19135550199", body="from another number")
    assert [m.direction for m in standin.ledger.messages] == ["inbound", "carrier", "outbound-api"]
    assert "carrier" not in {m.direction for m in twilio.messages.list()}
    assert [m.body for m in twilio.messages.list()] == ["from another number", word]


@pytest.mark.parametrize("word", ["START", "unstop", "Yes"])
def test_start_frees(word: str, standin: RunningStandin, twilio: Client) -> None:
    standin.phone_texts(DANA, "STOP")
    standin.phone_texts(DANA, word)
    assert twilio.messages.create(to=DANA, from_=BOT, body="hello").status == "queued"
    assert len([m for m in standin.ledger.messages if m.direction == "carrier"]) == 2


@pytest.mark.parametrize("words", ["stop please", "the pain won't stop", "opt out", "yes", "3"])
def test_other_words_are_no_keywords(words: str, standin: RunningStandin) -> None:
    standin.phone_texts(DANA, words)
    assert standin.ledger.blocked == set()
    assert [m.direction for m in standin.ledger.messages] == ["inbound"]


def test_in_app_mode_the_bot_alone_heeds_stop(
    start: Callable[..., RunningStandin], connect: Callable[..., Client]
) -> None:
    standin = start(opt_out_mode="app")
    standin.phone_texts(DANA, "STOP")
    connect(standin).messages.create(to=DANA, from_=BOT, body="You are stopped.")
    assert [m.direction for m in standin.ledger.messages] == ["inbound", "outbound-api"]


def test_it_runs_where_it_is_told_and_ends() -> None:
    settings = StandinSettings(account_sid=ACCOUNT, auth_token=TOKEN, bot_url="http://127.0.0.1:9")
    first = start_standin(settings)
    first.stop()
    again = start_standin(settings, port=first.port)
    assert again.url == first.url == f"http://127.0.0.1:{first.port}"
    again.stop()


def test_it_ends_at_once_while_a_webhook_hangs(start: Callable[..., RunningStandin]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        standin = start(bot_url=f"http://127.0.0.1:{deaf.getsockname()[1]}")
        text = standin.carrier.phone_texts_soon(DANA, "hello?")
        line, _ = deaf.accept()
        begun = time.monotonic()
        standin.stop()
        assert time.monotonic() - begun < 2
        assert text.webhook == [0]
        line.close()
