"""The pages that change who is on call, a rule at a time: what was typed stays in the form until it is saved, and
services decide whether it is."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot.exchange.enrolment import InputError
from bot.planning.gaps import Shift
from bot.planning.rota_edits import Rule, key_of
from bot.services.rota import Ahead
from bot.services.rota_changes import MAY_EDIT, LeavesGap, RotaChange, RotaMoved, change_rota
from bot.services.rota_views import RulesPage, find_rotation, rules_page
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.rota_forms import FormOfRota, shown_rotation
from bot.web.showing import exact
from bot.web.sign_in import MAY_ACT, MAY_READ, guard, only, staff, who

blueprint = Blueprint("rota", __name__, url_prefix="/on-call/rota")
blueprint.before_request(guard)
blueprint.context_processor(who)
explain_on(blueprint)
blueprint.add_app_template_filter(key_of, "rule_key")

Reader = Callable[[FormOfRota], tuple[Rule, ...]]
Answer = Response | tuple[str, int]
UNREADABLE, CONFLICT = 422, 409


@blueprint.get("")
def show() -> str:
    """The rules as they stand."""
    only(*MAY_READ)
    return render_template("rota.html", page=rules_page(runtime()), may_edit=staff().role in MAY_EDIT)


@blueprint.get("/rotation")
def rotation() -> str:
    """A new rotation, or the one with this key."""
    only(*MAY_EDIT)
    rt, typed = runtime(), MultiDict[str, str]()
    turn = find_rotation(rt, request.args.get("key", ""))
    page = rules_page(rt)
    if turn is not None:
        typed = shown_rotation(turn, {person.id: person.username for person in page.people})
    return render_template("rota_rotation.html", page=page, typed=typed, version=page.version)


@blueprint.post("/rotation")
def save_rotation() -> Answer:
    """Saves it, in place of the one that was changed."""
    only(*MAY_EDIT)
    return _save("rota_rotation.html", "rotation", lambda form: (form.rotation(),))


@blueprint.get("/cover")
def cover() -> str:
    """Who covers whom, from when until when."""
    only(*MAY_ACT)
    page = rules_page(runtime())
    typed = MultiDict({"who": staff().username})
    return render_template("rota_cover.html", page=page, typed=typed, version=page.version)


@blueprint.post("/cover")
def save_cover() -> Answer:
    """Saves it; nurses only for themselves."""
    only(*MAY_ACT)
    return _save("rota_cover.html", "cover", lambda form: form.cover().overrides)


@blueprint.get("/holiday")
def holiday() -> str:
    """Who is on call on one day."""
    only(*MAY_EDIT)
    page = rules_page(runtime())
    typed = MultiDict({"on": request.args.get("on", "")[:10]})
    return render_template("rota_holiday.html", page=page, typed=typed, version=page.version)


@blueprint.post("/holiday")
def save_holiday() -> Answer:
    """Saves it."""
    only(*MAY_EDIT)
    return _save("rota_holiday.html", "holiday", lambda form: (form.holiday(),))


@blueprint.get("/line")
def line() -> str:
    """Somebody who always has a tier, or between two times."""
    only(*MAY_EDIT)
    page = rules_page(runtime())
    return render_template("rota_line.html", page=page, typed=MultiDict(), version=page.version)


@blueprint.post("/line")
def save_line() -> Answer:
    """Saves it."""
    only(*MAY_EDIT)
    return _save("rota_line.html", "line", lambda form: (form.line(),))


@blueprint.post("/remove")
def remove() -> Answer:
    """Takes a rule off the rota; where that leaves a gap, it is shown first."""
    only(*MAY_ACT)
    return _save("rota_remove.html", "removal", lambda _: ())


def _save(template: str, about: str, read: Reader) -> Answer:
    rt, typed = runtime(), request.form
    page, version = rules_page(rt), typed.get("version", "")
    people = {person.username: person.id for person in page.people}
    try:
        rules = read(FormOfRota(typed, people, rt.content.clinic.zone))
        keys = tuple(key for key in typed.getlist("key") if key)
        wanted = RotaChange(version, about, keys, rules, accepts_gaps=bool(typed.get("accept")))
        return _saved(change_rota(rt, wanted, staff()))
    except InputError as error:
        return _again(template, page, version, problem=str(error))
    except LeavesGap as left:
        return _again(template, page, version, gaps=left.gaps)
    except RotaMoved as moved:
        fresh = rules_page(rt)
        return _again(template, fresh, fresh.version, problem=_say_moved(moved), code=CONFLICT)


def _again(
    template: str,
    page: RulesPage,
    version: str,
    *,
    problem: str = "",
    gaps: tuple[Shift, ...] = (),
    code: int = UNREADABLE,
) -> Answer:
    """The form as it was typed, with what keeps it from being saved."""
    may_accept = staff().role in MAY_EDIT
    shown = render_template(
        template, page=page, typed=request.form, version=version, problem=problem, gaps=gaps, may_accept=may_accept
    )
    return shown, CONFLICT if gaps else code


def _say_moved(moved: RotaMoved) -> str:
    zone = runtime().content.clinic.zone
    whose = "Somebody" if moved.by is None else moved.by
    when = "" if moved.at is None else f" ({exact(moved.at, zone)})"
    return (
        f"{whose} has changed the rota since you opened this page{when}, so nothing was saved. "
        "Look at the rota as it is now; what you entered is still here, and can be saved."
    )


def _saved(ahead: Ahead) -> Response:
    flash("The rota is saved; paging follows it from now on.")
    if ahead.gaps:
        flash("It leaves gaps in the next 14 days: see below. Whoever is next is paged then, in the end everybody.")
    return redirect(url_for("rota.show"))
