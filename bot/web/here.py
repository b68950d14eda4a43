"""Where a view finds what it works on; it makes nothing."""

from __future__ import annotations

from flask import current_app

from bot.runtime import Runtime


def runtime() -> Runtime:
    """The runtime of the application that serves this request."""
    found = current_app.extensions["bot"]
    assert isinstance(found, Runtime)
    return found
