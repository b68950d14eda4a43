"""Posts to the bot as Twilio does: signed with HMAC-SHA1 over the address and the sorted form."""

from __future__ import annotations

import base64
import hmac
import http.client
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

TIMEOUT_S = 15  # Twilio's own (PLATFORM.md 1.1)


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """X-Twilio-Signature."""
    text = url + "".join(f"{key}{form[key]}" for key in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), "sha1").digest()).decode()


def post(token: str, url: str, form: Mapping[str, str]) -> tuple[int, str]:
    """Status and body; status 0 means that nobody answered."""
    parts = urlsplit(url)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": sign(token, url, form),
        "User-Agent": "TwilioProxy/1.1",
    }
    connection = make(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    try:
        connection.request("POST", path, urlencode(form), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()
