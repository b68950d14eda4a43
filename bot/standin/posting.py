"""Posts to the bot as Twilio does: signed with HMAC-SHA1 over the address and the sorted form."""

from __future__ import annotations

import base64
import contextlib
import hmac
import http.client
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

CONNECT_S, TOTAL_S = 5, 15  # Twilio's own (PLATFORM.md 1.1, 1.3)


@dataclass(frozen=True, slots=True)
class Posted:
    """What the bot answered; status 0: nothing. `connected` is False only if nobody was there to be asked."""

    status: int
    body: str
    connected: bool = True


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """X-Twilio-Signature. The part of an address behind # is Twilio's own business and not signed."""
    text = url.partition("#")[0] + "".join(f"{key}{form[key]}" for key in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), "sha1").digest()).decode()


class Postman:
    """Posts with one token; `stop` ends posts that hang."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._stopped = False

    def post(self, url: str, form: Mapping[str, str]) -> Posted:
        """One signed POST, no retry, no redirect followed."""
        parts = urlsplit(url)
        make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = make(parts.hostname or "", parts.port, timeout=CONNECT_S)
        try:
            connection.connect()
        except OSError:
            connection.close()
            return Posted(0, "", connected=False)
        line = connection.sock
        assert isinstance(line, socket.socket)
        line.settimeout(TOTAL_S)
        with self._lock:
            self._open.add(line)
            stopped = self._stopped
        try:
            return Posted(0, "") if stopped else self._ask(connection, url, form)
        except (OSError, http.client.HTTPException, ValueError):  # ValueError: closed under our hands by stop
            return Posted(0, "")
        finally:
            with self._lock:
                self._open.discard(line)
            connection.close()

    def _ask(self, connection: http.client.HTTPConnection, url: str, form: Mapping[str, str]) -> Posted:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "X-Twilio-Signature": sign(self._token, url, form),
            "User-Agent": "TwilioProxy/1.1",
            "Connection": "close",
        }
        connection.request("POST", path, urlencode(form), headers)
        with connection.getresponse() as answer:
            return Posted(answer.status, answer.read().decode("utf-8", "replace"))

    def stop(self) -> None:
        """Nothing is posted from now on."""
        with self._lock:
            self._stopped = True
            for line in self._open:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
