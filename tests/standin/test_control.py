"""The control API, which other processes use: faults, ledger, phones."""

from __future__ import annotations

from collections.abc import Callable

import requests
from twilio.rest import Client

from bot.standin.server import RunningStandin
from tests.standin.conftest import BOT, DANA, KIM, NotingBot

Http = Callable[..., requests.Response]


def test_faults_over_http(http: Http, standin: RunningStandin) -> None:
    http("PATCH", "/control/faults", json={"undelivered": {DANA: 30003}, "repeats": 2})
    told = http("PATCH", "/control/faults", json={"outage": "503"}).json()
    assert (told["outage"], told["repeats"], told["undelivered"]) == ("503", 2, {DANA: 30003})
    told = http("PUT", "/control/faults", json={"silent": [KIM]}).json()
    assert (told["outage"], told["repeats"], told["silent"]) == ("", 1, [KIM])
    assert standin.faults.silent == {KIM}
    assert http("GET", "/control/faults").json() == told
    assert http("DELETE", "/control/faults").json()["silent"] == []


def test_nonsense_changes_nothing(http: Http, standin: RunningStandin) -> None:
    http("PATCH", "/control/faults", json={"repeats": 4})
    for method in ("PUT", "PATCH"):
        answer = http(method, "/control/faults", json={"outage": "flood"})
        assert answer.status_code == 400
        assert "flood" in answer.json()["error"]
    assert http("PUT", "/control/faults", data="x").status_code == 400
    assert standin.faults.repeats == 4


def test_texts_and_ledger_over_http(http: Http, standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    text = http("POST", "/control/texts", json={"number": DANA, "body": "hi", "sid": "SM" + "9" * 32}).json()
    assert (text["from"], text["webhook"], text["sid"]) == (DANA, [200], "SM" + "9" * 32)
    twilio.messages.create(to=DANA, from_=BOT, body="hello")
    assert standin.ledger.wait_for(lambda: standin.ledger.sent[0].status == "delivered")
    told = http("GET", "/control/ledger").json()
    assert [m["body"] for m in told["messages"]] == ["hi", "hello"]
    assert [status for status, _ in told["messages"][1]["states"]] == ["queued", "sent", "delivered"]
    later = http("GET", f"/control/ledger?after={text['number']}").json()
    assert [m["body"] for m in later["messages"]] == ["hello"]
    http("POST", "/control/texts", json={"number": DANA, "body": "soon", "wait": False})
    assert len(bot.wait_for("/twilio/sms", 2)) == 2
    assert http("POST", "/control/texts", json={"body": "from nobody"}).status_code == 400


def test_calls_over_http(http: Http, standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    bot.answers["/voice"] = (200, '<Response><Gather action="/ack" numDigits="2"><Say>Code</Say></Gather></Response>')
    sid = twilio.calls.create(to=KIM, from_=BOT, url=f"{bot.url}/voice").sid
    assert standin.ledger.wait_for(lambda: standin.ledger.calls[0].status == "ringing")
    answered = http("POST", f"/control/calls/{sid}/answer").json()
    assert (answered["status"], answered["heard"]) == ("in-progress", ["Code"])
    http("POST", f"/control/calls/{sid}/press", json={"digits": "12"})
    assert bot.wait_for("/ack", 1)[0].form["Digits"] == "12"
    http("POST", f"/control/calls/{sid}/hang_up")
    [call] = http("GET", "/control/ledger").json()["calls"]
    assert (call["status"], call["digits"]) == ("completed", ["1", "2"])
    assert http("POST", "/control/calls/CA0/answer").status_code == 404
    assert http("POST", f"/control/calls/{sid}/dance").status_code == 404
