"""The page about being on call: who has it day by day, what is missing, whose number is proved, and proving one's
own."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.services import numbers, rota_views
from bot.services.rota_changes import MAY_EDIT
from bot.services.testing import send_now
from bot.storage.checks import CheckKind
from bot.storage.database import Tx
from bot.storage.staff import StaffMember, get_staff
from bot.vocabulary import Channel, StaffId
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import MAY_ACT, MAY_READ, guard, only, staff, who

blueprint = Blueprint("on_call", __name__, url_prefix="/on-call")
blueprint.before_request(guard)
blueprint.context_processor(who)
explain_on(blueprint)


@blueprint.get("")
def show() -> str:
    """Two weeks from today or from the day asked for, gaps, holidays, and whose number is proved."""
    only(*MAY_READ)
    page = rota_views.calendar_page(runtime(), _day(request.args.get("from", "")))
    return render_template("on_call.html", page=page, may_edit=staff().role in MAY_EDIT)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


@blueprint.post("/code")
def send_code() -> Response:
    """Sends a code to one's own number, by text or call."""
    only(*MAY_ACT)
    rt, channel = runtime(), _channel()
    with rt.database.begin() as tx:
        sent = numbers.send_check(tx, rt, staff(), channel, CheckKind.CODE, rt.now())
    how = "texted" if channel is Channel.TEXT else "spoken in a call"
    flash(f"A code is being {how} to you. It is good for 15 minutes." if sent else "Your number cannot be reached so.")
    return redirect(url_for("on_call.show"))


@blueprint.post("/confirm")
def confirm() -> Response:
    """Takes the code that arrived."""
    only(*MAY_ACT)
    rt = runtime()
    with rt.database.begin() as tx:
        proved = numbers.confirm_code(tx, staff(), request.form.get("pin", "")[:40], rt.now())
    if proved is None:
        flash("That is not the code that was sent, or it is too old. You are paged all the same.")
    else:
        flash(f"Proved: pages by {'text' if proved is Channel.TEXT else 'call'} reach you.")
    return redirect(url_for("on_call.show"))


@blueprint.post("/page-me")
def page_me() -> Response:
    """Pages whoever is signed in, now, by text and by call, as an alert would; without a patient."""
    only(*MAY_ACT)
    rt = runtime()
    with rt.database.begin() as tx:
        sent = send_now(tx, rt, staff(), tuple(Channel))
    flash(
        "You are being paged by " + " and ".join("text" if c is Channel.TEXT else "call" for c in sent) + "."
        if sent
        else "You have no number yet, or were paged a moment ago: see below how far it got."
    )
    return redirect(url_for("on_call.show", _anchor="numbers"))


@blueprint.post("/test")
def send_tests() -> Response:
    """Sends a test page on the channel chosen, to one member or to everybody who can be paged."""
    only(*MAY_EDIT)
    rt, channel = runtime(), _channel()
    with rt.database.begin() as tx:
        sent = sum(len(send_now(tx, rt, person, (channel,))) for person in _asked_for(tx))
    flash(
        f"{sent} test page{'' if sent == 1 else 's'} on the way." if sent else "None sent: one is on its way already."
    )
    return redirect(url_for("on_call.show", _anchor="numbers"))


def _asked_for(tx: Tx) -> list[StaffMember]:
    """The member whose id the form holds, or everybody who can be paged."""
    wanted = request.form.get("who", "")
    if not wanted:
        return [proof.person for proof in numbers.list_proofs(tx, runtime().now())]
    try:
        person = get_staff(tx, StaffId(UUID(wanted)))
    except (ValueError, LookupError):
        abort(404)
    return [person] if person.member.can_be_paged else []


def _channel() -> Channel:
    return Channel.VOICE if request.form.get("channel") == Channel.VOICE.value else Channel.TEXT
