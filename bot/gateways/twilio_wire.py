"""How requests to Twilio end, and what its states mean; it makes no request of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import getproxies

import certifi
import urllib3
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response

from bot.gateways.gateway import Accepted, Fate, NotSent, Receipt, Refused, SendResult, Unknown

logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # it logs numbers of list calls at INFO

TIMEOUT_S = 10.0  # the SDK has none of its own: it once hung for ever (RELIABILITY.md 2, row 47)
TOO_MANY = 20429
RETRY_AFTER_S = 5.0  # where the provider does not say
LONGEST_RETRY_AFTER_S = 600.0
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


class TooMany(Exception):
    """429: nothing was processed, and it may be tried again after so long."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("429")
        self.retry_after_s = retry_after_s


class Wire(HttpClient):
    """The SDK's way out: one pool of connections, a time-out, another address where the settings say so.

    The SDK's own client writes every header into strings for a log that is off, and goes through `requests`: with both
    gone a text costs half the processor time.
    """

    def __init__(self, api_url: str | None, pool: int) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), is_async=False, timeout=TIMEOUT_S)
        self._api = urlsplit(api_url) if api_url else None
        proxy = None if api_url else getproxies().get("https")
        told: dict[str, Any] = {
            "maxsize": pool,
            "timeout": urllib3.Timeout(connect=TIMEOUT_S, read=TIMEOUT_S),
            "retries": False,  # a second request is ours to decide
            "ca_certs": certifi.where(),
        }
        self._pool = urllib3.ProxyManager(proxy, **told) if proxy else urllib3.PoolManager(**told)

    def close(self) -> None:
        """Closes the connections that are kept open."""
        self._pool.clear()

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request, no retry, no redirect followed."""
        if self._api is not None:
            uri = urlunsplit(urlsplit(uri)._replace(scheme=self._api.scheme, netloc=self._api.netloc))
        if params:
            uri += "?" + urlencode({k: v for k, v in params.items() if v is not None}, doseq=True)
        told = dict(headers or {})
        if auth is not None:
            told |= urllib3.make_headers(basic_auth=f"{auth[0]}:{auth[1]}")
        body = urlencode(data, doseq=True) if data else None
        answer = self._pool.request(method, uri, body=body, headers=told, redirect=False)
        if answer.status == 429:
            raise TooMany(_retry_after(answer.headers))
        return Response(answer.status, answer.data.decode("utf-8", "replace"), answer.headers)


def _retry_after(headers: Mapping[str, str] | None) -> float:
    told = (headers or {}).get("Retry-After", "")
    return min(LONGEST_RETRY_AFTER_S, float(told)) if told.isdigit() else RETRY_AFTER_S


def receipt_of(sid: str, status: str, code: int | None, reference: str | None) -> Receipt:
    """An unknown state counts as underway, never as an end."""
    states = CALL_STATES if sid.startswith("CA") else TEXT_STATES
    rank, fate = states.get(status, (0, Fate.UNDERWAY))
    return Receipt(sid, status, rank, fate, code, reference)


@contextmanager
def telling() -> Iterator[None]:
    """Whatever goes wrong while asking means that nobody can tell."""
    try:
        yield
    except (TooMany, TwilioException, urllib3.exceptions.HTTPError, ValueError) as error:
        raise OSError(type(error).__name__) from error


def attempt(request: Callable[[], Any]) -> SendResult:
    """Makes the request and says which of the four ends it came to (RELIABILITY.md 3)."""
    try:
        made = request()
    except TooMany as error:  # "never processed, always safe to retry"
        return NotSent(retry_after_s=error.retry_after_s, code=TOO_MANY)
    except TwilioRestException as error:
        return _refusal(error)
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
        return NotSent()
    except (TwilioException, urllib3.exceptions.HTTPError, OSError, ValueError, KeyError):
        return Unknown()
    return Accepted(str(made.sid)) if made.sid else Unknown()


def _refusal(error: TwilioRestException) -> SendResult:
    """5xx: nobody knows. All else was refused, and the table says what that means."""
    if error.status >= 500:
        return Unknown()
    code = error.code or error.status
    return NotSent(retry_after_s=RETRY_AFTER_S, code=code) if code == TOO_MANY else Refused(code)
