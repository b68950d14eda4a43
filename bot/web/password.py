"""One's own password: changed by oneself alone, and before anything else after a one-time password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.exchange.enrolment import InputError
from bot.services.passwords import change_password
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import COOKIE, guard, staff, who

blueprint = Blueprint("password", __name__, url_prefix="/password")
blueprint.before_request(guard)
blueprint.context_processor(who)
explain_on(blueprint)


@blueprint.get("")
def show() -> str:
    """The form."""
    return render_template("password.html", rules=runtime().content.passwords)


@blueprint.post("")
def save() -> Response | tuple[str, int]:
    """Changes it; passwords are the one thing that is not put back into a form."""
    rt, form = runtime(), request.form
    try:
        change_password(
            rt,
            staff(),
            request.cookies.get(COOKIE, ""),
            form.get("current", ""),
            form.get("new", ""),
            form.get("again", ""),
        )
    except InputError as error:
        return render_template("password.html", rules=rt.content.passwords, problem=str(error)), 422
    flash("Your password is changed. Every other browser in which you were signed in is signed out.")
    return redirect(url_for("console.work_list"))
