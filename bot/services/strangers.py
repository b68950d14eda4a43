"""Texts that no conversation takes: from staff, from numbers nobody knows, and those that cannot be read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.content.messages import fold_for_sms
from bot.flows.effects import Due
from bot.runtime import Runtime
from bot.services import alerts, desk, paging, taking
from bot.services.numbers import answer_test
from bot.services.party import get_party
from bot.services.plain import say_plainly, words_or_plain
from bot.services.speaking import REPLY_LIVES, Voice, say
from bot.storage.alerts import Alert, lock_alert
from bot.storage.conversations import list_conversations_at
from bot.storage.database import Tx
from bot.storage.findings import keep_finding
from bot.storage.outbox import Draft, Kind, keep_outgoing
from bot.storage.phones import (
    Phone,
    get_phone,
    list_texters_at,
    mark_greeted,
    start_texts,
    stop_texts,
)
from bot.storage.staff import StaffMember
from bot.storage.texts import Text, find_text_phone, keep_outbound, list_earlier, mark_answered
from bot.triage.sort import sort_reply
from bot.vocabulary import Asked, Channel, Finding, Intent, LanguageCode, Level, PatientFacts, PhoneId, TextId

NO_MORE_THAN, MOST_ASKED_BACK = timedelta(minutes=10), 4
GREETED_AGAIN_AFTER = timedelta(days=1)  # one neutral answer a day (RELIABILITY.md 5, enumeration)


def answer_staff(tx: Tx, rt: Runtime, text: Text, phone: Phone, staff: StaffMember | None, now: datetime) -> bool:
    """Takes an alert, or asks which one. False: this phone also texts for a patient and takes no alert."""
    is_patients_too = bool(list_texters_at(tx, phone.id))
    meant = paging.read_staff_text(tx, rt, text.words, phone.number, bare=not is_patients_too)
    if isinstance(meant, paging.Asks) and is_patients_too:
        return False
    if isinstance(meant, paging.Asks) and staff and _is_test(tx, rt, staff, text, meant, now):
        meant = paging.Asks(paging.say_to_staff(rt, "test_thanks"))
    mark_answered(tx, text.id, None, now)
    if isinstance(meant, paging.Takes):
        answer = _take(tx, rt, meant.alert, staff, now)
    elif len(list_earlier(tx, text, text.at - NO_MORE_THAN)) >= MOST_ASKED_BACK:
        return True  # a machine that answers by itself: asking it again and again would never end
    else:
        answer = meant.answer
    paging.tell_staff(tx, phone.number, answer, f"reply:{text.id}", now)
    tx.wake()
    return True


def _is_test(tx: Tx, rt: Runtime, staff: StaffMember, text: Text, meant: paging.Asks, now: datetime) -> bool:
    """The answer to a test page: its code, or a plain yes while no alert waits."""
    reads = rt.content.staff.reads
    words = set(re.findall(r"\w+", text.words.casefold()))
    return answer_test(
        tx, staff, text.words, now, bare=meant.is_idle and bool(words & {*reads.acknowledge, *reads.agree})
    )


def _take(tx: Tx, rt: Runtime, alert: Alert, staff: StaffMember | None, now: datetime) -> str:
    if taking.acknowledge(tx, rt, alert.id, staff, "text", now):
        return paging.say_to_staff(rt, "yours", alert)
    held = lock_alert(tx, alert.id)  # whoever was first has committed by now
    if taking.keep(tx, rt, held, staff, now):
        minutes = str(rt.content.escalation.remind_after_minutes)
        return paging.say_to_staff(rt, "yours_already", alert, minutes=minutes)
    return paging.say_to_staff(rt, "taken_already", alert, by=held.acknowledged_by or "somebody")


def answer_stranger(tx: Tx, rt: Runtime, text: Text, phone: Phone, now: datetime) -> None:
    """An unknown number: sorted all the same, a work item, a page for a red flag, one neutral answer a day."""
    finding = sort_reply(text.words, asked=Asked.NONE, facts=PatientFacts(), lexicon=rt.lexicon)
    keep_finding(tx, text.id, finding, rt.content.version, now)
    if finding.level.pages:
        flags = tuple(f for f in finding.flags if rt.rules.levels[f].pages)
        cause = alerts.Cause(None, phone, text.id)
        alerts.raise_alert(tx, rt, cause, level=finding.level, flags=flags, reason="unknown_number", now=now)
    due = Due.NOW if finding.level.rank >= Level.UNCLEAR.rank else Due.NOON_NEXT_BUSINESS_DAY
    key = f"reply:{text.id}"
    desk.put(tx, rt, "unknown_number", due, key, now, phone_id=phone.id, text_id=text.id)
    if finding.level is Level.UNCLEAR and finding.flag_word:
        desk.tell_on_call(tx, rt, key, now)
    if finding.keyword is Intent.OPT_OUT or Intent.OPT_OUT in finding.intents:
        stop_texts(tx, phone.id, "unknown_number", now)
    elif finding.keyword is Intent.OPT_IN:
        start_texts(tx, phone.id)
    elif _may_greet(phone, now):
        _greet(tx, rt, phone, finding, key, now)
    mark_answered(tx, text.id, None, now)


def _may_greet(phone: Phone, now: datetime) -> bool:
    if phone.opted_out_at is not None:
        return False
    return phone.greeted_unknown_at is None or now - phone.greeted_unknown_at >= GREETED_AGAIN_AFTER


def _greet(tx: Tx, rt: Runtime, phone: Phone, finding: Finding, key: str, now: datetime) -> None:
    clinic = rt.content.clinic
    language = LanguageCode(finding.language)
    messages = rt.content.messages.get(language) or rt.content.messages[LanguageCode("en")]
    words = fold_for_sms(messages.say("unknown_number", {"clinic": clinic.name, "phone": clinic.phone_shown}))
    text_id = keep_outbound(tx, phone_id=phone.id, conversation_id=None, kind=Kind.REPLY.value, words=words, now=now)
    draft = Draft(
        key,
        Kind.REPLY,
        Channel.TEXT,
        phone.number,
        words,
        now + REPLY_LIVES,
        phone_id=phone.id,
        text_id=text_id,
    )
    keep_outgoing(tx, draft, now)
    mark_greeted(tx, phone.id, now)


def page_unreadable(tx: Tx, rt: Runtime, text_id: TextId, now: datetime) -> None:
    """A text that could not be sorted, or not even opened: on-call is paged and its writer is told.

    Reads as little as possible, since whatever failed before must not fail here again.
    """
    phone = get_phone(tx, find_text_phone(tx, text_id))
    conversations = list_conversations_at(tx, phone.id, rt.content.questions())
    if not conversations:
        cause = alerts.Cause(None, phone, text_id)
        alerts.raise_alert(tx, rt, cause, level=Level.URGENT, flags=(), reason="unreadable", now=now)
        mark_answered(tx, text_id, None, now)
        return
    conversation = conversations[0]
    party = get_party(tx, conversation.patient_id, phone.id, now)
    cause = alerts.Cause(party, None, text_id)
    alerts.raise_alert(tx, rt, cause, level=Level.URGENT, flags=(), reason="unreadable", now=now)
    voice = Voice(rt.content, party, conversation.id, now)
    key = f"reply:{text_id}:unreadable"
    words = words_or_plain(tx, rt, voice, key, lambda: voice.message("unreadable"))
    say(tx, voice, words, dedupe_key=key, kind=Kind.REPLY)
    mark_answered(tx, text_id, conversation.id, now)


def page_blind(tx: Tx, rt: Runtime, text_id: TextId, now: datetime) -> None:
    """A text of which nothing at all can be read, not even whose it is: paged by its phone's id alone."""
    page_about_phone(tx, rt, find_text_phone(tx, text_id), text_id, f"reply:{text_id}", now)
    mark_answered(tx, text_id, None, now)


def page_about_phone(tx: Tx, rt: Runtime, phone_id: PhoneId, text_id: TextId | None, key: str, now: datetime) -> None:
    """On-call is paged about a phone whose patient cannot be read; its owner hears plain words."""
    cause = alerts.Cause(None, Phone(phone_id, "", None, None, None), text_id)
    alerts.raise_alert(tx, rt, cause, level=Level.URGENT, flags=(), reason="unreadable", now=now)
    say_plainly(tx, rt, phone_id, key, now)
