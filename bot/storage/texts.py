"""Texts in both directions: the thread. An inbound text stays unanswered until everything it causes is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import findings, outbox, staff, texts
from bot.vocabulary import ConversationId, PhoneId, StaffId, TextId


@dataclass(frozen=True, slots=True)
class Text:
    """One text, opened: never to be logged. `at` is when it was kept or written."""

    id: TextId
    phone_id: PhoneId
    conversation_id: ConversationId | None
    direction: str
    kind: str
    words: str
    at: datetime
    media: int = 0
    opt_out_type: str | None = None
    answered_at: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One text as the thread shows it, with how it was sorted or how its sending stands."""

    text: Text
    by: str | None
    level: str | None
    flags: tuple[str, ...]
    delivery: str | None
    error_code: int | None


def keep_inbound(
    tx: Tx, *, phone_id: PhoneId, sid: str, words: str, media: int, opt_out_type: str | None, now: datetime
) -> TextId | None:
    """Writes an inbound text; None if this SID was kept before."""
    new_id = uuid4()
    row = {
        "id": new_id,
        "phone_id": phone_id,
        "direction": "in",
        "kind": "reply",
        "words_sealed": tx.seal("texts.words", new_id, words),
        "words_hash": tx.keyring.digest("words", words),
        "at": now,
        "sid": sid,
        "media": media,
        "opt_out_type": opt_out_type,
        "attempts": 0,
    }
    kept = tx.run(upsert(texts).values(row).on_conflict_do_nothing(index_elements=["sid"]))
    return TextId(new_id) if kept else None


def keep_outbound(
    tx: Tx,
    *,
    phone_id: PhoneId,
    conversation_id: ConversationId | None,
    kind: str,
    words: str,
    now: datetime,
    staff_id: StaffId | None = None,
) -> TextId:
    """Writes what the bot or staff say into the thread."""
    new_id = uuid4()
    tx.run(
        insert(texts).values(
            id=new_id,
            phone_id=phone_id,
            conversation_id=conversation_id,
            direction="out",
            kind=kind,
            words_sealed=tx.seal("texts.words", new_id, words),
            words_hash=tx.keyring.digest("words", words),
            at=now,
            media=0,
            attempts=0,
            staff_id=staff_id,
        )
    )
    return TextId(new_id)


def was_said(tx: Tx, phone_id: PhoneId, words: str) -> bool:
    """Whether these very words went to this phone before."""
    same = texts.c.words_hash.in_(tx.keyring.digests("words", words))
    row = tx.find(select(texts.c.id).where(texts.c.phone_id == phone_id, texts.c.direction == "out", same).limit(1))
    return row is not None


def lock_text(tx: Tx, text_id: TextId) -> Text:
    """The text, held until the transaction ends; LookupError if there is none."""
    row = tx.find(select(texts).where(texts.c.id == text_id).with_for_update())
    if row is None:
        raise LookupError(f"no text {text_id}")
    return _opened(tx, row)


def get_text(tx: Tx, text_id: TextId) -> Text:
    """The text; LookupError if there is none."""
    row = tx.find(select(texts).where(texts.c.id == text_id))
    if row is None:
        raise LookupError(f"no text {text_id}")
    return _opened(tx, row)


def list_earlier(tx: Tx, text: Text, since: datetime) -> list[Text]:
    """Inbound texts of the same phone kept before this one and not before `since`, oldest first."""
    query = (
        select(texts)
        .where(
            texts.c.phone_id == text.phone_id,
            texts.c.direction == "in",
            texts.c.id != text.id,
            texts.c.at >= since,
            texts.c.at <= text.at,
        )
        .order_by(texts.c.at)
        .limit(5)
    )
    return [_opened(tx, row) for row in tx.list(query) if _is_readable(tx, row)]


def _is_readable(tx: Tx, row: Row[Any]) -> bool:
    return tx.open_or("texts.words", UUID(str(row.id)), row.words_sealed, None) is not None


def mark_answered(tx: Tx, text_id: TextId, conversation_id: ConversationId | None, now: datetime) -> None:
    """Everything that this text causes is in this transaction."""
    tx.run(
        update(texts)
        .where(texts.c.id == text_id)
        .values(answered_at=now, conversation_id=conversation_id, retry_at=None)
    )


