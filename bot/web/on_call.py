"""The page about being on call: who has it for two weeks, what is missing, and proving one's own number."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.services import numbers, rota
from bot.storage.checks import CheckKind
from bot.vocabulary import Channel, Role
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import MAY_ACT, MAY_READ, guard, only, staff, who

blueprint = Blueprint("on_call", __name__, url_prefix="/on-call")
blueprint.before_request(guard)
blueprint.context_processor(who)
explain_on(blueprint)


@blueprint.get("")
def show() -> str:
    """Shifts, gaps, holidays, and whose number is proved."""
    only(*MAY_READ)
    rt = runtime()
    with rt.database.begin() as tx:
        proofs = numbers.list_proofs(tx, rt.now())
    return render_template("on_call.html", ahead=rota.look_ahead(rt), proofs=proofs, tiers=rota.paged_tiers(rt))


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


@blueprint.post("/test")
def send_tests() -> Response:
    """Sends a test page to everybody who can be paged, on the channel chosen."""
    only(Role.ADMIN, Role.CLINICIAN)
    rt, channel = runtime(), _channel()
    with rt.database.begin() as tx:
        people = [proof.person for proof in numbers.list_proofs(tx, rt.now())]
        sent = sum(numbers.send_check(tx, rt, person, channel, CheckKind.TEST, rt.now()) for person in people)
    flash(f"{sent} test page{'' if sent == 1 else 's'} on the way.")
    return redirect(url_for("on_call.show"))


def _channel() -> Channel:
    return Channel.VOICE if request.form.get("channel") == Channel.VOICE.value else Channel.TEXT
