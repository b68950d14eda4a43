"""Work items in the console: one person takes one, gives it back, or writes down what came of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from bot.services import items
from bot.services.work_list import Show
from bot.vocabulary import WorkItemId
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import MAY_ACT, guard, only, staff, who
from bot.web.wording import ITEM_OUTCOMES

blueprint = Blueprint("items", __name__)
blueprint.before_request(guard)
blueprint.context_processor(who)
explain_on(blueprint)

MOST_TICKED = 500


@blueprint.post("/items/<uuid:item_id>/claim")
def claim(item_id: UUID) -> Response:
    """One person does it; whoever is second is told."""
    only(*MAY_ACT)
    rt = runtime()
    with rt.database.begin() as tx:
        mine = items.claim(tx, WorkItemId(item_id), staff(), rt.now())
    return _back("It is yours." if mine else "Somebody has this already; nothing was changed.")


@blueprint.post("/items/<uuid:item_id>/release")
def release(item_id: UUID) -> Response:
    """Whoever has it gives it back."""
    only(*MAY_ACT)
    rt = runtime()
    with rt.database.begin() as tx:
        was_mine = items.release(tx, WorkItemId(item_id), staff(), rt.now())
    return _back("Somebody else may take it now." if was_mine else "You do not have this; nothing was changed.")


@blueprint.post("/items/<uuid:item_id>/done")
def done(item_id: UUID) -> Response:
    """A work item has been dealt with."""
    only(*MAY_ACT)
    rt, outcome = runtime(), request.form.get("outcome", "")
    if outcome not in ITEM_OUTCOMES:
        return _back("Choose what came of it first: the item is still open.")
    with rt.database.begin() as tx:
        mine = items.finish(tx, WorkItemId(item_id), staff(), outcome, rt.now())
    return _back("Done." if mine else "Somebody did this before you; nothing was changed.")


@blueprint.post("/items/done-together")
def done_together() -> Response:
    """Several trifles have been dealt with, with one outcome."""
    only(*MAY_ACT)
    rt, outcome, ids = runtime(), request.form.get("outcome", ""), _ticked()
    if not ids:
        return _back("Tick at least one item first. Nothing was changed.")
    if outcome not in ITEM_OUTCOMES:
        return _back("Choose what came of them first: they are still open.")
    try:
        with rt.database.begin() as tx:
            finished = items.finish_together(tx, rt, ids, staff(), outcome, rt.now())
    except items.NotTogether:
        return _back("One of these is closed by itself, with its own outcome. Nothing was changed.")
    left = f" {finished.left} left alone: somebody else does it, or has done it." if finished.left else ""
    return _back(f"{finished.done} done.{left}")


def _ticked() -> set[WorkItemId]:
    try:
        return {WorkItemId(UUID(given)) for given in request.form.getlist("item")[:MOST_TICKED]}
    except ValueError:
        return set()


def _back(words: str) -> Response:
    """To the work list, shown as it was."""
    flash(words)
    shown = Show.read(request.form.get("show"))
    return redirect(url_for("console.work_list", show=None if shown is Show.ALL else shown.value))
