"""Conversations: one per patient and phone, at most one open question per phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, case, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.content.protocols import Question
from bot.flows.conversation import Conversation, OpenCheckIn, State
from bot.storage.database import Tx
from bot.storage.tables import check_ins, conversations, procedures, texters
from bot.vocabulary import CheckInId, Clarify, ConversationId, PatientId, PhoneId

Questions = Mapping[tuple[str, str], tuple[tuple[Question, ...], tuple[Question, ...]]]
"""(protocol, check-in name) -> its questions and those that it asks afterwards, from config/."""

QUERY = (
    select(conversations, check_ins.c.name.label("check_in_name"), procedures.c.protocol)
    .join(check_ins, check_ins.c.id == conversations.c.check_in_id, isouter=True)
    .join(procedures, procedures.c.id == check_ins.c.procedure_id, isouter=True)
)


def keep_conversation(tx: Tx, patient_id: PatientId, phone_id: PhoneId, now: datetime) -> None:
    """Makes sure that the patient has a conversation on this phone."""
    row = {
        "id": uuid4(),
        "patient_id": patient_id,
        "phone_id": phone_id,
        "state": State.IDLE.value,
        "answered": [],
        "clarify_flag_word": False,
        "updated_at": now,
    }
    tx.run(upsert(conversations).values(row).on_conflict_do_nothing())


def lock_conversation(tx: Tx, conversation_id: ConversationId, questions: Questions) -> Conversation:
    """The conversation, held until the transaction ends; LookupError if there is none."""
    query = QUERY.where(conversations.c.id == conversation_id).with_for_update(of=conversations)
    row = tx.find(query)
    if row is None:
        raise LookupError(f"no conversation {conversation_id}")
    return _opened(row, questions)


def find_conversation(tx: Tx, patient_id: PatientId, phone_id: PhoneId, questions: Questions) -> Conversation | None:
    """The patient's conversation on that phone."""
    row = tx.find(QUERY.where(conversations.c.patient_id == patient_id, conversations.c.phone_id == phone_id))
    return None if row is None else _opened(row, questions)


def list_conversations_at(tx: Tx, phone_id: PhoneId, questions: Questions) -> list[Conversation]:
    """Everybody's conversations on one phone: the one with an open question first, then the latest. Whoever has ended
    to text for a patient is a stranger there."""
    pair = (texters.c.patient_id == conversations.c.patient_id) & (texters.c.phone_id == conversations.c.phone_id)
    ended = select(texters.c.id).where(pair, texters.c.ended_at.is_not(None)).exists()
    query = QUERY.where(conversations.c.phone_id == phone_id, ~ended).order_by(
        conversations.c.question_id.is_(None), conversations.c.updated_at.desc()
    )
    return [_opened(row, questions) for row in tx.list(query)]


def list_conversations_of(tx: Tx, patient_id: PatientId, questions: Questions) -> list[Conversation]:
    """The patient's conversations on every phone."""
    return [_opened(row, questions) for row in tx.list(QUERY.where(conversations.c.patient_id == patient_id))]


def list_overdue(tx: Tx, now: datetime, limit: int) -> list[tuple[ConversationId, bool]]:
    """Conversations whose clarifying question nobody answered (True), or that are to be reminded (False)."""
    query = (
        select(conversations.c.id, conversations.c.clarify_due_at)
        .where(or_(conversations.c.clarify_due_at <= now, conversations.c.remind_at <= now))
        .limit(limit)
    )
    rows = tx.list(query)
    return [(ConversationId(r.id), r.clarify_due_at is not None and r.clarify_due_at <= now) for r in rows]


def put_off(tx: Tx, conversation_id: ConversationId, until: datetime) -> PhoneId | None:
    """Whatever was overdue is due again then; whose phone it is."""
    c = conversations.c
    later = {name: case((c[name].is_not(None), until), else_=None) for name in ("clarify_due_at", "remind_at")}
    row = tx.find(update(conversations).where(c.id == conversation_id).values(**later).returning(c.phone_id))
    return None if row is None else PhoneId(row.phone_id)


def find_asked(tx: Tx, conversation_id: ConversationId) -> tuple[UUID | None, datetime | None]:
    """The id of the open question and when it was asked."""
    row = tx.find(
        select(conversations.c.question_id, conversations.c.asked_at).where(conversations.c.id == conversation_id)
    )
    return (None, None) if row is None else (row.question_id, row.asked_at)


def change_conversation(tx: Tx, c: Conversation, *, asked: bool, now: datetime) -> None:
    """Writes the conversation; `asked` gives the open question a new id, so that replies bind to it."""
    values: dict[str, Any] = {
        "state": c.state.value,
        "check_in_id": None if c.check_in is None else c.check_in.id,
        "question": None if c.question is None else c.question.value,
        "answered": sorted(q.value for q in c.answered),
        "clarify": None if c.clarify is None else c.clarify.value,
        "clarify_due_at": c.clarify_due_at,
        "clarify_flag_word": c.clarify_flag_word,
        "remind_at": c.remind_at,
        "updated_at": now,
    }
    if c.state not in (State.ASKING, State.CLARIFYING, State.CHOOSING):
        values["question_id"] = None
    elif asked:
        values |= {"question_id": uuid4(), "asked_at": now}
    tx.run(update(conversations).where(conversations.c.id == c.id).values(**values))


def _opened(row: Row[Any], questions: Questions) -> Conversation:
    open_check_in = None
    if row.check_in_id is not None:
        wanted, afterwards = questions.get((row.protocol, row.check_in_name), ((), ()))
        open_check_in = OpenCheckIn(CheckInId(row.check_in_id), row.check_in_name, wanted, afterwards)
    return Conversation(
        id=ConversationId(row.id),
        patient_id=PatientId(row.patient_id),
        phone_id=PhoneId(row.phone_id),
        state=State(row.state),
        check_in=open_check_in,
        question=None if row.question is None else Question(row.question),
        answered=frozenset(Question(q) for q in row.answered),
        clarify=None if row.clarify is None else Clarify(row.clarify),
        clarify_due_at=row.clarify_due_at,
        clarify_flag_word=row.clarify_flag_word,
        remind_at=row.remind_at,
    )
