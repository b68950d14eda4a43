"""The staff console: the work list, an alert, a patient; every page behind the guard, every act a signed POST."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.services import alerts, conversations, desk_views
from bot.services.timeline import CAUTION
from bot.storage.work_items import finish_item
from bot.vocabulary import AlertId, ConversationId, PatientId, Role, WorkItemId
from bot.web import showing
from bot.web.app import runtime
from bot.web.showing import OUTCOMES
from bot.web.sign_in import guard, only, staff

blueprint = Blueprint("console", __name__)
blueprint.before_request(guard)
blueprint.record_once(lambda state: showing.install(state.app, state.app.extensions["bot"]))

MAY_READ = (Role.NURSE, Role.CLINICIAN, Role.ADMIN, Role.AUDITOR)
MAY_ACT = (Role.NURSE, Role.CLINICIAN, Role.ADMIN)


@blueprint.context_processor
def who() -> dict[str, object]:
    """Who is signed in, for every page."""
    person = g.get("staff")
    return {"me": person, "may_act": person is not None and person.role in MAY_ACT, "caution": CAUTION}


@blueprint.get("/")
def work_list() -> str:
    """What needs a person."""
    return render_template("work_list.html", list=_list())


@blueprint.get("/work-list")
def work_list_fragment() -> str:
    """The same without the frame: the page's script swaps it in."""
    return render_template("work_list_body.html", list=_list())


def _list() -> desk_views.WorkList:
    return desk_views.work_list(runtime(), with_words=staff().role in MAY_READ)


@blueprint.get("/a/<code>")
def alert_by_code(code: str) -> Response | tuple[str, int]:
    """Where a page's link leads."""
    only(*MAY_READ)
    alert = desk_views.find_alert_by_code(runtime(), code)
    if alert is None:
        return render_template("nothing.html", words=f"No alert with ref {code.upper()} is open any more."), 404
    return redirect(url_for("console.alert", alert_id=alert.id))


@blueprint.get("/alerts/<uuid:alert_id>")
def alert(alert_id: UUID) -> str:
    """One alert, as an SBAR."""
    only(*MAY_READ)
    try:
        page = desk_views.alert_page(runtime(), AlertId(alert_id), staff())
    except LookupError:
        abort(404)
    return render_template("alert.html", page=page)


@blueprint.post("/alerts/<uuid:alert_id>/acknowledge")
def acknowledge(alert_id: UUID) -> Response:
    """Takes the alert."""
    only(*MAY_ACT)
    rt = runtime()
    with rt.database.begin() as tx:
        mine = alerts.acknowledge(tx, rt, AlertId(alert_id), staff(), "web", rt.now())
    flash("You have this alert. The patient has been told." if mine else "Somebody took it before you: see below.")
    return redirect(url_for("console.alert", alert_id=alert_id))


@blueprint.post("/alerts/<uuid:alert_id>/close")
def close(alert_id: UUID) -> Response:
    """Closes the alert with its outcome."""
    only(*MAY_ACT)
    outcome = request.form.get("outcome", "")
    if outcome not in OUTCOMES:
        flash("Choose an outcome first: the alert is still open.")
        return redirect(url_for("console.alert", alert_id=alert_id))
    rt, note = runtime(), request.form.get("note", "").strip()[:4000]
    with rt.database.begin() as tx:
        done = alerts.close(tx, rt, AlertId(alert_id), staff().username, outcome, note, rt.now())
    flash("The alert is closed." if done else "It was closed before.")
    return redirect(url_for("console.alert", alert_id=alert_id))


@blueprint.get("/patients")
def patients() -> str:
    """Search by name or record number."""
    search = request.args.get("q", "")
    return render_template("patients.html", found=desk_views.list_people(runtime(), search), search=search)


@blueprint.get("/patients/<uuid:patient_id>")
def patient(patient_id: UUID) -> str:
    """One patient: thread, scores, check-ins."""
    only(*MAY_READ)
    try:
        page = desk_views.patient_page(runtime(), PatientId(patient_id), staff())
    except LookupError:
        abort(404)
    return render_template("patient.html", page=page)


@blueprint.post("/patients/<uuid:patient_id>/thread/<uuid:conversation_id>/<act>")
def thread(patient_id: UUID, conversation_id: UUID, act: str) -> Response:
    """Takes the thread over, or hands it back to the bot."""
    only(*MAY_ACT)
    rt = runtime()
    carry_out = {"take": conversations.let_staff_write, "return": conversations.hand_back}.get(act)
    if carry_out is None:
        abort(404)
    with rt.database.begin() as tx:
        carry_out(tx, rt, ConversationId(conversation_id), staff(), rt.now())
    return redirect(url_for("console.patient", patient_id=patient_id))


@blueprint.post("/items/<uuid:item_id>/done")
def done(item_id: UUID) -> Response:
    """A work item has been dealt with."""
    only(*MAY_ACT, Role.RECEPTIONIST)
    rt = runtime()
    with rt.database.begin() as tx:
        finish_item(tx, WorkItemId(item_id), staff().username, "done", rt.now())
    return redirect(url_for("console.work_list"))
