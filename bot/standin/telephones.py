"""The page of telephones: what each one shows, and what a finger does on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from bot.standin.api import carrier
from bot.standin.clock import move_clock, read_clock
from bot.standin.ledger import Call, Message
from bot.standin.settings import Phone

blueprint = Blueprint("telephones", __name__)
MOST_LINES, MOST_STRANGERS = 60, 40  # the page is for people; a load test has thousands of numbers
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
JUMPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "minutes": timedelta(minutes=5)}


@blueprint.after_request
def strict(response: Response) -> Response:
    """Nothing inline, nothing from elsewhere."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/")
def page() -> str:
    """Patients on one side, staff on the other."""
    settings = carrier().settings
    return render_template("telephones.html", settings=settings, has_clock=settings.clock_file is not None)


@blueprint.get("/telephones.json")
def state() -> Response:
    """Everything that the page shows, at this moment."""
    network = carrier()
    now = read_clock(network.settings.clock_file)
    with network.ledger.changed:
        phones = [_phone(phone) for phone in _phones()]
    return jsonify(now=now.isoformat(), phones=phones)


def _phones() -> list[Phone]:
    """The phones of the settings, and any number that turned up since."""
    network = carrier()
    known = {phone.number for phone in network.settings.phones}
    extra = [Phone(number, number, "patient") for number in sorted(network.ledger.numbers() - known)[:MOST_STRANGERS]]
    return [*network.settings.phones, *extra]


def _phone(phone: Phone) -> dict[str, Any]:
    ledger = carrier().ledger
    mine, calls = ledger.on_phone(phone.number), ledger.calls_to(phone.number)
    lines = sorted([_line(m) for m in mine] + [_ended(c) for c in calls if not c.is_live], key=lambda x: x["number"])
    live = next((c for c in reversed(calls) if c.status in ("ringing", "in-progress")), None)
    return {
        "number": phone.number,
        "label": phone.label,
        "side": phone.side,
        "note": phone.note,
        "lines": lines[-MOST_LINES:],
        "call": None if live is None else _live(live),
    }


def _line(message: Message) -> dict[str, Any]:
    kinds = {"inbound": "mine", "carrier": "carrier"}
    return {
        "number": message.number,
        "kind": kinds.get(message.direction, "theirs"),
        "body": message.body,
        "media": message.media,
        "at": message.shown_at,
        "status": message.status,
        "error_code": message.error_code,
        "lost": bool(message.webhook) and not 200 <= message.webhook[-1] < 300,
    }


def _ended(call: Call) -> dict[str, Any]:
    words = {"completed": "Call taken", "no-answer": "Missed call", "busy": "Call declined", "failed": "Call failed"}
    pressed = f", pressed {''.join(call.digits)}" if call.digits else ""
    body = words.get(call.status, call.status) + pressed
    return {"number": call.number, "kind": "call-line", "body": body, "at": call.shown_at, "status": "call"}


def _live(call: Call) -> dict[str, Any]:
    return {
        "sid": call.sid,
        "from": call.sender,
        "status": call.status,
        "heard": call.heard[-3:],
        "digits": "".join(call.digits),
        "awaits_key": call.gather is not None,
    }


def _json(name: str) -> str:
    told = request.get_json(silent=True)
    value = told.get(name) if isinstance(told, dict) else None
    if not isinstance(value, str):
        abort(400)
    return value


@blueprint.post("/phones/text")
def text() -> Response:
    """Somebody writes a text."""
    carrier().phone_texts_soon(_json("number"), _json("body"))
    return jsonify(sent=True)


@blueprint.post("/phones/call")
def act_on_call() -> Response:
    """Somebody answers, hangs up or presses a key."""
    network, sid, act = carrier(), _json("sid"), _json("act")
    call = network.ledger.find_call(sid)
    if call is None:
        abort(404)
    if act == "answer":
        network.answer(call)
    elif act == "hang_up":
        network.hang_up(call)
    else:
        network.press(call, act[:1])
    return jsonify(done=True)


@blueprint.post("/clock")
def clock() -> Response:
    """Moves the bot's clock: by a jump, to the next stop, or to an aware ISO time."""
    settings = carrier().settings
    if settings.clock_file is None:
        abort(404)
    to = _target(_json("jump"), read_clock(settings.clock_file))
    if to is not None:
        move_clock(settings.clock_file, to)
    return jsonify(moved=to is not None)


def _target(jump: str, now: datetime) -> datetime | None:
    """Where a jump leads; None: nowhere, since nothing is planned."""
    if jump in JUMPS:
        return now + JUMPS[jump]
    if jump == "next":
        next_stop = carrier().settings.next_stop
        stop = None if next_stop is None else next_stop()
        return None if stop is None else max(stop, now)
    try:
        to = datetime.fromisoformat(jump)
    except ValueError:
        abort(400)
    return to if to.tzinfo is not None else abort(400)


@blueprint.get("/favicon.ico")
def favicon() -> BaseResponse:
    """The page's own mark."""
    return redirect("/static/mark.svg")
