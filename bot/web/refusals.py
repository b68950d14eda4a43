"""What a page says that is not shown: in plain words, with the way on, and nothing about what lies behind it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template
from werkzeug.exceptions import HTTPException

WORDS: Mapping[int, tuple[str, str]] = {
    400: ("This form is too old", "Nothing was changed. Open the page again and repeat what you did."),
    401: ("You are signed out", "Nothing was changed. Sign in and repeat what you did."),
    403: (
        "Not for your role",
        "Your role does not include this, so nothing is shown or changed. If you need it, ask whoever runs the bot.",
    ),
    404: ("Nothing here", "There is no such page, or it is not there any more."),
    405: ("Nothing here", "There is no such page."),
    413: ("That is too much at once", "Nothing was changed. Send less, or a smaller file."),
    500: (
        "Something went wrong on our side",
        "Nothing was half done. Try again, or tell whoever runs the bot. If a patient waits, phone them.",
    ),
    503: (
        "The database cannot be reached",
        "Nothing was changed. Try again in a minute, and tell whoever runs the bot. If a patient waits, phone them.",
    ),
}


def refuse(error: HTTPException) -> tuple[str, int]:
    """The page for a refusal."""
    return explain(error.code or 500)


def explain(code: int) -> tuple[str, int]:
    """The page that says what an HTTP status means here."""
    title, words = WORDS.get(code, ("This did not work", "Nothing was changed. Try again in a minute."))
    return render_template("nothing.html", title=title, words=words, signed_out=code == 401), code


def explain_on(blueprint: Blueprint) -> None:
    """Every refusal on this blueprint's addresses is said in plain words."""
    for code in WORDS:
        blueprint.register_error_handler(code, refuse)
