"""The relief page of one patient, its chart, and the script that draws it in a browser; it decides nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib.metadata import version
from uuid import UUID

import structlog
from flask import Blueprint, Response, abort, render_template, request

from bot.drawing.easel import Form, NotDrawn
from bot.relief.cohort_picture import cohort_picture
from bot.services import relief_views
from bot.services.cohort import Choice, CohortPage, cohort_page
from bot.storage.staff import StaffMember
from bot.vocabulary import PatientId, ProcedureId
from bot.web.here import runtime
from bot.web.sign_in import MAY_READ, guard, only, staff, who

log = structlog.get_logger()
blueprint = Blueprint("relief", __name__)
blueprint.before_request(guard)
blueprint.context_processor(who)
blueprint.context_processor(lambda: {"vega": version("vl-convert-python")})

FORMS: dict[str, tuple[Form, str]] = {
    "svg": ("svg", "image/svg+xml"),
    "json": ("spec", "application/json"),
}
CHOSEN = ("protocol", "provider", "level", "side", "age")
A_YEAR = "private, max-age=31536000, immutable"


@blueprint.get("/patients/<uuid:patient_id>/relief")
def current(patient_id: UUID) -> str:
    """What the newest injection did."""
    return _page(patient_id, None)


@blueprint.get("/patients/<uuid:patient_id>/relief/<uuid:procedure_id>")
def earlier(patient_id: UUID, procedure_id: UUID) -> str:
    """What that injection did."""
    return _page(patient_id, procedure_id)


def _page(patient_id: UUID, procedure_id: UUID | None) -> str:
    only(*MAY_READ)
    wanted = None if procedure_id is None else ProcedureId(procedure_id)
    try:
        page = relief_views.relief_page(runtime(), PatientId(patient_id), wanted, staff())
    except LookupError:
        abort(404)
    return render_template("relief.html", page=page)


@blueprint.get("/procedures/<uuid:procedure_id>/chart.<form>")
def chart(procedure_id: UUID, form: str) -> Response:
    """The chart as a drawing (svg) or as what the page's script draws from (json); `narrow` for a phone."""
    only(*MAY_READ)
    try:
        picture = relief_views.picture_for(runtime(), ProcedureId(procedure_id))
    except LookupError:
        abort(404)
    return drawing(replace(picture, narrow="narrow" in request.args), form)


def drawing(picture: object, form: str) -> Response:
    """A picture in one of its forms; 503 without a painter, and the page has its table."""
    if form not in FORMS:
        abort(404)
    wanted, kind = FORMS[form]
    try:
        return Response(runtime().easel.draw(picture, wanted), mimetype=kind)
    except NotDrawn as error:
        log.error("chart_not_drawn", error=str(error))
        abort(503)


@blueprint.get("/cohort")
def cohort() -> str:
    """What many injections did."""
    return render_template("cohort.html", page=_cohort(staff()))


@blueprint.get("/cohort/chart.<form>")
def cohort_chart(form: str) -> Response:
    """Its chart; the same choice in the address as the page's."""
    page = _cohort(None)
    picture = cohort_picture(page.cohort, page.protocol.thresholds.useful.value)
    return drawing(replace(picture, narrow="narrow" in request.args), form)


def _cohort(viewer: StaffMember | None) -> CohortPage:
    """Providers, levels, dates: nothing in the address names a patient."""
    only(*MAY_READ)
    given = {name: request.args.get(name, "").strip()[:100] for name in CHOSEN}
    try:
        choice = Choice(since=_day("since"), until=_day("until"), **given)
        return cohort_page(runtime(), choice, viewer)
    except (ValueError, OverflowError):
        abort(400)
    except LookupError:
        abort(404)


def _day(name: str) -> date | None:
    """A date as the browser's own field writes it; ValueError for anything else."""
    given = request.args.get(name, "")
    return date.fromisoformat(given) if given else None


@blueprint.get("/charts/vega.js")
def script() -> Response:
    """Vega and its kin, served by ourselves; made once, outside the tree."""
    only(*MAY_READ)
    rt = runtime()
    try:
        path = rt.easel.script(rt.settings.data_dir / "charts")
    except NotDrawn as error:
        log.error("script_not_made", error=str(error))
        abort(503)
    answer = Response(path.read_bytes(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = A_YEAR
    return answer
