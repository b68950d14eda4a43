"""The pages about staff: who there is, and what an admin changes; services decide what may be."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot.exchange.accounts import AccountIn, read_account
from bot.exchange.enrolment import InputError
from bot.services import accounts
from bot.services.accounts import Account
from bot.services.rota_changes import LeavesGap, RotaMoved
from bot.storage.staff import StaffMember
from bot.vocabulary import Role, StaffId
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import guard, only, staff, who

blueprint = Blueprint("accounts", __name__, url_prefix="/staff")
blueprint.before_request(guard)
blueprint.context_processor(who)
blueprint.context_processor(lambda: {"roles": tuple(role.value for role in Role)})
explain_on(blueprint)

Answer = Response | tuple[str, int]
UNREADABLE, CONFLICT = 422, 409


@blueprint.get("")
def show() -> str:
    """Everybody."""
    only(Role.ADMIN, Role.AUDITOR)
    return render_template(
        "staff.html", accounts=accounts.list_accounts(runtime()), may_edit=staff().role is Role.ADMIN
    )


@blueprint.get("/new")
def new() -> str:
    """The form for somebody new."""
    only(Role.ADMIN)
    return render_template("staff_new.html", typed=MultiDict({"takes_texts": "1"}))


@blueprint.post("/new")
def add() -> Answer | str:
    """Adds them, and shows the one-time password: once, so that this page is the answer itself and no redirect."""
    only(Role.ADMIN)
    try:
        person, password = accounts.add_account(runtime(), request.form.get("username", ""), _read(), staff())
    except InputError as error:
        return render_template("staff_new.html", typed=request.form, problem=str(error)), UNREADABLE
    return render_template("staff_password.html", person=person, password=password, is_new=True)


@blueprint.get("/<uuid:staff_id>")
def member(staff_id: UUID) -> str:
    """One member."""
    only(Role.ADMIN)
    account = _get(staff_id)
    return render_template("staff_member.html", account=account, typed=_shown(account.person))


@blueprint.post("/<uuid:staff_id>")
def change(staff_id: UUID) -> Answer:
    """Name, number, role."""
    only(Role.ADMIN)
    account, accepts = _get(staff_id), bool(request.form.get("accept"))
    try:
        accounts.change_account(runtime(), account.person.id, _read(), staff(), accepts_gaps=accepts)
    except InputError as error:
        return _again(account, problem=str(error)), UNREADABLE
    except LeavesGap as left:
        return _again(account, gaps=left.gaps), CONFLICT
    flash("Saved.")
    return redirect(url_for("accounts.member", staff_id=staff_id))


def _again(account: Account, **trouble: object) -> str:
    return render_template("staff_member.html", account=account, typed=request.form, may_accept=True, **trouble)


@blueprint.get("/<uuid:staff_id>/disable")
def leaving(staff_id: UUID) -> str:
    """What disabling them would do."""
    only(Role.ADMIN)
    account = _get(staff_id)
    return render_template("staff_leaving.html", page=accounts.preview_leaving(runtime(), account.person.id))


@blueprint.post("/<uuid:staff_id>/disable")
def disable(staff_id: UUID) -> Response:
    """Disables them."""
    only(Role.ADMIN)
    account = _get(staff_id)
    try:
        accounts.disable(runtime(), account.person.id, staff(), request.form.get("version", ""))
    except InputError as error:
        flash(f"Nothing was changed. {error}")
        return redirect(url_for("accounts.member", staff_id=staff_id))
    except RotaMoved:
        flash("The rota has changed since you opened this page, so nothing was done. Look at it once more.")
        return redirect(url_for("accounts.leaving", staff_id=staff_id))
    flash(f"{account.person.name} is signed out everywhere and cannot sign in any more.")
    return redirect(url_for("accounts.show"))


@blueprint.post("/<uuid:staff_id>/enable")
def enable(staff_id: UUID) -> Response:
    """Lets them in again."""
    only(Role.ADMIN)
    account = _get(staff_id)
    accounts.enable(runtime(), account.person.id, staff())
    flash(f"{account.person.name} can sign in again. They are on no rota: enter them there.")
    return redirect(url_for("accounts.member", staff_id=staff_id))


@blueprint.post("/<uuid:staff_id>/password")
def reset_password(staff_id: UUID) -> str:
    """A one-time password, shown once."""
    only(Role.ADMIN)
    account = _get(staff_id)
    person, password = accounts.reset_password(runtime(), account.person.id, staff())
    return render_template("staff_password.html", person=person, password=password, is_new=False)


@blueprint.post("/<uuid:staff_id>/unlock")
def unlock(staff_id: UUID) -> Response:
    """Forgets their failed tries."""
    only(Role.ADMIN)
    account = _get(staff_id)
    accounts.unlock(runtime(), account.person.id, staff())
    flash(f"{account.person.name} can try again at once.")
    return redirect(url_for("accounts.member", staff_id=staff_id))


def _get(staff_id: UUID) -> Account:
    try:
        return accounts.get_account(runtime(), StaffId(staff_id))
    except LookupError:
        abort(404)


def _read() -> AccountIn:
    form = request.form
    phone = form.get("phone", "").strip() or None
    fields = {"name": form.get("name", ""), "phone": phone, "role": form.get("role", "")}
    return read_account({**fields, "takes_texts": bool(form.get("takes_texts"))})


def _shown(person: StaffMember) -> MultiDict[str, str]:
    fields = {"name": person.name, "phone": person.phone or "", "role": person.role.value}
    return MultiDict({**fields, "takes_texts": "1" if person.takes_texts else ""})
