"""Twilio's wire: requests out, signed requests in; the only module that knows it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import requests
import urllib3
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Gather, VoiceResponse

from bot.gateways.gateway import (
    Accepted,
    Fate,
    Forged,
    InboundText,
    NotSent,
    Receipt,
    Refused,
    SendResult,
    Unknown,
)
from bot.settings import Settings

logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # it logs numbers of list calls at INFO

TIMEOUT_S = 10.0  # the SDK has none of its own: it once hung for ever (RELIABILITY.md 2, row 47)
RING_S = 25
SHORTEST_VALIDITY_S, LONGEST_VALIDITY_S = 10, 36_000  # Messages.json, ValidityPeriod
ACCOUNT_CODES = {20003, 20005, 20006, 30002, 21606, 21601, 21659, 21703}  # the account's or sender's trouble
# rank and meaning of each state; a receipt never takes a row back (PLATFORM.md 1.4).
TEXT_STATES = {
    "queued": (1, Fate.UNDERWAY),
    "accepted": (1, Fate.UNDERWAY),
    "scheduled": (1, Fate.UNDERWAY),
    "sending": (2, Fate.UNDERWAY),
    "sent": (3, Fate.CONFIRMED),
    "failed": (4, Fate.FAILED),
    "undelivered": (4, Fate.FAILED),
    "canceled": (4, Fate.FAILED),
    "delivered": (5, Fate.DELIVERED),
    "read": (6, Fate.DELIVERED),
}
CALL_STATES = {
    "queued": (1, Fate.UNDERWAY),
    "initiated": (1, Fate.UNDERWAY),
    "ringing": (2, Fate.UNDERWAY),
    "in-progress": (3, Fate.CONFIRMED),
    "completed": (5, Fate.DELIVERED),  # picked up, perhaps by a voicemail: never an acknowledgement
    "busy": (4, Fate.FAILED),
    "no-answer": (4, Fate.FAILED),
    "failed": (4, Fate.FAILED),
    "canceled": (4, Fate.FAILED),
}


class Wire(TwilioHttpClient):
    """The SDK's client with a time-out, pointed at another address where the settings say so."""

    def __init__(self, api_url: str | None, pool: int) -> None:
        super().__init__(timeout=TIMEOUT_S, pool_connections=True)
        self._api = urlsplit(api_url) if api_url else None
        if self.session is not None:
            adapter = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=pool)
            self.session.mount("https://", adapter)
            self.session.mount("http://", adapter)
            self.session.trust_env = self._api is None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        if self._api is not None:
            url = urlunsplit(urlsplit(url)._replace(scheme=self._api.scheme, netloc=self._api.netloc))
        return super().request(method, url, *args, **kwargs)


