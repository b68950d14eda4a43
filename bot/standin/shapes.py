"""Texts and calls as the REST API documents them."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from bot.standin.calling import duration_s
from bot.standin.ledger import Call, Message
from bot.standin.network import API_VERSION
from bot.standin.segments import count_segments


def message_shape(message: Message, account: str) -> dict[str, Any]:
    """A Message; the sender of a service is unknown until the text leaves its queue."""
    uri = f"/{API_VERSION}/Accounts/{account}/Messages/{message.sid}"
    unsent = message.service is not None and message.status in ("accepted", "scheduled")
    return {
        "sid": message.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "messaging_service_sid": message.service,
        "direction": message.direction,
        "from": None if unsent else message.sender,
        "to": message.to,
        "body": message.body,
        "status": message.status,
        "error_code": message.error_code,
        "error_message": None,
        "num_media": str(message.media),
        "num_segments": str(count_segments(message.body)),
        "price": None,
        "price_unit": "USD",
        "date_created": _date(message.created_at),
        "date_updated": _date(message.states[-1][1]),
        "date_sent": _date(message.sent_at),
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def call_shape(call: Call, account: str) -> dict[str, Any]:
    """A Call."""
    uri = f"/{API_VERSION}/Accounts/{account}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "parent_call_sid": None,
        "phone_number_sid": None,
        "direction": "outbound-api",
        "from": call.sender,
        "from_formatted": call.sender,
        "to": call.to,
        "to_formatted": call.to,
        "status": call.status,
        "date_created": _date(call.created_at),
        "date_updated": _date(call.states[-1][1]),
        "start_time": _date(call.started_at),
        "end_time": _date(call.ended_at),
        "duration": None if call.ended_at is None else str(duration_s(call)),
        "price": None,
        "price_unit": "USD",
        "answered_by": None,
        "forwarded_from": None,
        "caller_name": None,
        "group_sid": None,
        "trunk_sid": None,
        "queue_time": "0",
        "uri": f"{uri}.json",
        "subresource_uris": {"notifications": f"{uri}/Notifications.json", "recordings": f"{uri}/Recordings.json"},
    }


def _date(at: datetime | None) -> str | None:
    return None if at is None else format_datetime(at)