def find_last_inbound(tx: Tx, phone_id: PhoneId, until: datetime) -> Text | None:
    """The newest text from this phone that was kept by then."""
    inbound = (texts.c.phone_id == phone_id) & (texts.c.direction == "in") & (texts.c.at <= until)
    row = tx.find(select(texts).where(inbound).order_by(texts.c.at.desc()).limit(1))
    return None if row is None else _opened(tx, row)


def find_said_before(tx: Tx, text: Text) -> Text | None:
    """What the bot or staff had said last when this text came."""
    said = (texts.c.phone_id == text.phone_id) & (texts.c.direction == "out") & (texts.c.at < text.at)
    row = tx.find(select(texts).where(said).order_by(texts.c.at.desc()).limit(1))
    return None if row is None else _opened(tx, row)


def move_text(tx: Tx, text_id: TextId, conversation_id: ConversationId) -> None:
    """The text belongs to that conversation: somebody has said whom it is about."""
    tx.run(update(texts).where(texts.c.id == text_id).values(conversation_id=conversation_id))


def count_automatic(tx: Tx, phone_id: PhoneId, since: datetime) -> int:
    """How many texts the bot, not a person, has written to this phone since then."""
    automatic = (texts.c.direction == "out") & texts.c.staff_id.is_(None)
    row = tx.find(
        select(func.count().label("written")).where(texts.c.phone_id == phone_id, automatic, texts.c.at > since)
    )
    return 0 if row is None else int(row.written)


def note_failure(tx: Tx, text_id: TextId, retry_at: datetime) -> int:
    """Counts a failed try at answering; how many there were."""
    row = tx.find(
        update(texts)
        .where(texts.c.id == text_id)
        .values(attempts=texts.c.attempts + 1, retry_at=retry_at)
        .returning(texts.c.attempts)
    )
    return int(row.attempts) if row else 0


def list_unanswered(tx: Tx, before: datetime, now: datetime, limit: int) -> list[TextId]:
    """Inbound texts kept before then that nothing has answered yet, oldest first."""
    waiting = texts.c.retry_at.is_(None) | (texts.c.retry_at <= now)
    query = (
        select(texts.c.id)
        .where(texts.c.direction == "in", texts.c.answered_at.is_(None), texts.c.at <= before, waiting)
        .order_by(texts.c.at)
        .limit(limit)
    )
    return [TextId(row.id) for row in tx.list(query)]


def list_known_sids(tx: Tx, sids: list[str]) -> set[str]:
    """Which of the provider's ids are kept already."""
    return {row.sid for row in tx.list(select(texts.c.sid).where(texts.c.sid.in_(sids)))}


def list_thread(tx: Tx, conversation_ids: list[ConversationId], limit: int = 500) -> list[Line]:
    """The newest texts of these conversations, oldest first."""
    query = (
        select(
            texts,
            staff.c.username.label("by"),
            findings.c.level,
            findings.c.flags,
            outbox.c.provider_status,
            outbox.c.state.label("sending_state"),
            outbox.c.error_code,
        )
        .join(staff, staff.c.id == texts.c.staff_id, isouter=True)
        .join(findings, findings.c.text_id == texts.c.id, isouter=True)
        .join(outbox, outbox.c.text_id == texts.c.id, isouter=True)
        .where(texts.c.conversation_id.in_(conversation_ids))
        .order_by(texts.c.at.desc(), texts.c.direction.desc())
        .limit(limit)
    )
    return [_line(tx, row) for row in reversed(tx.list(query))]


def _line(tx: Tx, row: Row[Any]) -> Line:
    return Line(
        text=_opened(tx, row),
        by=row.by,
        level=row.level,
        flags=tuple(row.flags or ()),
        delivery=row.provider_status or row.sending_state,
        error_code=row.error_code,
    )


def _opened(tx: Tx, row: Row[Any]) -> Text:
    return Text(
        id=TextId(row.id),
        phone_id=PhoneId(row.phone_id),
        conversation_id=None if row.conversation_id is None else ConversationId(row.conversation_id),
        direction=row.direction,
        kind=row.kind,
        words=tx.open("texts.words", UUID(str(row.id)), row.words_sealed),
        at=row.at,
        media=row.media,
        opt_out_type=row.opt_out_type,
        answered_at=row.answered_at,
        attempts=row.attempts,
    )


def find_text_phone(tx: Tx, text_id: TextId) -> PhoneId:
    """Whose text it is, without opening it; LookupError if there is none."""
    row = tx.find(select(texts.c.phone_id).where(texts.c.id == text_id))
    if row is None:
        raise LookupError(f"no text {text_id}")
    return PhoneId(row.phone_id)
