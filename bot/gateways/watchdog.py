"""Pings an external dead-man's switch; a failed ping is the switch's business, not ours."""

from __future__ import annotations

import requests

PATIENCE_S = 10.0


def ping(url: str) -> bool:
    """One GET without a body; whether it was answered with a 2xx. The address is a secret: never log it."""
    try:
        with requests.get(url, timeout=PATIENCE_S, allow_redirects=False) as answer:
            return answer.ok
    except (requests.RequestException, ValueError):
        return False


def answers(url: str, path: str) -> bool:
    """Whether our own web address serves."""
    try:
        with requests.get(f"{url}{path}", timeout=PATIENCE_S, allow_redirects=False) as answer:
            return answer.status_code == 200
    except (requests.RequestException, ValueError):
        return False
