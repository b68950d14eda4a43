"""The page of one patient, and how an act on it ends: with a line on the page, or with the form as it was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Response as Answer
from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.runtime import Runtime
from bot.services import conversations, patient_views
from bot.services.errors import Refused
from bot.storage.database import Tx
from bot.storage.patients import get_patient
from bot.storage.staff import StaffMember
from bot.vocabulary import ConversationId, PatientId
from bot.web.console import blueprint
from bot.web.here import entered, runtime
from bot.web.sign_in import MAY_ACT, MAY_READ, only, staff

Deed = Callable[[Tx, Runtime, PatientId, StaffMember, datetime], None]
StaffAct = Callable[[Tx, Runtime, ConversationId, StaffMember, datetime], None]
Shown = Response | tuple[str, int]

blueprint.context_processor(lambda: {"entered": entered})


@blueprint.get("/patients/<uuid:patient_id>")
def patient(patient_id: UUID) -> str:
    """One patient: thread, check-ins, scores, who may answer, consent."""
    only(*MAY_READ)
    return _page(patient_id, _mark(patient_id))  # before the page: what changes in between is fetched again


@blueprint.get("/patients/<uuid:patient_id>/parts")
def patient_fragment(patient_id: UUID) -> Response:
    """The same without the frame, asked for while the page is open: 304 while nothing has changed."""
    only(*MAY_READ)
    mark = _mark(patient_id)
    if mark in request.if_none_match:
        return Answer(status=304)
    answer = Answer(_page(patient_id, by_hand=False), mimetype="text/html")
    answer.set_etag(mark)
    return answer


def _mark(patient_id: UUID) -> str:
    return patient_views.mark_of_patient(runtime(), PatientId(patient_id), staff())


def _page(patient_id: UUID, mark: str = "", refused: str = "", *, by_hand: bool = True) -> str:
    try:
        page = patient_views.patient_page(runtime(), PatientId(patient_id), staff(), by_hand=by_hand)
    except LookupError:
        abort(404)
    content = runtime().content
    clinic, consent = content.clinic, content.consent
    return render_template(
        "patient.html" if by_hand else "patient_body.html",
        page=page,
        mark=mark,
        refused=refused,
        languages=content.messages,
        wordings={name: consent.shown(name, clinic.name, clinic.phone_shown) for name in consent.wordings},
        current_wording=consent.current,
    )


def carry_out(patient_id: UUID, deed: Deed, words: str, place: str = "") -> Shown:
    """Does it in one transaction and says what came of it, at that place of the page; what is refused stays typed."""
    only(*MAY_ACT)
    rt = runtime()
    try:
        with rt.database.begin() as tx:
            get_patient(tx, PatientId(patient_id))
            deed(tx, rt, PatientId(patient_id), staff(), rt.now())
    except LookupError:
        abort(404)
    except Refused as refusal:
        return refuse(patient_id, str(refusal))
    flash(words)
    return redirect(url_for("console.patient", patient_id=patient_id, _anchor=place or None))


def refuse(patient_id: UUID, words: str) -> tuple[str, int]:
    """The page again with that line, and the form as it was typed."""
    only(*MAY_ACT)
    return _page(patient_id, refused=words), 422


@blueprint.post("/patients/<uuid:patient_id>/take-over")
def take_over(patient_id: UUID) -> Shown:
    """Staff write themselves: the bot keeps silent but for red flags."""
    return _thread(patient_id, conversations.let_staff_write, "You have the thread. The bot still pages on red flags.")


@blueprint.post("/patients/<uuid:patient_id>/hand-back")
def hand_back(patient_id: UUID) -> Shown:
    """The bot answers again."""
    return _thread(patient_id, conversations.hand_back, "The bot answers again.")


def _thread(patient_id: UUID, act: StaffAct, words: str) -> Shown:
    def all_of_them(tx: Tx, rt: Runtime, whose: PatientId, person: StaffMember, now: datetime) -> None:
        for conversation_id in conversations.list_ids(tx, rt, whose):
            act(tx, rt, conversation_id, person, now)

    return carry_out(patient_id, all_of_them, words)
