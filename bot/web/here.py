"""Where a view finds what it works on, and what was typed into the form that it refuses; it makes nothing."""

from __future__ import annotations

from flask import current_app, request

from bot.runtime import Runtime


def runtime() -> Runtime:
    """The runtime of the application that serves this request."""
    found = current_app.extensions["bot"]
    assert isinstance(found, Runtime)
    return found


def entered(action: str, name: str, default: str = "") -> str:
    """What stood in that field of the form that was just refused, so that nobody types it twice."""
    sent = request.method == "POST" and request.path == action
    return request.form.get(name, default) if sent else default
