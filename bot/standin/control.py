"""The control API: tests in other processes script faults, read the ledger and use phones through it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from bot.standin.api import carrier
from bot.standin.ledger import Call, Message

blueprint = Blueprint("control", __name__, url_prefix="/control")


@blueprint.get("/faults")
def show_faults() -> Response:
    """All faults as they are."""
    return jsonify(carrier().faults.as_json())


@blueprint.route("/faults", methods=["PUT", "PATCH"])
def change_faults() -> Response:
    """Sets the faults that are named; PUT clears the others first."""
    told = _told()
    try:
        if request.method == "PUT":
            type(carrier().faults)().change(told)  # a mistake must not clear anything
            carrier().faults.clear()
        carrier().faults.change(told)
    except ValueError as wrong:
        answer = jsonify(error=str(wrong))
        answer.status_code = 400
        return answer
    return show_faults()


@blueprint.delete("/faults")
def clear_faults() -> Response:
    """Everything works again."""
    carrier().faults.clear()
    return show_faults()


@blueprint.get("/ledger")
def show_ledger() -> Response:
    """Every text and call, oldest first; `?after=N` leaves out what has a number up to N."""
    ledger, after = carrier().ledger, int(request.args.get("after", "0"))
    with ledger.changed:
        messages = [text_entry(m) for m in ledger.messages if m.number > after]
        calls = [call_entry(c) for c in ledger.calls if c.number > after]
        blocked = sorted(ledger.blocked)
    return jsonify(messages=messages, calls=calls, blocked=blocked)


@blueprint.post("/texts")
def text() -> Response:
    """A phone texts the bot; `"wait": false` does not wait for the webhook."""
    told, network = _told(), carrier()
    write = network.phone_texts if told.get("wait", True) else network.phone_texts_soon
    number, body, sid = told.get("number"), told.get("body"), told.get("sid")
    if not isinstance(number, str) or not isinstance(body, str):
        abort(400)
    return jsonify(text_entry(write(number, body, media=int(told.get("media", 0)), sid=sid)))


@blueprint.post("/calls/<sid>/<act>")
def act_on_call(sid: str, act: str) -> Response:
    """answer, hang_up, or press with {"digits": "12"}."""
    network = carrier()
    call = network.ledger.find_call(sid)
    if call is None:
        abort(404)
    match act:
        case "answer":
            network.answer(call)
        case "hang_up":
            network.hang_up(call)
        case "press":
            for digit in str(_told().get("digits", "")):
                network.press(call, digit)
        case _:
            abort(404)
    return jsonify(call_entry(call))


def _told() -> dict[str, Any]:
    told = request.get_json(silent=True)
    if not isinstance(told, dict):
        abort(400)
    return told


def text_entry(message: Message) -> dict[str, Any]:
    """A text as the control API tells it."""
    return {
        "number": message.number,
        "sid": message.sid,
        "direction": message.direction,
        "from": message.sender,
        "to": message.to,
        "body": message.body,
        "callback": message.callback,
        "status": message.status,
        "error_code": message.error_code,
        "media": message.media,
        "at": message.created_at.isoformat(),
        "shown_at": message.shown_at,
        "states": [[status, at.isoformat()] for status, at in message.states],
        "webhook": message.webhook,
    }


def call_entry(call: Call) -> dict[str, Any]:
    """A call as the control API tells it."""
    return {
        "number": call.number,
        "sid": call.sid,
        "from": call.sender,
        "to": call.to,
        "url": call.url,
        "callback": call.callback,
        "status": call.status,
        "heard": call.heard,
        "digits": call.digits,
        "gather": call.gather,
        "at": call.created_at.isoformat(),
        "shown_at": call.shown_at,
        "states": [[status, at.isoformat()] for status, at in call.states],
    }
