"""What triage read in each text, and the scores that came out of it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import findings, scores
from bot.vocabulary import Answer, Asked, Clarify, Evidence, Finding, Flag, Intent, Level, ProcedureId, TextId


def keep_finding(
    tx: Tx, text_id: TextId, finding: Finding, content_version: str, now: datetime, *, asked: Asked = Asked.NONE
) -> None:
    """Writes how the text was sorted, against which question, and by which version of config/."""
    new_id = uuid4()
    evidence = json.dumps([asdict(e) for e in finding.evidence])
    row = {
        "id": new_id,
        "text_id": text_id,
        "level": finding.level.value,
        "flags": list(finding.flags),
        "intents": [intent.value for intent in finding.intents],
        "pain": finding.pain,
        "relief": finding.relief,
        "temperature_c": finding.temperature_c,
        "language": finding.language,
        "answer": None if finding.answer is None else finding.answer.value,
        "clarify": None if finding.clarify is None else finding.clarify.value,
        "flag_word": finding.flag_word,
        "evidence_sealed": tx.seal("findings.evidence", new_id, evidence),
        "content_version": content_version,
        "at": now,
        "asked": asked.value,
    }
    tx.run(upsert(findings).values(row).on_conflict_do_nothing(index_elements=["text_id"]))


def find_finding(tx: Tx, text_id: TextId) -> Finding | None:
    """How the text was sorted, with the patient's words that decided it."""
    row = tx.find(select(findings).where(findings.c.text_id == text_id))
    return None if row is None else _opened(tx, row)


def map_findings(tx: Tx, ids: Collection[TextId]) -> dict[TextId, Finding]:
    """How these texts were sorted."""
    rows = tx.list(select(findings).where(findings.c.text_id.in_(ids))) if ids else ()
    return {TextId(row.text_id): _opened(tx, row) for row in rows}


def map_asked(tx: Tx, ids: Collection[TextId]) -> dict[TextId, Asked]:
    """The questions that these texts were read against, as far as it was written down."""
    known = findings.c.text_id.in_(ids) & findings.c.asked.is_not(None)
    rows = tx.list(select(findings.c.text_id, findings.c.asked).where(known)) if ids else ()
    return {TextId(row.text_id): Asked(row.asked) for row in rows}


def _opened(tx: Tx, row: Row[Any]) -> Finding:
    evidence = json.loads(tx.open("findings.evidence", row.id, row.evidence_sealed))
    return Finding(
        level=Level(row.level),
        flags=tuple(Flag(f) for f in row.flags),
        intents=tuple(Intent(i) for i in row.intents),
        pain=row.pain,
        relief=row.relief,
        temperature_c=row.temperature_c,
        language=row.language,
        evidence=tuple(Evidence(**e) for e in evidence),
        answer=None if row.answer is None else Answer(row.answer),
        clarify=None if row.clarify is None else Clarify(row.clarify),
        flag_word=row.flag_word,
    )


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A pain score (NRS 0-10) or relief (percent) with its local day since the procedure.

    `asked` is the question it answers (best_relief, pain_now ...), or `none`.
    """

    kind: str
    value: int
    day: int
    asked: str
    at: datetime


def keep_score(tx: Tx, procedure_id: ProcedureId, text_id: TextId, score: ScoreRow) -> None:
    """Writes one number of one text, once."""
    row = {
        "id": uuid4(),
        "procedure_id": procedure_id,
        "text_id": text_id,
        "kind": score.kind,
        "value": score.value,
        "day": score.day,
        "asked": score.asked,
        "at": score.at,
    }
    tx.run(upsert(scores).values(row).on_conflict_do_nothing())


def list_scores(tx: Tx, procedure_id: ProcedureId) -> list[ScoreRow]:
    """Every number of one procedure, oldest first."""
    rows = tx.list(select(scores).where(scores.c.procedure_id == procedure_id).order_by(scores.c.at))
    return [ScoreRow(r.kind, r.value, r.day, r.asked, r.at) for r in rows]
