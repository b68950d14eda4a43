"""The page of telephones: what it shows, what a finger does on it, and that nothing on it comes from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from twilio.rest import Client

from bot.standin.clock import move_clock, read_clock
from bot.standin.server import RunningStandin
from tests.standin.conftest import BOT, DANA, KIM, NotingBot

Http = Callable[..., requests.Response]
MARCH = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)


def phones(http: Http) -> dict[str, Any]:
    return {phone["number"]: phone for phone in http("GET", "/telephones.json").json()["phones"]}


def ask(standin: RunningStandin, method: str, path: str, **more: Any) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, standin.url + path, timeout=5, **more)


def test_the_page_brings_all_of_its_own_and_nothing_inline(http: Http) -> None:
    answer = http("GET", "/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"(?:src|href)=\"(?!/static/)[^\"]*\"", answer.text) == []
    assert re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", answer.text) is None
    for address in re.findall(r"(?:src|href)=\"(/static/[^\"]*)\"", answer.text):
        content = http("GET", address)
        assert content.status_code == 200
        assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", content.text) == []


def test_texts_stand_on_the_phone_they_belong_to(http: Http, standin: RunningStandin, twilio: Client) -> None:
    twilio.messages.create(to=DANA, from_=BOT, body="How is it?")
    standin.phone_texts(DANA, "good")
    standin.phone_texts(DANA, "STOP")
    dana, kim = (phones(http)[number] for number in (DANA, KIM))
    assert [(line["kind"], line["body"][:10]) for line in dana["lines"]] == [
        ("theirs", "How is it?"),
        ("mine", "good"),
        ("mine", "STOP"),
        ("carrier", "You have s"),
    ]
    assert (dana["label"], dana["side"], kim["lines"], kim["note"]) == ("Dana Lee", "patient", [], "tier 1")


def test_a_text_that_the_bot_did_not_take_says_so(http: Http, standin: RunningStandin, bot: NotingBot) -> None:
    standin.phone_texts(DANA, "taken")
    bot.answers["/twilio/sms"] = (503, "")
    standin.phone_texts(DANA, "lost")
    assert [line["lost"] for line in phones(http)[DANA]["lines"]] == [False, True]


def test_a_number_that_nobody_knew_gets_a_phone(http: Http, standin: RunningStandin) -> None:
    standin.phone_texts("+19135550155", "wrong number?")
    assert phones(http)["+19135550155"]["side"] == "patient"


def test_writing_on_the_page(http: Http, standin: RunningStandin, bot: NotingBot) -> None:
    assert http("POST", "/phones/text", json={"number": DANA, "body": "it <b>hurts</b>"}).json() == {"sent": True}
    assert bot.wait_for("/twilio/sms", 1)[0].form["Body"] == "it <b>hurts</b>"
    wrongs: tuple[Any, ...] = ({"number": DANA}, {"number": 5, "body": "x"}, [], "x")
    for wrong in wrongs:
        assert http("POST", "/phones/text", json=wrong).status_code == 400
    assert http("POST", "/phones/text", data={"number": DANA, "body": "x"}).status_code == 400


def test_a_call_rings_speaks_takes_keys_and_is_remembered(
    http: Http, standin: RunningStandin, twilio: Client, bot: NotingBot
) -> None:
    bot.answers["/voice"] = (
        200,
        '<Response><Gather action="/ack" numDigits="1" timeout="60"><Say>Hi</Say></Gather></Response>',
    )
    sid = twilio.calls.create(to=KIM, from_=BOT, url=f"{bot.url}/voice").sid
    assert standin.ledger.wait_for(lambda: standin.ledger.calls[0].status == "ringing")
    assert phones(http)[KIM]["call"]["status"] == "ringing"
    http("POST", "/phones/call", json={"sid": sid, "act": "answer"})
    call = phones(http)[KIM]["call"]
    assert (call["status"], call["heard"], call["awaits_key"], call["from"]) == ("in-progress", ["Hi"], True, BOT)
    http("POST", "/phones/call", json={"sid": sid, "act": "1"})
    assert bot.wait_for("/ack", 1)[0].form["Digits"] == "1"
    http("POST", "/phones/call", json={"sid": sid, "act": "hang_up"})
    kim = phones(http)[KIM]
    assert (kim["call"], [line["body"] for line in kim["lines"]]) == (None, ["Call taken, pressed 1"])
    assert http("POST", "/phones/call", json={"sid": "CA0", "act": "1"}).status_code == 404


def test_the_clock_moves(start: Callable[..., RunningStandin], tmp_path: Path) -> None:
    file, stops = tmp_path / "clock.json", [MARCH + timedelta(days=4)]
    move_clock(file, MARCH)
    standin = start(clock_file=file, next_stop=lambda: stops[0] if stops else None, time_zone="America/Chicago")
    page = ask(standin, "GET", "/").text
    assert "Next check-in" in page
    assert 'data-zone="America/Chicago"' in page

    def jump(to: str) -> timedelta:
        ask(standin, "POST", "/clock", json={"jump": to})
        told = json.loads(file.read_text())
        assert set(told) == {"now", "wall", "rate"}
        shown = datetime.fromisoformat(ask(standin, "GET", "/telephones.json").json()["now"])
        return shown - MARCH

    second = timedelta(seconds=5)
    assert timedelta(hours=1) <= jump("hour") < timedelta(hours=1) + second
    assert timedelta(days=1, hours=1) <= jump("day") < timedelta(days=1, hours=1) + second
    assert timedelta(days=4) <= jump("next") < timedelta(days=4) + second
    stops.clear()
    assert ask(standin, "POST", "/clock", json={"jump": "next"}).json() == {"moved": False}
    assert ask(standin, "POST", "/clock", json={"jump": "sideways"}).status_code == 400
    standin.phone_texts(DANA, "what time is it?")
    shown_at = datetime.fromisoformat(standin.ledger.inbound[0].shown_at)
    assert timedelta(days=4) <= shown_at - MARCH < timedelta(days=4) + second
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


def test_without_a_clock_file_there_are_no_buttons(http: Http) -> None:
    assert "data-jump" not in http("GET", "/").text
    assert http("POST", "/clock", json={"jump": "day"}).status_code == 404


def test_a_rate_is_kept_and_half_a_file_is_no_clock(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    file.write_text(json.dumps({"now": MARCH.isoformat(), "wall": datetime.now(UTC).isoformat(), "rate": 60.0}))
    move_clock(file, MARCH + timedelta(days=1))
    assert json.loads(file.read_text())["rate"] == 60.0
    for broken in ('{"now": "2026-', "[]", '{"now": 5, "wall": 5}', '{"now": "2026-03-03T10:00:00", "wall": "x"}'):
        file.write_text(broken)
        assert abs(read_clock(file) - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("body", "count"), [("x" * 160, 1), ("x" * 161, 2), ("í" * 70, 1), ("í" * 71, 2), ("€" * 81, 2)]
)
def test_segments_are_counted_as_the_network_bills_them(
    body: str, count: int, standin: RunningStandin, bot: NotingBot
) -> None:
    standin.phone_texts(DANA, body)
    assert bot.posts[0].form["NumSegments"] == str(count)
