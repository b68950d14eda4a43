"""The staff console: the work list, an alert, the patients; every page behind the guard, every act a signed POST. It
decides nothing: services do."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.services import case_views, desk_views, taking
from bot.services.work_list import Show, WorkList, mark_of_work, read_work_list
from bot.storage.alerts import Alert, get_alert
from bot.vocabulary import AlertId
from bot.web import showing
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import MAY_ACT, MAY_READ, guard, only, staff, who

blueprint = Blueprint("console", __name__)
blueprint.before_request(guard)
blueprint.context_processor(who)
blueprint.record_once(lambda state: showing.install(state.app, state.app.extensions["bot"]))
explain_on(blueprint)

LONGEST_NOTE = 4000


@blueprint.get("/")
def work_list() -> str:
    """What needs a person."""
    show = Show.read(request.args.get("show"))
    mark = mark_of_work(runtime(), staff(), show)  # before the list: what changes in between is fetched again
    return render_template("work_list.html", work=_work(show), show=show, mark=mark)


@blueprint.get("/work-list")
def work_list_fragment() -> Response:
    """The same without the frame, asked for every second: 304 while nothing has changed, for one cheap query."""
    show = Show.read(request.args.get("show"))
    mark = mark_of_work(runtime(), staff(), show)
    if mark in request.if_none_match:
        return Response(status=304)
    answer = Response(render_template("work_list_body.html", work=_work(show), show=show), mimetype="text/html")
    answer.set_etag(mark)
    return answer


def _work(show: Show) -> WorkList:
    return read_work_list(runtime(), staff(), with_words=staff().role in MAY_READ, show=show)


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
    try:
        page = case_views.alert_page(runtime(), AlertId(alert_id), staff())
    except LookupError:
        abort(404)
    return render_template("alert.html", page=page)


@blueprint.post("/alerts/<uuid:alert_id>/acknowledge")
def acknowledge(alert_id: UUID) -> Response:
    """Takes the alert, or says who has it."""
    only(*MAY_ACT)
    rt = runtime()
    with rt.database.begin() as tx:
        mine = taking.acknowledge(tx, rt, AlertId(alert_id), staff(), "web", rt.now())
    flash("You have this alert. Everyone who was paged is told, and so is the patient." if mine else _taken(alert_id))
    return redirect(url_for("console.alert", alert_id=alert_id))


@blueprint.post("/alerts/<uuid:alert_id>/close")
def close(alert_id: UUID) -> Response:
    """Closes the alert with its outcome."""
    only(*MAY_ACT)
    rt, words = runtime(), request.form.get("note", "").strip()[:LONGEST_NOTE]
    outcome = request.form.get("outcome", "")
    if outcome not in rt.content.outcomes.outcomes:
        flash("Choose an outcome first: the alert is still open.")
        return redirect(url_for("console.alert", alert_id=alert_id))
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


@blueprint.get("/patients")
def patients() -> str:
    """Everybody, newest first."""
    return render_template("patients.html", found=desk_views.find_people(runtime(), ""), search="")


@blueprint.post("/patients")
def search() -> str:
    """Those whose name or record number was asked for; a POST, so that no name gets into an address or a log."""
    words = request.form.get("q", "").strip()[:100]
    return render_template("patients.html", found=desk_views.find_people(runtime(), words), search=words)
