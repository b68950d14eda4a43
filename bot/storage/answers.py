"""The numbers of one procedure with who gave them; it writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from bot.storage.database import Tx
from bot.storage.tables import procedures, scores, texters, texts
from bot.vocabulary import ProcedureId, Relation, TextId


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One number of one text. `kind`: pain (NRS 0-10), relief (percent), or a choice (pgic, sport).

    `by` is who texts from that phone for this patient, None if the phone is no longer theirs.
    """

    text_id: TextId
    kind: str
    value: int
    day: int
    asked: str
    at: datetime
    by: Relation | None


def list_answers(tx: Tx, procedure_id: ProcedureId) -> list[AnswerRow]:
    """Every number of one procedure, oldest first."""
    theirs = and_(texters.c.patient_id == procedures.c.patient_id, texters.c.phone_id == texts.c.phone_id)
    query = (
        select(scores, texters.c.relation)
        .join(texts, texts.c.id == scores.c.text_id)
        .join(procedures, procedures.c.id == scores.c.procedure_id)
        .join(texters, theirs, isouter=True)
        .where(scores.c.procedure_id == procedure_id)
        .order_by(scores.c.at, scores.c.kind)
    )
    return [
        AnswerRow(
            text_id=TextId(row.text_id),
            kind=row.kind,
            value=row.value,
            day=row.day,
            asked=row.asked,
            at=row.at,
            by=None if row.relation is None else Relation(row.relation),
        )
        for row in tx.list(query)
    ]
