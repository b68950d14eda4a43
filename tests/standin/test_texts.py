"""Texts out: what the API checks and answers, how a text moves, what the callbacks say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from bot.standin.server import RunningStandin
from tests.standin.conftest import ACCOUNT, BOT, DANA, KIM, TOKEN, NotingBot

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
SERVICE = "MG" + "b" * 32


def send(twilio: Client, body: str = "How is it?", to: str = DANA, **more: Any) -> Any:
    return twilio.messages.create(to=to, body=body, **({"from_": BOT} | more))


def delivered(standin: RunningStandin, count: int = 1) -> None:
    arrived = standin.ledger.wait_for(lambda: sum(m.status == "delivered" for m in standin.ledger.sent) >= count)
    assert arrived, [m.status for m in standin.ledger.messages]


def test_a_text_is_queued_then_sent_then_delivered(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    made = send(twilio, status_callback=f"{bot.url}/twilio/status?row=7&x=%2B")
    assert (made.status, made.direction, made.date_sent, made.error_code) == ("queued", "outbound-api", None, None)
    posts = bot.wait_for("/twilio/status", 2)
    assert [post.form["MessageStatus"] for post in posts] == ["sent", "delivered"]
    assert all(post.signed and post.path.endswith("?row=7&x=%2B") for post in posts)
    last = posts[1].form
    assert last["MessageSid"] == last["SmsSid"] == made.sid
    assert (last["SmsStatus"], last["To"], last["From"]) == ("delivered", DANA, BOT)
    assert (last["AccountSid"], last["ApiVersion"]) == (ACCOUNT, "2010-04-01")
    assert "ErrorCode" not in last
    fetched = twilio.messages(made.sid).fetch()
    assert (fetched.status, fetched.body) == ("delivered", "How is it?")
    assert abs(datetime.now(UTC) - fetched.date_sent) < timedelta(seconds=5)


def test_the_ledger_keeps_what_was_accepted_with_real_times(standin: RunningStandin, twilio: Client) -> None:
    before = datetime.now(UTC)
    made = send(twilio)
    delivered(standin)
    entry = standin.ledger.sent[0]
    assert (entry.sid, entry.to, entry.sender, entry.body, entry.callback) == (made.sid, DANA, BOT, "How is it?", None)
    assert [status for status, _ in entry.states] == ["queued", "sent", "delivered"]
    times = [at for _, at in entry.states]
    assert before <= times[0] <= times[1] <= times[2]


def test_a_service_accepts_before_it_queues(standin: RunningStandin, twilio: Client, bot: NotingBot) -> None:
    made = send(twilio, from_=None, messaging_service_sid=SERVICE, status_callback=f"{bot.url}/cb")
    assert (made.status, made.from_, made.messaging_service_sid) == ("accepted", None, SERVICE)
    posts = bot.wait_for("/cb", 3)
    assert [post.form["MessageStatus"] for post in posts] == ["queued", "sent", "delivered"]
    assert posts[0].form["MessagingServiceSid"] == SERVICE
    assert twilio.messages(made.sid).fetch().from_ == BOT


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": BOT, "Body": "x"}, 21604),
        ({"To": DANA, "Body": "x"}, 21603),
        ({"To": DANA, "From": BOT}, 21602),
        ({"To": "555", "From": BOT, "Body": "x"}, 21211),
        ({"To": DANA, "From": "12", "Body": "x"}, 21212),
        ({"To": DANA, "From": BOT, "Body": "x" * 1601}, 21617),
        ({"To": DANA, "From": BOT, "Body": "x", "ValidityPeriod": "0"}, 20001),
    ],
)
def test_a_wrong_request_is_refused(
    form: dict[str, str], code: int, http: Callable[..., requests.Response], standin: RunningStandin
) -> None:
    answer = http("POST", MESSAGES, data=form, auth=(ACCOUNT, TOKEN))
    told = answer.json()
    assert (answer.status_code, told["code"], told["status"]) == (400, code, 400)
    assert str(code) in told["more_info"]
    assert standin.ledger.messages == []


def test_the_answer_has_every_documented_field(http: Callable[..., requests.Response]) -> None:
    form = {"To": DANA, "From": BOT, "Body": "¿Cómo está?"}
    answer = http("POST", MESSAGES, data=form, auth=(ACCOUNT, TOKEN))
    told = answer.json()
    documented = (
        "account_sid api_version body date_created date_sent date_updated direction error_code error_message from "
        "messaging_service_sid num_media num_segments price price_unit sid status subresource_uris to uri"
    )
    assert answer.status_code == 201
    assert sorted(told) == documented.split()
    assert told["date_created"].endswith("+0000")
    assert abs(datetime.now(UTC) - parsedate_to_datetime(told["date_created"])) < timedelta(seconds=5)
    assert told["num_segments"] == "1"


def test_credentials_are_asked_for(
    start: Callable[..., RunningStandin], connect: Callable[..., Client], bot: NotingBot
) -> None:
    standin = start(api_keys=(("SK" + "c" * 32, "secret"),))
    send(connect(standin, "SK" + "c" * 32, "secret"))
    for user, password in ((ACCOUNT, "wrong"), ("SK" + "c" * 32, TOKEN)):
        with pytest.raises(TwilioRestException) as refused:
            send(connect(standin, user, password))
        assert (refused.value.status, refused.value.code) == (401, 20003)
    assert len(standin.ledger.sent) == 1


def test_the_account_is_active_and_all_else_is_not_found(
    twilio: Client, http: Callable[..., requests.Response]
) -> None:
    assert twilio.api.accounts(ACCOUNT).fetch().status == "active"
    for path in (f"Messages/SM{'0' * 32}.json", f"Calls/CA{'0' * 32}.json", "Queues.json"):
        answer = http("GET", f"/2010-04-01/Accounts/{ACCOUNT}/{path}", auth=(ACCOUNT, TOKEN))
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_the_list_is_newest_first_in_pages_that_hold_still(standin: RunningStandin, twilio: Client) -> None:
    for number in range(5):
        send(twilio, f"text {number}")
    page = twilio.messages.page(page_size=2)
    assert [m.body for m in page] == ["text 4", "text 3"]
    send(twilio, "a new one")
    following = page.next_page()
    assert [m.body for m in following] == ["text 2", "text 1"]
    assert [m.body for m in following.next_page()] == ["text 0"]
    assert len(twilio.messages.list(page_size=2)) == 6


def test_the_list_is_filtered_by_number_and_day(standin: RunningStandin, twilio: Client) -> None:
    send(twilio, "to Dana")
    send(twilio, "to Kim", to=KIM)
    delivered(standin, 2)
    standin.phone_texts(DANA, "ok")
    today, day = datetime.now(UTC), timedelta(days=1)
    assert [m.body for m in twilio.messages.list(to=DANA)] == ["to Dana"]
    assert [m.body for m in twilio.messages.list(from_=DANA)] == ["ok"]
    assert len(twilio.messages.list(date_sent=today)) == 3
    assert len(twilio.messages.list(date_sent_after=today, date_sent_before=today)) == 3
    assert twilio.messages.list(date_sent_after=today + day) == []
    assert twilio.messages.list(date_sent_before=today - day) == []


def test_what_is_not_sent_yet_has_no_day(standin: RunningStandin, twilio: Client) -> None:
    standin.faults.silent = {DANA}
    send(twilio)
    assert len(twilio.messages.list(to=DANA)) == 1
    assert twilio.messages.list(to=DANA, date_sent=datetime.now(UTC)) == []


def test_a_day_that_is_none_is_refused(http: Callable[..., requests.Response]) -> None:
    answer = http("GET", f"{MESSAGES}?DateSent=soon", auth=(ACCOUNT, TOKEN))
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
