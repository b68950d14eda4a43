"""One alert in the console: its page, who else has it open, and what staff do with it, in order: take it, call, write,
write down the outcome. It decides nothing."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.services import alert_views, desk_views, staff_words, taking
from bot.services.alert_views import AlertPage
from bot.services.staff_words import CannotWrite
from bot.storage.alerts import Alert, get_alert
from bot.vocabulary import AlertId
from bot.web.console import blueprint
from bot.web.here import runtime
from bot.web.sign_in import MAY_ACT, MAY_READ, only, staff

__all__ = ["blueprint"]

LONGEST_NOTE = 4000


@blueprint.get("/a/<code>")
def alert_by_code(code: str) -> Response | tuple[str, int]:
    """Where a page's link leads."""
    only(*MAY_READ)
    found = desk_views.find_alert_by_code(runtime(), code) if code.isalnum() else None
    if found is None:
        words = f"The alert with ref {code.upper()[:8]} is closed, or there was none. Open alerts are on the work list."
        return render_template("nothing.html", title="This alert is closed", words=words), 404
    return redirect(url_for("console.alert", alert_id=found.id))


@blueprint.get("/alerts/<uuid:alert_id>")
def alert(alert_id: UUID) -> str:
    """One alert, as an SBAR."""
    only(*MAY_READ)
    return _show(alert_id)


def _show(alert_id: UUID, wrong: str = "") -> str:
    """The page; with what was typed where it has to be corrected (`wrong` says which form)."""
    try:
        page = alert_views.open_alert(runtime(), AlertId(alert_id), staff())
    except LookupError:
        abort(404)
    return render_template("alert.html", page=page, wrong=wrong)


@blueprint.post("/alerts/<uuid:alert_id>/looking")
def looking(alert_id: UUID) -> str:
    """What the open page asks for every two seconds: the same without the frame. It tells the others who is here."""
    only(*MAY_READ)
    try:
        page: AlertPage = alert_views.keep_open(runtime(), AlertId(alert_id), staff())
    except LookupError:
        abort(404)
    return render_template("alert_body.html", page=page, wrong="")


@blueprint.post("/alerts/<uuid:alert_id>/acknowledge")
def acknowledge(alert_id: UUID) -> Response:
    """Takes the alert, or says who has it."""
    only(*MAY_ACT)
    rt = runtime()
    with rt.database.begin() as tx:
        mine = taking.acknowledge(tx, rt, AlertId(alert_id), staff(), "web", rt.now())
    flash("You have this alert. Everyone who was paged is told, and so is the patient." if mine else _taken(alert_id))
    return redirect(url_for("console.alert", alert_id=alert_id))


@blueprint.post("/alerts/<uuid:alert_id>/write")
def write_about(alert_id: UUID) -> str | Response:
    """A text to the alert's patient under the writer's name."""
    only(*MAY_ACT)
    rt, words = runtime(), " ".join(request.form.get("words", "").split())
    patient_id = _find_alert(alert_id).patient_id
    try:
        if patient_id is None:
            raise CannotWrite("This number belongs to no patient: please call. Nothing was sent.")
        with rt.database.begin() as tx:
            staff_words.write(tx, rt, patient_id, staff(), words, rt.now())
    except CannotWrite as refusal:
        flash(str(refusal))
        return _show(alert_id, "write")
    flash("Sent. You hold the thread now: hand it back on the patient\u2019s page when you are done.")
    return redirect(url_for("console.alert", alert_id=alert_id))


@blueprint.post("/alerts/<uuid:alert_id>/close")
def close(alert_id: UUID) -> str | Response:
    """Closes the alert with its outcome."""
    only(*MAY_ACT)
    rt, words = runtime(), request.form.get("note", "").strip()[:LONGEST_NOTE]
    outcome = request.form.get("outcome", "")
    if outcome not in rt.content.outcomes.outcomes:
        flash("Choose an outcome first: the alert is still open.")
        return _show(alert_id, "close")
    try:
        with rt.database.begin() as tx:
            done = taking.close(tx, rt, AlertId(alert_id), staff().username, outcome, words, rt.now())
    except LookupError:
        abort(404)
    flash("The alert is closed." if done else _taken(alert_id))
    return redirect(url_for("console.alert", alert_id=alert_id))


def _taken(alert_id: UUID) -> str:
    found = _find_alert(alert_id)
    if found.closed_at is not None:
        return f"{found.closed_by} has closed this alert already; nothing was changed."
    return f"{found.acknowledged_by} has this alert already; nothing was changed."


def _find_alert(alert_id: UUID) -> Alert:
    try:
        with runtime().database.begin() as tx:
            return get_alert(tx, AlertId(alert_id))
    except LookupError:
        abort(404)
