"""Messages of the REST API: sending, listing, fetching, with Twilio's checks and codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Response, jsonify, request

from bot.standin.api import E164, blueprint, carrier, error, not_found
from bot.standin.faults import entry
from bot.standin.ledger import Message, real_now
from bot.standin.pages import BadFilter, filter_days, page_of
from bot.standin.shapes import message_shape

LONGEST_BODY = 1600
LONGEST_VALIDITY_S = 36_000  # Messages.json, ValidityPeriod


@blueprint.post("/<account>/Messages.json")
def create_message(account: str) -> Response:
    """Sends a text."""
    refused = _check_message()
    if refused is not None:
        return refused
    form, network = request.form, carrier()
    message = network.texting.send(
        sender=form.get("From") or network.settings.bot_number,
        to=form["To"],
        body=form["Body"],
        callback=form.get("StatusCallback") or None,
        service=form.get("MessagingServiceSid") or None,
        validity_s=int(form.get("ValidityPeriod", LONGEST_VALIDITY_S)),
    )
    status = "accepted" if message.service else "queued"
    answer = jsonify(message_shape(message, account) | {"status": status, "date_sent": None, "error_code": None})
    answer.status_code = 201
    return answer


def _check_message() -> Response | None:
    """What Twilio refuses, in its order."""
    form, network = request.form, carrier()
    wrong = _wrong(form)
    if wrong is not None:
        return error(400, *wrong)
    to, sender = form["To"], form.get("From") or network.settings.bot_number
    scripted = entry(network.faults.refused, to)
    if scripted is not None:
        return error(*scripted, "Refused, as scripted.")
    if (sender, to) in network.ledger.blocked:
        return error(400, 21610, "Attempt to send to unsubscribed recipient")
    return None


def _wrong(form: Mapping[str, str]) -> tuple[int, str] | None:
    """Code and words for the first parameter that is wrong."""
    to, body, sender = form.get("To", ""), form.get("Body", ""), form.get("From", "")
    validity = form.get("ValidityPeriod", "1")
    checks = (
        (not to, 21604, "A 'To' phone number is required."),
        (not sender and not form.get("MessagingServiceSid"), 21603, "A 'From' phone number is required."),
        (not body, 21602, "Message body is required."),
        (not E164.match(to), 21211, f"The 'To' number {to} is not a valid phone number."),
        (sender and not E164.match(sender), 21212, f"The 'From' number {sender} is not a valid phone number."),
        (len(body) > LONGEST_BODY, 21617, "The concatenated message body exceeds the 1600 character limit."),
        (
            not validity.isdigit() or not 1 <= int(validity) <= LONGEST_VALIDITY_S,
            20001,
            "ValidityPeriod must lie between 1 and 36000.",
        ),
    )
    return next(((code, words) for is_wrong, code, words in checks if is_wrong), None)


@blueprint.get("/<account>/Messages.json")
def list_messages(account: str) -> Response:
    """The newest first, by number and day sent; Twilio's own answers are not among them."""
    network, wanted = carrier(), request.args
    lag = timedelta(seconds=network.faults.list_lag_s)
    try:
        right_day = filter_days(wanted, "DateSent")
    except BadFilter as bad:
        return error(400, 20001, str(bad))

    def is_wanted(message: Message) -> bool:
        return (
            message.direction != "carrier"
            and real_now() - message.created_at >= lag
            and wanted.get("To", message.to) == message.to
            and wanted.get("From", message.sender) == message.sender
            and right_day(message.sent_at)
        )

    with network.ledger.changed:
        found = [message for message in reversed(network.ledger.messages) if is_wanted(message)]
        page, frame = page_of(found)
        shown = [message_shape(message, account) for message in page]
    return jsonify(frame | {"messages": shown})


@blueprint.get("/<account>/Messages/<sid>.json")
def fetch_message(account: str, sid: str) -> Response:
    """One text."""
    message = carrier().ledger.find_message(sid)
    if message is None or message.direction == "carrier":
        return not_found()
    return jsonify(message_shape(message, account))
