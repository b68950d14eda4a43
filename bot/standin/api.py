"""The door of Twilio's REST API: who may enter, what outage is scripted, and how errors are worded."""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, g, jsonify, request

from bot.standin.carrier import Carrier
from bot.standin.faults import Kind

blueprint = Blueprint("api", __name__, url_prefix="/2010-04-01/Accounts")
E164 = re.compile(r"^\+[1-9]\d{7,14}$")
STUCK = 504


def carrier() -> Carrier:
    """The provider that this application serves."""
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
    """Account and token or API key; then whatever outage is scripted."""
    settings, given = carrier().settings, request.authorization
    keys = {(settings.account_sid, settings.auth_token), *settings.api_keys}
    account = (request.view_args or {}).get("account", settings.account_sid)
    if given is None or (given.username, given.password) not in keys or account != settings.account_sid:
        answer = error(401, 20003, "Authenticate")
        answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        return answer
    g.outage = carrier().faults.next_outage(_kind())
    return _not_accepted(g.outage)


def _kind() -> Kind:
    if request.method != "POST":
        return "lists"
    return "calls" if "/Calls" in request.path else "texts"


def _not_accepted(outage: str) -> Response | None:
    """The answer of a provider that has done nothing."""
    faults = carrier().faults
    match outage:
        case "503":
            return error(503, 20503, "Service unavailable")
        case "500":
            return error(500, 20500, "Internal Server Error")
        case "429":
            answer = error(429, 20429, "Too Many Requests")
            answer.headers["Retry-After"] = str(faults.retry_after_s)
            return answer
        case "reset":
            request.environ["standin.ending"] = "reset"
            return error(500, 20500, "Reset")
        case "stuck":
            _wait(faults.slow_s)
            return error(STUCK, 20504, "Gateway timeout")
        case _:
            return None


@blueprint.after_request
def spoil(answer: Response) -> Response:
    """What was accepted may still be answered late, with an error, by half or not at all."""
    faults = carrier().faults
    match g.get("outage", ""):
        case "500_accepted":
            answer = error(500, 20500, "Internal Server Error")
        case "reset_accepted":
            request.environ["standin.ending"] = "reset"
        case "half":
            request.environ["standin.ending"] = "half"
        case "slow":
            _wait(faults.slow_s)
        case _:
            pass
    if faults.answer_delay_s:
        _wait(faults.answer_delay_s)
    return answer


def _wait(seconds: float) -> None:
    carrier().network.later.stopped.wait(seconds)


@blueprint.get("/<account>.json")
def fetch_account(account: str) -> Response:
    """The account itself."""
    uri = f"/2010-04-01/Accounts/{account}.json"
    return jsonify(
        sid=account,
        owner_account_sid=account,
        status="active",
        friendly_name="Stand-in",
        type="Full",
        uri=uri,
        subresource_uris={},
    )


@blueprint.route("/<account>/<path:rest>", methods=["GET", "POST", "DELETE", "PUT"])
def nothing(account: str, rest: str) -> Response:
    """All else."""
    return not_found()


def not_found() -> Response:
    """Twilio's answer for what there is not."""
    return error(404, 20404, f"The requested resource {request.path} was not found")
