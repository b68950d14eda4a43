"""The staff console: the work list, patients; every page behind the guard, every act a signed POST. It
decides nothing: services do."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from bot.services import desk_views
from bot.services.work_list import Show, WorkList, mark_of_work, read_work_list
from bot.web import showing
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import MAY_READ, guard, staff, who

blueprint = Blueprint("console", __name__)
blueprint.before_request(guard)
blueprint.context_processor(who)
blueprint.record_once(lambda state: showing.install(state.app, state.app.extensions["bot"]))
explain_on(blueprint)


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
    """Everybody, newest first, a hundred a page."""
    page = request.args.get("page", 1, type=int)
    return render_template("patients.html", found=desk_views.list_people(runtime(), page), search="")


@blueprint.post("/patients")
def search() -> str:
    """Those whose name or record number was asked for; a POST, so that no name gets into an address or a log."""
    words = request.form.get("q", "").strip()[:100]
    found = desk_views.find_people(runtime(), words) if words else desk_views.list_people(runtime(), 1)
    return render_template("patients.html", found=found, search=words)
