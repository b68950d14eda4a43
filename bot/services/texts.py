"""The walk of one inbound text: kept first, then sorted and answered; whatever fails goes to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.failpoints import Failpoint, failpoint
from bot.flows.conversation import Conversation
from bot.flows.cues import Cue, cue_of, read_in_context
from bot.gateways.gateway import InboundText
from bot.runtime import Runtime
from bot.services import alerts, strangers
from bot.services.party import answer_language, facts_about, get_party
from bot.services.speaking import in_language
from bot.services.stepping import Happening, take_step
from bot.storage.conversations import list_conversations_at, lock_conversation
from bot.storage.database import DatabaseAway, Tx
from bot.storage.findings import keep_finding
from bot.storage.phones import get_phone, keep_phone, lock_phone
from bot.storage.staff import find_staff_at
from bot.storage.texts import (
    Text,
    keep_inbound,
    list_earlier,
    list_unanswered,
    lock_text,
    mark_answered,
    note_failure,
)
from bot.triage.sort import sort_reply
from bot.vocabulary import Asked, Clarify, Finding, Level, PatientFacts, TextId

log = structlog.get_logger()

READ_TOGETHER = timedelta(minutes=2)  # triage.md rule 11
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
    conversation = lock_conversation(tx, conversations[0].id, rt.content.questions())
    party = get_party(tx, conversation.patient_id, text.phone_id, now)
    finding = _read(tx, rt, text, conversation, facts_about(tx, party, now))
    keep_finding(tx, text.id, finding, rt.content.version, now)
    party = in_language(party, answer_language(rt, party, finding, text.words))
    cue = cue_of(finding, conversation)
    if not _must_stay_silent(cue, text):
        what = Happening(cue, f"reply:{text.id}", now, text_id=text.id, finding=finding)
        take_step(tx, rt, conversation, what, party)
    _page_for_the_others(tx, rt, text, conversations, finding, now)
    mark_answered(tx, text.id, conversation.id, now)


def _must_stay_silent(cue: Cue, text: Text) -> bool:
    """Advanced Opt-Out has answered HELP already (PLATFORM.md 1.1)."""
    return cue is Cue.HELP and text.opt_out_type == "HELP"


def _read(tx: Tx, rt: Runtime, text: Text, conversation: Conversation, facts: PatientFacts) -> Finding:
    """What the text says, alone and together with what came from the same phone just before it."""
    asked = conversation.asked
    finding = sort_reply(text.words, asked=asked, facts=facts, lexicon=rt.lexicon)
    finding = with_media(finding, text)
    earlier = list_earlier(tx, text, text.at - READ_TOGETHER)
    if earlier and not finding.level.pages:
        joined = " ".join([*(t.words for t in earlier), text.words])
        together = sort_reply(joined, asked=Asked.NONE, facts=facts, lexicon=rt.lexicon)
        alone = [sort_reply(t.words, asked=Asked.NONE, facts=facts, lexicon=rt.lexicon) for t in earlier]
        if together.level.pages and not any(f.level.pages for f in alone):
            finding = replace(finding, level=together.level, flags=together.flags, evidence=together.evidence)
    return read_in_context(finding, conversation, rt.content.clarifying)


def with_media(finding: Finding, text: Text) -> Finding:
    """A photo or voice note without words cannot be sorted; with words, the words decide (triage.md rule 16)."""
    if not text.media or finding.level.pages:
        return finding
    if not text.words.strip():
        return replace(finding, level=Level.UNCLEAR, clarify=Clarify.PHOTO, flag_word=False)
    return finding


def _page_for_the_others(
    tx: Tx, rt: Runtime, text: Text, conversations: list[Conversation], finding: Finding, now: datetime
) -> None:
    """One phone for several patients: a red flag that no open question binds to one pages for all of them."""
    if not finding.level.pages or len(conversations) == 1 or conversations[0].question is not None:
        return
    flags = tuple(f for f in finding.flags if rt.rules.levels[f].pages)
    for other in conversations[1:]:
        party = get_party(tx, other.patient_id, text.phone_id, now)
        cause = alerts.Cause(party, None, text.id)
        alerts.raise_alert(tx, rt, cause, level=finding.level, flags=flags, reason="shared_phone", now=now)
