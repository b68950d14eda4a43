"""Everything that can be made to go wrong, seen from the SDK and from the bot."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from bot.standin.faults import Faults
from bot.standin.server import RunningStandin
from tests.standin.conftest import BOT, DANA, KIM, NotingBot


def send(twilio: Client, body: str = "hello", **more: Any) -> Any:
    return twilio.messages.create(**({"to": DANA, "from_": BOT, "body": body} | more))


def settles(standin: RunningStandin, status: str, index: int = 0) -> None:
    assert standin.ledger.wait_for(lambda: standin.ledger.sent[index].status == status), standin.ledger.sent


def test_a_number_is_refused_on_one_channel(standin: RunningStandin, twilio: Client) -> None:
    standin.faults.refused = {DANA: (400, 21614)}
    standin.faults.calls_refused = {KIM: (400, 21215)}
    with pytest.raises(TwilioRestException) as text:
        send(twilio)
    with pytest.raises(TwilioRestException) as call:
        twilio.calls.create(to=KIM, from_=BOT, url="http://127.0.0.1:9/")
    assert (text.value.code, call.value.code) == (21614, 21215)
    send(twilio, to=KIM)
    twilio.calls.create(to=DANA, from_=BOT, url="http://127.0.0.1:9/")
    assert (len(standin.ledger.sent), len(standin.ledger.calls)) == (1, 1)


@pytest.mark.parametrize(
    ("fault", "states"),
    [("undelivered", ["queued", "sent", "undelivered"]), ("failed", ["queued", "failed"])],
)
def test_a_text_can_end_badly(
    fault: str, states: list[str], standin: RunningStandin, twilio: Client, bot: NotingBot
) -> None:
    setattr(standin.faults, fault, {"*": 30005})
    made = send(twilio, status_callback=f"{bot.url}/cb")
    last = bot.wait_for("/cb", len(states) - 1)[-1]
    assert (last.form["MessageStatus"], last.form["ErrorCode"], last.signed) == (fault, "30005", True)
    assert [status for status, _ in standin.ledger.sent[0].states] == states
    assert (made.error_code, twilio.messages(made.sid).fetch().error_code) == (None, 30005)


def test_silence(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    standin.faults.silent = {DANA}
    send(twilio, status_callback=f"{bot.url}/cb")
    send(twilio, to=KIM, status_callback=f"{bot.url}/cb")
    settles(standin, "delivered", 1)
    bot.wait_for("/cb", 2)
    assert standin.ledger.sent[0].status == "queued"
    assert {post.form["To"] for post in bot.posts} == {KIM}


def test_delivered_but_never_called_back(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    standin.faults.no_callbacks = True
    send(twilio, status_callback=f"{bot.url}/cb")
    settles(standin, "delivered")
    assert bot.posts == []


@pytest.mark.parametrize(
    ("outage", "status", "code"), [("503", 503, 20503), ("500", 500, 20500), ("429", 429, 20429), ("stuck", 504, 20504)]
)
def test_outages_that_accept_nothing(
    outage: str, status: int, code: int, standin: RunningStandin, twilio: Client
) -> None:
    standin.faults.change({"outage": outage, "slow_s": 0.05})
    with pytest.raises(TwilioRestException) as refused:
        send(twilio)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert standin.ledger.messages == []
    standin.faults.clear()
    send(twilio)


def test_too_many_requests_say_when_to_come_again(
    standin: RunningStandin, http: Callable[..., requests.Response]
) -> None:
    standin.faults.change({"outage": "429", "retry_after_s": 7})
    settings = standin.carrier.settings
    path, auth = f"/2010-04-01/Accounts/{settings.account_sid}.json", (settings.account_sid, settings.auth_token)
    assert http("GET", path, auth=auth).headers["Retry-After"] == "7"


@pytest.mark.parametrize(("outage", "accepted"), [("reset", 0), ("reset_accepted", 1), ("half", 1)])
def test_connections_that_break(outage: str, accepted: int, standin: RunningStandin, twilio: Client) -> None:
    standin.faults.change({"outage": outage})
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        send(twilio)
    assert len(standin.ledger.sent) == accepted
    standin.faults.clear()
    assert len(twilio.messages.list()) == accepted


def test_an_error_although_it_was_accepted(standin: RunningStandin, twilio: Client) -> None:
    standin.faults.change({"outage": "500_accepted"})
    with pytest.raises(TwilioRestException) as refused:
        send(twilio)
    assert refused.value.status == 500
    settles(standin, "delivered")


def test_an_answer_that_comes_too_late(standin: RunningStandin, twilio: Client) -> None:
    standin.faults.change({"outage": "slow", "slow_s": 1.0, "outage_on": ["texts"]})
    twilio.http_client.timeout = 0.2
    with pytest.raises(requests.ReadTimeout):
        send(twilio)
    assert len(standin.ledger.sent) == 1


def test_every_answer_can_be_delayed(standin: RunningStandin, twilio: Client) -> None:
    standin.faults.answer_delay_s = 0.15
    begun = time.monotonic()
    send(twilio)
    assert time.monotonic() - begun >= 0.15


def test_nobody_listens_and_then_somebody_does(standin: RunningStandin, twilio: Client) -> None:
    send(twilio, "before")
    standin.go_away()
    with pytest.raises(requests.ConnectionError):
        send(twilio, "meanwhile")
    standin.come_back()
    send(twilio, "after")
    assert [m.body for m in standin.ledger.sent] == ["before", "after"]


def test_an_outage_of_one_kind_so_often_each_second_time(standin: RunningStandin, twilio: Client) -> None:
    standin.faults.change({"outage": "503", "outage_on": ["texts"], "outage_every": 2, "outage_times": 2})
    ended = []
    for number in range(6):
        try:
            send(twilio, str(number))
            ended.append("ok")
        except TwilioRestException:
            ended.append("no")
        twilio.messages.list()
    assert ended == ["ok", "no", "ok", "no", "ok", "ok"]


def test_the_list_lags(standin: RunningStandin, twilio: Client) -> None:
    standin.faults.list_lag_s = 30
    made = send(twilio)
    assert twilio.messages.list() == []
    assert twilio.messages(made.sid).fetch().sid == made.sid
    standin.ledger.messages[0].created_at -= timedelta(seconds=31)
    assert len(twilio.messages.list()) == 1


def test_callbacks_come_twice_and_backwards(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    standin.faults.change({"repeats": 2, "reversed_callbacks": True})
    send(twilio, status_callback=f"{bot.url}/cb")
    posts = bot.wait_for("/cb", 4)
    assert [p.form["MessageStatus"] for p in posts] == ["delivered", "delivered", "sent", "sent"]
    assert [status for status, _ in standin.ledger.sent[0].states] == ["queued", "sent", "delivered"]


def test_callbacks_can_be_quicker_than_the_answer(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    standin.faults.callbacks_first = True
    made = send(twilio, status_callback=f"{bot.url}/cb")
    assert [p.form["MessageStatus"] for p in bot.posts] == ["sent", "delivered"]
    assert (made.status, made.date_sent) == ("queued", None)


def test_a_sender_has_a_rate(standin: RunningStandin, twilio: Client) -> None:
    standin.faults.per_second = 10
    for number in range(4):
        send(twilio, str(number))
    send(twilio, "another sender", from_="+19135550199")
    settles(standin, "delivered", 3)
    sent = {m.body: m.sent_at for m in standin.ledger.sent if m.sent_at is not None}
    times = [sent[str(number)] for number in range(4)]
    assert times[3] - times[0] >= timedelta(seconds=0.25)
    assert sent["another sender"] < times[3]


def test_a_text_dies_in_the_queue_when_its_time_is_over(standin: RunningStandin, twilio: Client) -> None:
    standin.faults.per_second = 0.8
    send(twilio, "first")
    send(twilio, "second", validity_period=1)
    settles(standin, "failed", 1)
    assert standin.ledger.sent[1].error_code == 30036


def test_faults_survive_their_own_json_and_refuse_nonsense() -> None:
    faults = Faults()
    told = {"refused": {"*": [400, 21211]}, "silent": ["+1"], "outage": "half", "outage_on": ["lists"], "repeats": 3}
    faults.change(told)
    copy = Faults()
    copy.change(faults.as_json())
    assert copy.as_json() == faults.as_json()
    for wrong in ({"outage": "earthquake"}, {"nonsense": 1}, {"repeats": "x"}, {"refused": {"*": 5}}, {"silent": 5}):
        with pytest.raises(ValueError, match=r".+"):
            copy.change({"slow_s": 99, **wrong})
    assert copy.as_json() == faults.as_json()
