"""The staff console: the work list, patients; every page behind the guard, every act a signed POST. It
decides nothing: services do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.runtime import Runtime
from bot.services import case_views, conversations, desk_views
from bot.services.work_list import Show, WorkList, mark_of_work, read_work_list
from bot.storage.database import Tx
from bot.storage.staff import StaffMember
from bot.vocabulary import ConversationId, PatientId
from bot.web import showing
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import MAY_ACT, MAY_READ, guard, only, staff, who

blueprint = Blueprint("console", __name__)
blueprint.before_request(guard)
blueprint.context_processor(who)
blueprint.record_once(lambda state: showing.install(state.app, state.app.extensions["bot"]))
explain_on(blueprint)

StaffAct = Callable[[Tx, Runtime, ConversationId, StaffMember, datetime], None]


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


@blueprint.get("/patients")
def patients() -> str:
    """Everybody, newest first."""
    return render_template("patients.html", found=desk_views.find_people(runtime(), ""), search="")


@blueprint.post("/patients")
def search() -> str:
    """Those whose name or record number was asked for; a POST, so that no name gets into an address or a log."""
    words = request.form.get("q", "").strip()[:100]
    return render_template("patients.html", found=desk_views.find_people(runtime(), words), search=words)


@blueprint.get("/patients/<uuid:patient_id>")
def patient(patient_id: UUID) -> str:
    """One patient: thread, scores, check-ins."""
    only(*MAY_READ)
    try:
        page = case_views.patient_page(runtime(), PatientId(patient_id), staff())
    except LookupError:
        abort(404)
    return render_template("patient.html", page=page)


@blueprint.post("/patients/<uuid:patient_id>/take-over")
def take_over(patient_id: UUID) -> Response:
    """Staff write themselves: the bot keeps silent but for red flags."""
    return _thread(patient_id, conversations.let_staff_write, "You have the thread. The bot still pages on red flags.")


@blueprint.post("/patients/<uuid:patient_id>/hand-back")
def hand_back(patient_id: UUID) -> Response:
    """The bot answers again."""
    return _thread(patient_id, conversations.hand_back, "The bot answers again.")


def _thread(patient_id: UUID, carry_out: StaffAct, words: str) -> Response:
    only(*MAY_ACT)
    rt = runtime()
    try:
        with rt.database.begin() as tx:
            for conversation_id in case_views.conversation_ids(tx, rt, PatientId(patient_id)):
                carry_out(tx, rt, conversation_id, staff(), rt.now())
    except LookupError:
        abort(404)
    flash(words)
    return redirect(url_for("console.patient", patient_id=patient_id))
