"""What the provider calls: signed, or 403 and nothing is stored; 2xx only for what is committed."""

from __future__ import annotations

from uuid import UUID

import structlog
from flask import Blueprint, Response, abort, request

from bot.gateways.gateway import Forged
from bot.services import on_the_phone
from bot.services.outbox import keep_receipt
from bot.services.texts import answer_text, keep_text
from bot.vocabulary import OutboxId, PageId
from bot.web.here import runtime

log = structlog.get_logger()
blueprint = Blueprint("webhooks", __name__, url_prefix="/twilio")


@blueprint.before_request
def signed() -> None:
    """Nothing passes without the provider's signature."""
    query = request.query_string.decode("latin-1")
    path_and_query = request.path + (f"?{query}" if query else "")
    try:
        runtime().gateway.check_signature(path_and_query, request.form.to_dict(), dict(request.headers))
    except Forged:
        log.warning("webhook_forged")
        abort(403)


@blueprint.post("/sms")
def inbound() -> Response:
    """An inbound text: kept, then answered; whatever goes wrong after it is kept is the worker's to mend."""
    rt = runtime()
    try:
        text = rt.gateway.read_inbound(request.form)
    except KeyError:
        abort(400)
    text_id = keep_text(rt, text)
    if text_id is not None:
        answer_text(rt, text_id)
    return _twiml(rt.gateway.empty_answer())


@blueprint.post("/status")
def receipt() -> tuple[str, int]:
    """A delivery state; unknown and repeated ones are fine."""
    rt = runtime()
    try:
        found = rt.gateway.read_receipt(request.form, request.args)
    except KeyError:
        abort(400)
    keep_receipt(rt, found, _outbox_id(found.outbox_id))
    return "", 204


@blueprint.post("/voice/page/<uuid:page_id>")
def voice_page(page_id: UUID) -> Response:
    """Somebody, or a voicemail, picked up: what a page says."""
    rt = runtime()
    on_the_phone.note_picked_up(rt, PageId(page_id), rt.gateway.read_call(request.form, str(page_id)))
    return _menu(page_id)


@blueprint.post("/voice/answer/<uuid:page_id>")
def voice_answer(page_id: UUID) -> Response:
    """A digit: 1 takes the alert, 2 passes it on, anything else says it all again."""
    rt = runtime()
    words = on_the_phone.answer_digit(rt, PageId(page_id), request.form.get("Digits", ""))
    return _menu(page_id) if words is None else _twiml(rt.gateway.voice_words(words))


def _menu(page_id: UUID) -> Response:
    rt = runtime()
    match on_the_phone.say_page(rt, PageId(page_id)):
        case on_the_phone.Menu(words=words):
            action = f"{rt.settings.public_url}/twilio/voice/answer/{page_id}"
            return _twiml(rt.gateway.voice_menu(words, action, rt.content.staff.spoken("no_key")))
        case on_the_phone.Farewell(words=words):
            return _twiml(rt.gateway.voice_words(words))


def _twiml(body: str) -> Response:
    return Response(body, mimetype="text/xml")


def _outbox_id(reference: str | None) -> OutboxId | None:
    try:
        return None if reference is None else OutboxId(UUID(reference))
    except ValueError:
        return None
