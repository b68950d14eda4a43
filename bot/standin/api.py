"""Twilio's REST addresses that the bot uses: Messages, Calls and the account, in the documented shapes."""

from __future__ import annotations

import re
import socket
import time
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request

from bot.standin.carrier import Carrier
from bot.standin.ledger import Call, Message, real_now

blueprint = Blueprint("api", __name__, url_prefix="/2010-04-01/Accounts/<account>")
E164 = re.compile(r"^\+[1-9]\d{7,14}$")
LONGEST_BODY = 1600


def carrier() -> Carrier:
    """The network that this application serves."""
    found = current_app.extensions["carrier"]
    assert isinstance(found, Carrier)
    return found


def error(status: int, code: int, message: str) -> Response:
    """An error as Twilio words it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    answer = jsonify(code=code, message=message, more_info=more, status=status)
    answer.status_code = status
    return answer


@blueprint.before_request
def guard() -> Response | None:
    """Account and token; then whatever outage is scripted."""
    account = (request.view_args or {}).get("account")
    settings, given = carrier().settings, request.authorization
    right = given is not None and (given.username, given.password) == (settings.account_sid, settings.auth_token)
    if not right or account != settings.account_sid:
        return error(401, 20003, "Authenticate")
    return _outage()


def _outage() -> Response | None:
    faults = carrier().faults
    match faults.outage:
        case "503" | "500":
            return error(int(faults.outage), 20500, "Internal Server Error")
        case "429":
            answer = error(429, 20429, "Too Many Requests")
            answer.headers["Retry-After"] = str(faults.retry_after_s)
            return answer
        case "reset":
            _hang_up()
        case "slow":
            time.sleep(faults.slow_s)
        case _:
            pass
    return None


def _hang_up() -> None:
    """Closes the connection in the caller's face."""
    stream = request.environ.get("werkzeug.socket")
    if isinstance(stream, socket.socket):
        stream.shutdown(socket.SHUT_RDWR)
    abort(500)


def _after(answer: Response) -> Response:
    """What was accepted may still be answered with an error or with half an answer."""
    match carrier().faults.outage:
        case "500_accepted":
            return error(500, 20500, "Internal Server Error")
        case "half":
            answer.set_data(answer.get_data()[:40])
        case _:
            pass
    return answer


@blueprint.post("/Messages.json")
def create_message(account: str) -> Response:
    """Sends a text."""
    form, network = request.form, carrier()
    to, body = form.get("To", ""), form.get("Body", "")
    sender, service = form.get("From"), form.get("MessagingServiceSid")
    if not E164.match(to):
        return error(400, 21211, f"The 'To' number {to} is not a valid phone number.")
    if not sender and not service:
        return error(400, 21603, "A 'From' phone number is required.")
    if not body:
        return error(400, 21602, "Message body is required.")
    if len(body) > LONGEST_BODY:
        return error(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
    if to in network.faults.refused:
        status, code = network.faults.refused[to]
        return error(status, code, "Refused.")
    if (sender or network.settings.bot_number, to) in network.ledger.blocked:
        return error(400, 21610, "Attempt to send to unsubscribed recipient")
    message = network.send(
        sender=sender or network.settings.bot_number,
        to=to,
        body=body,
        callback=form.get("StatusCallback"),
        service=service,
    )
    answer = jsonify(shape(message))
    answer.status_code = 201
    return _after(answer)


@blueprint.get("/Messages.json")
def list_messages(account: str) -> Response:
    """The newest first, by number and day."""
    network, wanted = carrier(), request.args
    lag = timedelta(seconds=network.faults.list_lag_s)
    size = min(int(wanted.get("PageSize", 50)), 1000)
    with network.ledger.changed:
        found = [
            message
            for message in reversed(network.ledger.messages)
            if message.direction != "carrier"
            and real_now() - message.created_at >= lag
            and wanted.get("To", message.to) == message.to
            and wanted.get("From", message.sender) == message.sender
        ]
        page = [shape(message) for message in found[:size]]
    path = f"{request.path}?PageSize={size}&Page=0"
    return jsonify(
        messages=page,
        page=0,
        page_size=size,
        start=0,
        end=max(0, len(page) - 1),
        uri=path,
        first_page_uri=path,
        next_page_uri=None,
        previous_page_uri=None,
    )


@blueprint.get("/Messages/<sid>.json")
def fetch_message(account: str, sid: str) -> Response:
    """One text."""
    with carrier().ledger.changed:
        for message in carrier().ledger.messages:
            if message.sid == sid:
                return jsonify(shape(message))
    return error(404, 20404, "The requested resource was not found")


@blueprint.post("/Calls.json")
def create_call(account: str) -> Response:
    """Calls somebody."""
    form, network = request.form, carrier()
    to = form.get("To", "")
    if not E164.match(to):
        return error(400, 21217, "Phone number does not appear to be valid")
    if not form.get("Url") and not form.get("Twiml"):
        return error(400, 21205, "Url is required")
    if to in network.faults.calls_refused:
        status, code = network.faults.calls_refused[to]
        return error(status, code, "Refused.")
    call = network.call(
        sender=form.get("From", network.settings.bot_number),
        to=to,
        url=form.get("Url"),
        twiml=form.get("Twiml"),
        callback=form.get("StatusCallback"),
        timeout=float(form.get("Timeout", network.settings.ring_seconds)),
    )
    answer = jsonify(call_shape(call))
    answer.status_code = 201
    return _after(answer)


@blueprint.get("/Calls/<sid>.json")
def fetch_call(account: str, sid: str) -> Response:
    """One call."""
    with carrier().ledger.changed:
        for call in carrier().ledger.calls:
            if call.sid == sid:
                return jsonify(call_shape(call))
    return error(404, 20404, "The requested resource was not found")


account_blueprint = Blueprint("account", __name__)


@account_blueprint.get("/2010-04-01/Accounts/<account>.json")
def fetch_account(account: str) -> Response:
    """The account itself."""
    return guard() or jsonify(sid=account, status="active", friendly_name="Stand-in", type="Full")


def _date(at: datetime) -> str:
    return format_datetime(at)


def shape(message: Message) -> dict[str, Any]:
    """A Message as the API shows it."""
    account = carrier().settings.account_sid
    return {
        "sid": message.sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "messaging_service_sid": message.service,
        "direction": message.direction,
        "from": message.sender,
        "to": message.to,
        "body": message.body,
        "status": message.status,
        "error_code": message.error_code,
        "error_message": None,
        "num_media": str(message.media),
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "date_created": _date(message.created_at),
        "date_updated": _date(message.states[-1][1]),
        "date_sent": _date(message.created_at),
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{message.sid}.json",
        "subresource_uris": {"media": f"/2010-04-01/Accounts/{account}/Messages/{message.sid}/Media.json"},
    }


def call_shape(call: Call) -> dict[str, Any]:
    """A Call as the API shows it."""
    account = carrier().settings.account_sid
    return {
        "sid": call.sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "direction": "outbound-api",
        "from": call.sender,
        "to": call.to,
        "status": call.status,
        "date_created": _date(call.created_at),
        "date_updated": _date(call.states[-1][1]),
        "start_time": None,
        "end_time": None,
        "duration": None,
        "price": None,
        "price_unit": "USD",
        "answered_by": None,
        "uri": f"/2010-04-01/Accounts/{account}/Calls/{call.sid}.json",
        "subresource_uris": {},
    }