class TwilioGateway:
    """The gateway of demo, tests and production alike; only TWILIO_API_URL differs."""

    def __init__(self, settings: Settings) -> None:
        account, token = settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value()
        secret = settings.twilio_api_secret
        user = settings.twilio_api_key or account
        password = secret.get_secret_value() if settings.twilio_api_key and secret else token
        wire = Wire(settings.twilio_api_url, pool=32)
        self._wire = wire
        self._client = Client(user, password, account or None, http_client=wire)
        self._public_url = settings.public_url
        self._from = settings.twilio_from
        self._page_from = settings.twilio_page_from or settings.twilio_from
        next_token = settings.twilio_auth_token_next
        tokens = [token, next_token.get_secret_value() if next_token else ""]
        self._validators = [RequestValidator(token) for token in tokens if token]

    def close(self) -> None:
        """Closes the connections that are kept open."""
        if self._wire.session is not None:
            self._wire.session.close()

    def send_text(self, *, to: str, body: str, reference: str, seconds_left: int, is_page: bool) -> SendResult:
        """POST Messages.json; the callback carries our row's id, the text dies when its time is over."""
        sender = self._page_from if is_page else self._from
        origin = {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        validity = max(SHORTEST_VALIDITY_S, min(LONGEST_VALIDITY_S, seconds_left))
        return _attempt(
            lambda: self._client.messages.create(
                to=to,
                body=body,
                status_callback=self._callback(reference),
                validity_period=validity,
                **origin,
            )
        )

    def place_call(self, *, to: str, reference: str, page_id: str) -> SendResult:
        """POST Calls.json; what is said is fetched from our webhook, and names nobody."""
        if self._page_from.startswith("MG"):
            return Refused(21212)  # a service cannot call: TWILIO_PAGE_FROM must be a number
        return _attempt(
            lambda: self._client.calls.create(
                to=to,
                from_=self._page_from,
                url=f"{self._public_url}/twilio/voice/page/{page_id}",
                timeout=RING_S,
                status_callback=self._callback(reference),
                status_callback_event=["initiated", "ringing", "answered", "completed"],
            )
        )

    def find_sent(self, *, to: str, body: str, is_call: bool) -> str | None:
        """The newest request to that number with those words; our texts to one number never repeat themselves."""
        try:
            if is_call:
                return None  # a second ring does no harm, a page that nobody hears does
            found = self._client.messages.list(to=to, limit=50, page_size=50)
        except (
            TwilioRestException,
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            ValueError,
        ) as error:
            raise OSError(type(error).__name__) from error
        same = [m.sid for m in found if (m.body or "").strip() == body.strip() and m.direction != "inbound"]
        return str(same[0]) if same else None

    def list_inbound(self, limit: int) -> list[InboundText]:
        """The newest texts that the provider holds for our number."""
        ours = dict.fromkeys((self._from, self._page_from))  # staff answer to the number that pages leave from
        asked = [{}] if any(number.startswith("MG") for number in ours) else [{"to": number} for number in ours]
        try:
            found = [m for to in asked for m in self._client.messages.list(limit=limit, page_size=limit, **to)]
        except (
            TwilioRestException,
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            ValueError,
        ) as error:
            raise OSError(type(error).__name__) from error
        return [
            InboundText(str(m.sid), str(m.from_), m.body or "", int(m.num_media or 0), None)
            for m in found
            if m.direction == "inbound" and m.sid and m.from_
        ]

    def check_signature(self, path_and_query: str, form: Mapping[str, str], headers: Mapping[str, str]) -> None:
        """HMAC-SHA1 over PUBLIC_URL, path, query and form, under the current or the next token."""
        signature = headers.get("X-Twilio-Signature", "")
        url = self._public_url + path_and_query
        if not signature or not any(v.validate(url, dict(form), signature) for v in self._validators):
            raise Forged

    def read_inbound(self, form: Mapping[str, str]) -> InboundText:
        """An inbound text; KeyError names a field that Twilio always sends."""
        media = form.get("NumMedia", "0")
        return InboundText(
            sid=form["MessageSid"],
            sender=form["From"],
            body=form.get("Body", ""),
            media=int(media) if media.isdigit() else 0,
            opt_out_type=form.get("OptOutType") or None,
        )

    def read_receipt(self, form: Mapping[str, str], query: Mapping[str, str]) -> Receipt:
        """A delivery state of a text or a call; an unknown state counts as underway, never as an end."""
        if "CallSid" in form:
            sid, status, states = form["CallSid"], form.get("CallStatus", ""), CALL_STATES
        else:
            sid, status, states = form["MessageSid"], form.get("MessageStatus", ""), TEXT_STATES
        rank, fate = states.get(status, (0, Fate.UNDERWAY))
        code = form.get("ErrorCode", "")
        return Receipt(sid, status, rank, fate, int(code) if code.isdigit() else None, query.get("id"))

    def empty_answer(self) -> str:
        """TwiML that says nothing: replies leave through the outbox."""
        return str(MessagingResponse())

    def voice_menu(self, words: str, action: str, no_key: str) -> str:
        """Says this and waits for a key; twice, for the half asleep. Without a key nothing is asked of `action`."""
        answer = VoiceResponse()
        for _ in range(2):
            gather = Gather(num_digits=1, action=action, method="POST", timeout=8, action_on_empty_result=False)
            gather.say(words)
            answer.append(gather)
        answer.say(no_key)
        answer.hangup()
        return str(answer)

    def voice_words(self, words: str) -> str:
        """Says this and hangs up."""
        answer = VoiceResponse()
        answer.say(words)
        answer.hangup()
        return str(answer)

    def _callback(self, reference: str) -> str:
        return f"{self._public_url}/twilio/status?id={quote(reference)}"


def _attempt(request: Any) -> SendResult:
    """Makes the request and says which of the four ends it came to (RELIABILITY.md 3)."""
    try:
        made = request()
    except TwilioRestException as error:
        return _refusal(error)
    except requests.ConnectionError as error:
        return NotSent() if _never_connected(error) else Unknown()
    except (
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        json.JSONDecodeError,
        ValueError,
        KeyError,
    ):
        return Unknown()
    return Accepted(str(made.sid)) if made.sid else Unknown()


def _refusal(error: TwilioRestException) -> SendResult:
    code = error.code or None
    if error.status == 429 or code == 20429:  # "never processed, always safe to retry"
        return NotSent(retry_after_s=5.0, code=code)
    if error.status in (401, 403) and (code is None or code in ACCOUNT_CODES):
        return NotSent(hold=True, code=code)
    if code in ACCOUNT_CODES:
        return NotSent(hold=True, code=code)
    if error.status >= 500:
        return Unknown()
    return Refused(code or error.status)


def _never_connected(error: requests.ConnectionError) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)
