"""Enrolling one patient at the desk: a form, what would happen, and what will. It decides nothing: services do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.exchange.enrolment import EnrolmentIn, InputError
from bot.exchange.fields import FieldErrors, field_of
from bot.exchange.form import FIELDS, ON_FORM, is_minor, read_form
from bot.services import enrolling
from bot.vocabulary import ProcedureId
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import MAY_ENROL, guard, only, staff, who
from bot.web.wording import ZONES

blueprint = Blueprint("enrol", __name__, url_prefix="/enrol")
blueprint.before_request(guard)
blueprint.context_processor(who)
explain_on(blueprint)


@blueprint.get("")
def show() -> str:
    """The empty form, with what is likely."""
    only(*MAY_ENROL)
    rt = runtime()
    local = rt.now().astimezone(rt.content.clinic.zone)
    likely = {
        "procedure_on": local.date().isoformat(),
        "procedure_at": f"{local:%H}:{local.minute // 15 * 15:02}",
        "language": next(iter(rt.content.messages)),
        "protocol": next(iter(rt.content.protocols)),
        "relation": "self",
        "consent_method": "paper",
        "consent_wording": rt.content.consent.current,
    }
    return _form(likely, {})


@blueprint.post("/change")
def change() -> str:
    """Back from the preview, with everything that was typed."""
    only(*MAY_ENROL)
    return _form(_typed(), {})


@blueprint.post("/check")
def check() -> str:
    """What would be saved and sent; nothing is written."""
    only(*MAY_ENROL)
    typed = _typed()
    try:
        return _preview(typed, _read(typed))
    except FieldErrors as found:
        return _form(typed, {error.path: error.words for error in found.errors})


@blueprint.post("")
def save() -> str | Response:
    """Enrols, by the walk that the `enrol` command takes."""
    only(*MAY_ENROL)
    rt, typed = runtime(), _typed()
    try:
        document = _read(typed)
        enrolled = enrolling.enrol(rt, document, staff().username, confirmed=request.form.get("confirmed", "")[:4000])
    except enrolling.Unconfirmed:
        return _preview(typed, document, unconfirmed=True)
    except InputError as error:
        return _form(typed, _at_field(error))
    except FieldErrors as found:
        return _form(typed, {error.path: error.words for error in found.errors})
    flash("Enrolled." if enrolled.changed else "They were enrolled for this procedure already; nothing was changed.")
    return redirect(url_for("enrol.done", procedure_id=enrolled.procedure_id))


@blueprint.get("/done/<uuid:procedure_id>")
def done(procedure_id: UUID) -> str:
    """What a patient who is enrolled will be sent, and when."""
    only(*MAY_ENROL)
    try:
        plan = enrolling.plan_page(runtime(), ProcedureId(procedure_id), staff())
    except LookupError:
        abort(404)
    return render_template("enrol_done.html", plan=plan)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").replace("\0", "").strip() for name in FIELDS}


def _read(typed: Mapping[str, str]) -> EnrolmentIn:
    rt = runtime()
    return read_form(typed, now=rt.now(), zone=rt.content.clinic.zone)


def _at_field(error: InputError) -> dict[str, str]:
    found = field_of(error)
    return {ON_FORM.get(found.path, found.path.removeprefix("procedure.")): found.words}


def _form(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    rt = runtime()
    clinic, consent = rt.content.clinic, rt.content.consent
    version = typed["consent_wording"] if typed.get("consent_wording") in consent.wordings else consent.current
    now: datetime = rt.now()
    return render_template(
        "enrol.html",
        values=typed,
        errors=errors,
        version=version,
        consent=consent.shown(version, clinic.name, clinic.phone_shown),
        languages={code: messages.name for code, messages in rt.content.messages.items()},
        protocols={code: protocol.label for code, protocol in rt.content.protocols.items()},
        known=enrolling.known_values(rt),
        zones=ZONES,
        today=now.astimezone(clinic.zone).date(),
    )


def _preview(typed: Mapping[str, str], document: EnrolmentIn, *, unconfirmed: bool = False) -> str:
    rt = runtime()
    try:
        seen = enrolling.preview(rt, document, staff().username)
    except InputError as error:
        return _form(typed, _at_field(error))
    minor = is_minor(typed["born_on"], rt.now().date())
    return render_template("enrol_check.html", values=typed, seen=seen, unconfirmed=unconfirmed, minor=minor)
