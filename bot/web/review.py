"""How one text was sorted, correcting its level, and the list of what was corrected; it decides nothing."""

from __future__ import annotations

import json
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bot.services import corrections, learning
from bot.services.errors import Refused
from bot.vocabulary import CorrectionId, Role, TextId
from bot.web.here import entered, runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import MAY_READ, guard, only, staff, who

blueprint = Blueprint("review", __name__)
blueprint.before_request(guard)
blueprint.context_processor(who)
explain_on(blueprint)

MAY_CORRECT = (Role.NURSE, Role.CLINICIAN)
MAY_REVIEW = (Role.CLINICIAN, Role.ADMIN)
blueprint.context_processor(
    lambda: {
        "may_correct": MAY_CORRECT,
        "may_review": MAY_REVIEW,
        "longest_reason": corrections.LONGEST_REASON,
        "entered": entered,
    }
)


@blueprint.get("/texts/<uuid:text_id>")
def text(text_id: UUID) -> str:
    """One text: the words that decided, and what staff say it was."""
    only(*MAY_READ)
    return _text(TextId(text_id))


def _text(text_id: TextId, refused: str = "") -> str:
    try:
        page = corrections.sorted_text(runtime(), text_id, staff())
    except LookupError:
        abort(404)
    return render_template("text.html", page=page, refused=refused)


@blueprint.post("/texts/<uuid:text_id>/correct")
def correct(text_id: UUID) -> Answer | tuple[str, int]:
    """What the text really was, and why."""
    only(*MAY_CORRECT)
    rt, given = runtime(), {name: request.form.get(name, "").replace("\0", "") for name in ("level", "flag")}
    reason = " ".join(request.form.get("reason", "").replace("\0", "").split())
    try:
        with rt.database.begin() as tx:
            owner = corrections.correct(tx, rt, TextId(text_id), staff(), **given, reason=reason, now=rt.now())
    except LookupError:
        abort(404)
    except Refused as refusal:
        return _text(TextId(text_id), str(refusal)), 422
    flash("Thank you: it stands beside the text and on the review list. No alert was closed or opened by it.")
    if owner is None:
        return redirect(url_for("review.text", text_id=text_id))
    return redirect(url_for("console.patient", patient_id=owner, _anchor=f"text-{text_id}"))


@blueprint.get("/review")
def show() -> str:
    """What was corrected."""
    only(*MAY_READ)
    return render_template("review.html", page=corrections.review(runtime(), staff()))


@blueprint.post("/review/<uuid:correction_id>/looked-at")
def look(correction_id: UUID) -> Answer:
    """Whoever keeps the lexicon has seen it."""
    only(*MAY_REVIEW)
    rt = runtime()
    try:
        with rt.database.begin() as tx:
            corrections.look_at(tx, CorrectionId(correction_id), staff(), rt.now())
        flash("Marked as looked at.")
    except Refused as refusal:
        flash(str(refusal))
    return redirect(url_for("review.show"))


@blueprint.post("/review/export")
def export() -> Response:
    """Every corrected text as a line of the corpus; a POST, since it leaves the house and a line in the audit."""
    only(*MAY_REVIEW)
    lines = learning.corpus_of_corrections(runtime(), staff())
    body = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    answer = Response(body, mimetype="application/x-ndjson")
    answer.headers["Content-Disposition"] = 'attachment; filename="corrected.jsonl"'
    return answer
