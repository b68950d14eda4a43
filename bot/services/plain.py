"""What is said when a text cannot be written: plain words that need nothing, and a work item for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.content.messages import fold_for_sms
from bot.flows.effects import Due
from bot.runtime import Runtime
from bot.services import desk
from bot.services.speaking import REPLY_LIVES, Voice
from bot.storage.database import Tx
from bot.storage.outbox import Draft, Kind, keep_outgoing
from bot.storage.phones import find_language, get_phone
from bot.storage.sealing import SealError
from bot.storage.texts import keep_outbound
from bot.vocabulary import Channel, LanguageCode, PhoneId, TextId

log = structlog.get_logger()

CANNOT_BE_SENT = "cannot_be_sent"
UNSAYABLE = (SealError, LookupError, ValueError, AttributeError, TypeError)  # what formatting and opening can raise


def words_or_plain(tx: Tx, rt: Runtime, voice: Voice, key: str, make: Callable[[], str]) -> str:
    """The words, or plain ones and a work item under this key."""
    try:
        return make()
    except UNSAYABLE as error:
        log.error("text_not_rendered", error=type(error).__name__)
        party = voice.party
        patient_id, phone_id = party.patient.id, party.phone.id
        desk.put(tx, rt, CANNOT_BE_SENT, Due.NOW, key, voice.now, patient_id=patient_id, phone_id=phone_id)
        return plain_words(rt, party.language)


def plain_words(rt: Runtime, language: LanguageCode | None) -> str:
    """In their language, or the first that there is."""
    clinic = rt.content.clinic
    found = rt.content.messages
    messages = next(iter(found.values())) if language is None or language not in found else found[language]
    return messages.plainly(clinic.name, clinic.phone_shown)


def say_plainly(tx: Tx, rt: Runtime, phone_id: PhoneId, key: str, now: datetime) -> TextId | None:
    """Plain words to a phone of which only the number need be readable; None if it is not, or wants no texts."""
    try:
        phone = get_phone(tx, phone_id)
    except SealError:
        return None
    if phone.opted_out_at is not None:
        return None
    words = fold_for_sms(plain_words(rt, find_language(tx, phone_id)))
    text_id = keep_outbound(tx, phone_id=phone_id, conversation_id=None, kind="reply", words=words, now=now)
    draft = Draft(
        dedupe_key=f"{key}:plain",
        kind=Kind.REPLY,
        channel=Channel.TEXT,
        to=phone.number,
        body=words,
        expires_at=now + REPLY_LIVES,
        phone_id=phone_id,
        text_id=text_id,
    )
    keep_outgoing(tx, draft, now)
    return text_id
