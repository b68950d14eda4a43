"""Calls of the REST API: calling, listing, fetching, with Twilio's checks and codes."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, jsonify, request

from bot.standin.api import E164, blueprint, carrier, error, not_found
from bot.standin.faults import entry
from bot.standin.pages import BadFilter, filter_days, page_of
from bot.standin.shapes import call_shape

LONGEST_TWIML = 4000


@blueprint.post("/<account>/Calls.json")
def create_call(account: str) -> Response:
    """Calls somebody."""
    refused = _check_call()
    if refused is not None:
        return refused
    form, network = request.form, carrier()
    events = tuple(event for told in form.getlist("StatusCallbackEvent") for event in told.split())
    call = network.calling.call(
        sender=form["From"],
        to=form["To"],
        url=form.get("Url") or None,
        twiml=form.get("Twiml") or None,
        callback=form.get("StatusCallback") or None,
        timeout=float(form.get("Timeout", network.settings.ring_seconds)),
        events=events or ("completed",),
    )
    answer = jsonify(call_shape(call, account) | {"status": "queued"})
    answer.status_code = 201
    return answer


def _check_call() -> Response | None:
    form = request.form
    to, sender, url, twiml = (form.get(name, "") for name in ("To", "From", "Url", "Twiml"))
    if not to:
        return error(400, 21201, "No 'To' number is specified")
    if not sender:
        return error(400, 21213, "No 'From' number is specified")
    if not E164.match(to):
        return error(400, 21217, f"Phone number {to} does not appear to be valid")
    if not E164.match(sender):
        return error(400, 21212, f"The 'From' number {sender} is not a valid phone number.")
    if not twiml and urlsplit(url).scheme not in ("http", "https"):
        return error(400, 21205, f"Url is not a valid URL: {url}")
    if len(twiml) > LONGEST_TWIML:
        return error(400, 20001, "Twiml is longer than 4000 characters.")
    if not form.get("Timeout", "60").isdigit():
        return error(400, 20001, "Timeout must be a number.")
    scripted = entry(carrier().faults.calls_refused, to)
    return error(*scripted, "Refused, as scripted.") if scripted is not None else None


@blueprint.get("/<account>/Calls.json")
def list_calls(account: str) -> Response:
    """The newest first, by number, status and day started."""
    ledger, wanted = carrier().ledger, request.args
    try:
        right_day = filter_days(wanted, "StartTime")
    except BadFilter as bad:
        return error(400, 20001, str(bad))
    with ledger.changed:
        found = [
            call
            for call in reversed(ledger.calls)
            if wanted.get("To", call.to) == call.to
            and wanted.get("From", call.sender) == call.sender
            and wanted.get("Status", call.status) == call.status
            and right_day(call.started_at or call.created_at)
        ]
        page, frame = page_of(found)
        shown = [call_shape(call, account) for call in page]
    return jsonify(frame | {"calls": shown})


@blueprint.get("/<account>/Calls/<sid>.json")
def fetch_call(account: str, sid: str) -> Response:
    """One call."""
    call = carrier().ledger.find_call(sid)
    return not_found() if call is None else jsonify(call_shape(call, account))
