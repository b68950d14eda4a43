"""Twilio's wire: requests out, signed requests in; it and `twilio_wire` alone know Twilio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import quote

from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Gather, VoiceResponse

from bot.gateways.gateway import Forged, InboundText, Receipt, Refused, SendResult
from bot.gateways.twilio_wire import Wire, attempt, receipt_of, telling
from bot.settings import Settings

RING_S = 25
SHORTEST_VALIDITY_S, LONGEST_VALIDITY_S = 10, 36_000  # Messages.json, ValidityPeriod
LOOKED_THROUGH, PAGE_SIZE = 100, 200  # texts to one number that a look-up reads; the sweep's page


class TwilioGateway:
    """The gateway of demo, tests and production alike; only TWILIO_API_URL differs."""

    def __init__(self, settings: Settings) -> None:
        account, token = settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value()
        secret = settings.twilio_api_secret
        user = settings.twilio_api_key or account
        password = secret.get_secret_value() if settings.twilio_api_key and secret else token
        wire = Wire(settings.twilio_api_url, pool=32)
        self._wire = wire
        self._account = account
        self._client = Client(user, password, account or None, http_client=wire)
        self._public_url = settings.public_url
        self._from = settings.twilio_from
        self._page_from = settings.twilio_page_from or settings.twilio_from
        next_token = settings.twilio_auth_token_next
        tokens = [token, next_token.get_secret_value() if next_token else ""]
        self._validators = [RequestValidator(token) for token in tokens if token]

    def close(self) -> None:
        """Closes the connections that are kept open."""
        self._wire.close()

    def send_text(self, *, to: str, body: str, reference: str, seconds_left: int, is_page: bool) -> SendResult:
        """POST Messages.json; the callback carries our row's id, the text dies when its time is over."""
        sender = self._page_from if is_page else self._from
        origin = {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        validity = max(SHORTEST_VALIDITY_S, min(LONGEST_VALIDITY_S, seconds_left))
        return attempt(
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
        return attempt(
            lambda: self._client.calls.create(
                to=to,
                from_=self._page_from,
                url=f"{self._public_url}/twilio/voice/page/{page_id}",
                timeout=RING_S,
                status_callback=self._callback(reference),
                status_callback_event=["initiated", "ringing", "answered", "completed"],
            )
        )

    def account_state(self) -> str:
        """GET Accounts/{sid}.json: active, suspended, closed, or that the credentials are not accepted."""
        with telling():
            try:
                return str(self._client.api.v2010.accounts(self._account).fetch().status)
            except TwilioRestException as error:
                if error.status in (401, 403):
                    return "the credentials are not accepted"
                raise

    def list_sent(self, *, to: str, body: str, since: datetime) -> list[str]:
        """By number, time and words. A body that was redacted at the provider matches by number and time alone."""
        with telling():
            found = self._client.messages.list(to=to, limit=LOOKED_THROUGH, page_size=LOOKED_THROUGH)
        recent = [m for m in found if m.direction != "inbound" and not (m.date_created and m.date_created < since)]
        return [str(m.sid) for m in recent if (m.body or "").strip() in ("", body.strip())]

    def fetch(self, sid: str, *, is_call: bool) -> Receipt | None:
        """GET Messages/{sid}.json or Calls/{sid}.json."""
        with telling():
            try:
                if is_call:
                    return receipt_of(sid, str(self._client.calls(sid).fetch().status), None, None)
                text = self._client.messages(sid).fetch()
            except TwilioRestException as error:
                if error.status == 404:
                    return None
                raise
        return receipt_of(sid, str(text.status), text.error_code, None)

    def list_inbound(self, since: datetime) -> Iterator[InboundText]:
        """Page by page from the newest; what is older than `since` is not asked for."""
        ours = dict.fromkeys((self._from, self._page_from))  # staff answer to the number that pages leave from
        asked = [{}] if any(number.startswith("MG") for number in ours) else [{"to": number} for number in ours]
        with telling():
            for to in asked:
                yield from self._list_inbound(to, since)

    def _list_inbound(self, to: dict[str, str], since: datetime) -> Iterator[InboundText]:
        for m in self._client.messages.stream(page_size=PAGE_SIZE, **to):
            if m.date_created is not None and m.date_created < since:
                return
            if m.direction == "inbound" and m.sid and m.from_:
                media = int(m.num_media or 0)
                yield InboundText(str(m.sid), str(m.from_), m.body or "", media, None, m.date_created)

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
            sid, status = form["CallSid"], form.get("CallStatus", "")
        else:
            sid, status = form["MessageSid"], form.get("MessageStatus", "")
        code = form.get("ErrorCode", "")
        return receipt_of(sid, status, int(code) if code.isdigit() else None, query.get("id"))

    def read_call(self, form: Mapping[str, str], reference: str) -> Receipt | None:
        """The CallSid and CallStatus that come with every request for TwiML."""
        sid = form.get("CallSid")
        return None if not sid else receipt_of(sid, form.get("CallStatus", "in-progress"), None, reference)

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
