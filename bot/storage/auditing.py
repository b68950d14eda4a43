"""What the audit reads: every query rests on a partial index, so that a full database never makes it too slow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from bot.planning.audit_rules import AuditedAlert
from bot.storage.database import Tx
from bot.storage.outbox import Kind, Sending
from bot.storage.tables import alerts, outbox, pages, texts, work_items


def list_audited_alerts(tx: Tx) -> tuple[AuditedAlert, ...]:
    """Every open alert, with its newest page in this round."""
    newest = func.max(pages.c.requested_at)
    this_round = (pages.c.alert_id == alerts.c.id) & (pages.c.round == alerts.c.round)
    last = select(newest).where(this_round).correlate(alerts).scalar_subquery()
    query = select(alerts, last.label("last_paged_at")).where(alerts.c.closed_at.is_(None))
    return tuple(
        AuditedAlert(
            id=str(row.id),
            paging_from=row.paging_from,
            acknowledged_at=row.acknowledged_at,
            next_page_at=row.next_page_at,
            last_paged_at=row.last_paged_at,
            reminded_by=row.reopen_at or row.remind_at,
            unreached=row.unreached_at is not None,
        )
        for row in tx.list(query)
    )


def list_unsorted(tx: Tx, limit: int = 100) -> Sequence[tuple[str, datetime]]:
    """Inbound texts that nothing has answered yet."""
    waiting = (texts.c.direction == "in") & texts.c.answered_at.is_(None)
    return _pairs(tx, select(texts.c.id, texts.c.at.label("since")).where(waiting).order_by(texts.c.at).limit(limit))


def list_unsent_pages(tx: Tx, now: datetime, limit: int = 100) -> Sequence[tuple[str, datetime]]:
    """Pages that are due and have not been tried; those of a provider that is away are tried and wait."""
    untried = (outbox.c.state.in_([Sending.DUE.value, Sending.CLAIMED.value])) & (outbox.c.attempts == 0)
    wanted = (outbox.c.priority == 0) & (outbox.c.kind == Kind.PAGE.value) & untried & (outbox.c.due_at <= now)
    query = select(outbox.c.id, outbox.c.due_at.label("since")).where(wanted).order_by(outbox.c.due_at).limit(limit)
    return _pairs(tx, query)


def list_unraised_items(tx: Tx, now: datetime, limit: int = 100) -> Sequence[tuple[str, datetime]]:
    """Work items that are overdue and that nobody has been told about."""
    late = work_items.c.done_at.is_(None) & work_items.c.raised_at.is_(None) & (work_items.c.due_at <= now)
    query = select(work_items.c.id, func.greatest(work_items.c.due_at, work_items.c.created_at).label("since"))
    query = query.where(late)
    return _pairs(tx, query.order_by(work_items.c.due_at).limit(limit))


def _pairs(tx: Tx, query: Select[Any]) -> Sequence[tuple[str, datetime]]:
    return [(str(row.id), row.since) for row in tx.list(query)]
