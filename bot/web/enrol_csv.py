"""Enrolling many at once: a file is looked at, reported upon and then enrolled whole. The file is kept nowhere: between
the two acts it travels in the page, signed, and bound to whoever looked at it."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeSerializer
from werkzeug import Response as Answer
from werkzeug.exceptions import RequestEntityTooLarge

from bot.exchange.enrolment import InputError
from bot.exchange.spreadsheet import RowErrors
from bot.exchange.template import write_template
from bot.services import importing
from bot.storage.database import AlreadyThere
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import MAY_ENROL, guard, only, staff, who

blueprint = Blueprint("enrol_csv", __name__, url_prefix="/enrol/csv")
blueprint.before_request(guard)
blueprint.context_processor(who)
explain_on(blueprint)

GOOD_FOR = timedelta(minutes=30)
TOO_OLD = "That look at the file is too old, or not yours. Nothing was enrolled: choose the file again."


@blueprint.get("")
def show() -> str:
    """The form, and what belongs into each column."""
    only(*MAY_ENROL)
    return _page()


@blueprint.get("/template.csv")
def template() -> Response:
    """The spreadsheet to fill in."""
    only(*MAY_ENROL)
    answer = Response("\ufeff" + write_template(importing.template_columns(runtime())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=enrol-template.csv"
    return answer


@blueprint.post("/check")
def check() -> str:
    """A report on every row; nothing is written."""
    only(*MAY_ENROL)
    given = request.files.get("sheet")
    if given is None or not given.filename:
        return _page("Choose a file first. Nothing was read.")
    try:
        text = importing.read_upload(given.read(importing.MOST_BYTES + 1))
        return _look(text)
    except InputError as error:
        return _page(_line(error))


@blueprint.post("")
def enrol() -> str | Answer:
    """Enrols every row that was looked at, or none."""
    only(*MAY_ENROL)
    looked_at = _opened(request.form.get("sheet", ""))
    if looked_at is None:
        flash(TOO_OLD)
        return redirect(url_for("enrol_csv.show"))
    text, keys = looked_at
    try:
        count = importing.enrol_sheet(runtime(), text, staff().username, confirmed=keys)
    except InputError as error:
        return _page(_line(error))
    except RowErrors as refused:
        return _page(report=importing.SheetReport([], refused.errors))
    except (importing.Unseen, AlreadyThere):
        return _look(text, "Somebody enrolled one of these since you looked. Nothing was enrolled: look again.")
    flash(f"{count} {'patient is' if count == 1 else 'patients are'} enrolled. The file was not kept.")
    return redirect(url_for("console.patients"))


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_: RequestEntityTooLarge) -> tuple[str, int]:
    """Said in one line, like every other mistake in a file."""
    return _page(f"The file is too large. {importing.LIMIT} Divide it."), 413


def _look(text: str, wrong: str = "") -> str:
    report = importing.look_at_sheet(runtime(), text, staff().username)
    return _page(wrong, report, "" if report.errors else _sealed(text, report.keys))


def _page(wrong: str = "", report: importing.SheetReport | None = None, sealed: str = "") -> str:
    return render_template(
        "enrol_csv.html",
        wrong=wrong,
        report=report,
        sealed=sealed,
        columns=importing.template_columns(runtime()),
        limit=importing.LIMIT,
    )


def _line(error: InputError) -> str:
    """`column 'shoe size': is unknown` as a sentence."""
    return f"{str(error).replace(': ', ' ', 1).capitalize()}. Nothing was enrolled."


def _serializer() -> URLSafeSerializer:
    key = current_app.secret_key
    assert key is not None
    return URLSafeSerializer(key, salt="enrol-csv")


def _sealed(text: str, keys: list[str]) -> str:
    """The file as the page carries it, with whom it showed: readable only in that browser, and by us only from it."""
    told = {"by": staff().username, "at": runtime().now().isoformat(), "sheet": text, "keys": keys}
    return str(_serializer().dumps(told))


def _opened(sealed: str) -> tuple[str, list[str]] | None:
    """The file and whom it showed, if this member looked at it, just now and just so."""
    try:
        told = _serializer().loads(sealed)
        age = runtime().now() - datetime.fromisoformat(told["at"])
    except BadData:
        return None
    mine = told["by"] == staff().username and timedelta(0) <= age <= GOOD_FOR
    return (str(told["sheet"]), list(told["keys"])) if mine else None
