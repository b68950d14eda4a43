"""The walk of one inbound text: kept first, then sorted and answered; whatever fails goes to a person."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.failpoints import Failpoint, failpoint
from bot.flows.conversation import Conversation
from bot.flows.cues import Cue, cue_of
from bot.gateways.gateway import InboundText
from bot.runtime import Runtime
from bot.services import sharing, strangers
from bot.services.hearing import hear
from bot.services.party import facts_about, get_party
from bot.services.sharing import Inbound, speak_as_written
from bot.services.stepping import take_step
from bot.services.whose import ABOUT_NOBODY, Whose, whose_is
from bot.storage.conversations import list_conversations_at, lock_conversation
from bot.storage.database import DatabaseAway, Tx
from bot.storage.findings import keep_finding
from bot.storage.phones import get_phone, keep_phone, lock_phone
from bot.storage.staff import find_staff_at
from bot.storage.texts import (
    Text,
    keep_inbound,
    list_unanswered,
    lock_text,
    mark_answered,
    note_failure,
)
from bot.vocabulary import TextId

log = structlog.get_logger()

RETRY_AFTER = timedelta(seconds=5)
TRIES = 3  # DESIGN.md, walk 1: after three failures within 60 s a person reads it


def keep_text(rt: Runtime, inbound: InboundText) -> TextId | None:
    """Commits an inbound text; None if this SID was kept before.

    :raises DatabaseAway: nothing was kept, and the provider must be told so.
    """
    failpoint(Failpoint.TEXT_ARRIVED)
    now = rt.now()
    with rt.database.begin() as tx:
        phone = keep_phone(tx, inbound.sender, now)
        kept = keep_inbound(
            tx,
            phone_id=phone.id,
            sid=inbound.sid,
            words=inbound.body.replace("\0", ""),
            media=inbound.media,
            opt_out_type=inbound.opt_out_type,
            now=now,
        )
    failpoint(Failpoint.TEXT_KEPT)
    return kept


def answer_text(rt: Runtime, text_id: TextId) -> None:
    """Sorts a kept text and commits all that follows; a failure leaves it to the worker, then to a person."""
    try:
        with rt.database.begin() as tx:
            _answer(tx, rt, text_id)
            failpoint(Failpoint.TEXT_SORTED)
        failpoint(Failpoint.TEXT_ANSWERED)
    except Exception as error:  # noqa: BLE001 - whatever it was, the text must reach somebody
        log.error("text_not_answered", text_id=str(text_id), error=type(error).__name__)
        give_to_person(rt, text_id)


def answer_waiting(rt: Runtime, limit: int = 50) -> int:
    """Answers what a webhook kept and could not answer, or what a process died over."""
    now = rt.now()
    with rt.database.begin() as tx:
        waiting = list_unanswered(tx, now - timedelta(seconds=2), now, limit)
    for text_id in waiting:
        try:
            answer_text(rt, text_id)
        except DatabaseAway:
            raise
        except Exception as error:  # noqa: BLE001 - it stays unanswered and is tried again; the others go on
            log.error("text_left", text_id=str(text_id), error=type(error).__name__)
    return len(waiting)


def give_to_person(rt: Runtime, text_id: TextId) -> None:
    """Counts the failure; after three, or when the text is a minute old, on-call is paged about it."""
    now = rt.now()
    with rt.database.begin() as tx:
        failures = note_failure(tx, text_id, now + RETRY_AFTER)
    if failures < TRIES:
        return
    try:
        with rt.database.begin() as tx:
            strangers.page_unreadable(tx, rt, text_id, now)
    except DatabaseAway:
        raise
    except Exception as error:  # noqa: BLE001 - then with nothing but ids
        log.error("text_paged_blind", text_id=str(text_id), error=type(error).__name__)
        with rt.database.begin() as tx:
            strangers.page_blind(tx, rt, text_id, now)


def _answer(tx: Tx, rt: Runtime, text_id: TextId) -> None:
    text = lock_text(tx, text_id)
    if text.answered_at is not None:
        return
    now = rt.now()
    lock_phone(tx, text.phone_id)
    phone = get_phone(tx, text.phone_id)
    staff = find_staff_at(tx, phone.number)
    is_fallback = phone.number == rt.content.clinic.fallback_phone
    if (staff or is_fallback) and strangers.answer_staff(tx, rt, text, phone, staff, now):
        return
    conversations = list_conversations_at(tx, text.phone_id, rt.content.questions())
    if not conversations:
        strangers.answer_stranger(tx, rt, text, phone, now)
        return
    whose = whose_is(tx, text, conversations, rt.phrases)
    conversation = lock_conversation(tx, whose.conversation.id, rt.content.questions())
    party = get_party(tx, conversation.patient_id, text.phone_id, now)
    finding = hear(tx, rt, text, conversation, facts_about(tx, party, now))
    keep_finding(tx, text.id, finding, rt.content.version, now, asked=conversation.asked)
    inbound = Inbound(text, finding, speak_as_written(tx, rt, party, finding, text.words), conversations, now)
    _respond(tx, rt, inbound, conversation, whose)
    mark_answered(tx, text.id, conversation.id, now)


def _respond(tx: Tx, rt: Runtime, inbound: Inbound, conversation: Conversation, whose: Whose) -> None:
    """Takes the step that the text asks for, asks whom it is about, or binds an earlier one by the name in it."""
    finding, cue = inbound.finding, cue_of(inbound.finding, conversation)
    if whose.choosing is not None:
        sharing.bind_by_name(tx, rt, inbound, conversation, whose.choosing)
        return
    if not whose.bound and cue not in ABOUT_NOBODY:
        sharing.ask_whose(tx, rt, inbound, conversation)
        return
    if sharing.would_ask_twice(inbound, conversation, cue):
        sharing.give_away(tx, rt, inbound, conversation)
        return
    if not _must_stay_silent(cue, inbound.text):
        conversation = take_step(tx, rt, conversation, inbound.happening(cue), inbound.party)
    sharing.tell_the_rest(tx, rt, inbound, conversation, cue)
    if finding.level.pages and not whose.bound:
        sharing.page_for_everybody(tx, rt, inbound, conversation)


def _must_stay_silent(cue: Cue, text: Text) -> bool:
    """Advanced Opt-Out has answered HELP already (PLATFORM.md 1.1)."""
    return cue is Cue.HELP and text.opt_out_type == "HELP"
