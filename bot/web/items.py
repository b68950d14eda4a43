"""Work items in the console: one person takes one, gives it back, or writes down what came of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from bot.storage.audit import note
from bot.storage.work_items import claim_item, finish_item, release_item
from bot.vocabulary import WorkItemId
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import MAY_ACT, guard, only, staff, who
from bot.web.wording import ITEM_OUTCOMES

blueprint = Blueprint("items", __name__)
blueprint.before_request(guard)
blueprint.context_processor(who)
explain_on(blueprint)


@blueprint.post("/items/<uuid:item_id>/claim")
def claim(item_id: UUID) -> Response:
    """One person does it; whoever is second is told."""
    only(*MAY_ACT)
    rt = runtime()
    with rt.database.begin() as tx:
        mine = claim_item(tx, WorkItemId(item_id), staff().username, rt.now())
        if mine:
            note(tx, who=staff().username, did="claimed_item", now=rt.now(), about=str(item_id))
    flash("It is yours." if mine else "Somebody has this already; nothing was changed.")
    return redirect(url_for("console.work_list"))


@blueprint.post("/items/<uuid:item_id>/release")
def release(item_id: UUID) -> Response:
    """Whoever has it gives it back."""
    only(*MAY_ACT)
    rt = runtime()
    with rt.database.begin() as tx:
        was_mine = release_item(tx, WorkItemId(item_id), staff().username)
        if was_mine:
            note(tx, who=staff().username, did="released_item", now=rt.now(), about=str(item_id))
    flash("Somebody else may take it now." if was_mine else "You do not have this; nothing was changed.")
    return redirect(url_for("console.work_list"))


@blueprint.post("/items/<uuid:item_id>/done")
def done(item_id: UUID) -> Response:
    """A work item has been dealt with."""
    only(*MAY_ACT)
    rt, outcome = runtime(), request.form.get("outcome", "")
    if outcome not in ITEM_OUTCOMES:
        flash("Choose what came of it first: the item is still open.")
        return redirect(url_for("console.work_list"))
    with rt.database.begin() as tx:
        mine = finish_item(tx, WorkItemId(item_id), staff().username, outcome, rt.now())
        if mine:
            note(tx, who=staff().username, did="finished_item", now=rt.now(), about=str(item_id))
    flash("Done." if mine else "Somebody did this before you; nothing was changed.")
    return redirect(url_for("console.work_list"))
