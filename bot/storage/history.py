"""Writes what had happened elsewhere before a patient came to us: nothing of it is sent, sorted or paged any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, update

from bot.storage.alerts import STORED, Alert
from bot.storage.database import Tx
from bot.storage.tables import alerts, check_ins, texts
from bot.vocabulary import CheckInState, ConversationId, PhoneId, ProcedureId, TextId


@dataclass(frozen=True, slots=True)
class PastText:
    """One text of the thread, as it was."""

    phone_id: PhoneId
    conversation_id: ConversationId | None
    direction: str
    kind: str
    words: str
    at: datetime


def keep_past_text(tx: Tx, past: PastText) -> TextId:
    """Writes it; an inbound one counts as answered when it came."""
    new_id = uuid4()
    tx.run(
        insert(texts).values(
            id=new_id,
            phone_id=past.phone_id,
            conversation_id=past.conversation_id,
            direction=past.direction,
            kind=past.kind,
            words_sealed=tx.seal("texts.words", new_id, past.words),
            words_hash=tx.keyring.digest("words", past.words),
            at=past.at,
            answered_at=past.at if past.direction == "in" else None,
            media=0,
            attempts=0,
        )
    )
    return TextId(new_id)


def end_past_check_in(tx: Tx, procedure_id: ProcedureId, name: str, due_at: datetime, state: CheckInState) -> None:
    """The check-in of that name fell due then and ended so; one that our protocol does not have is left out."""
    mine = (check_ins.c.procedure_id == procedure_id) & (check_ins.c.name == name)
    tx.run(update(check_ins).where(mine).values(state=state.value, due_at=due_at, closes_at=due_at, ended_at=due_at))


def keep_past_alert(tx: Tx, alert: Alert) -> None:
    """Writes an alert that was closed; ValueError for one that is open, which nobody would be paged about."""
    if alert.closed_at is None:
        raise ValueError("an open alert is not history")
    values = {name: getattr(alert, name) for name in STORED}
    values |= {"level": alert.level.value, "flags": list(alert.flags), "next_page_at": None}
    tx.run(insert(alerts).values(**values))
