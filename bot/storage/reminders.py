"""Alerts that wait for something else than the next page: for an outcome, or for a word to the patient."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update

from bot.storage.database import Tx
from bot.storage.tables import alerts
from bot.vocabulary import AlertId, Level

FURTHEST_AHEAD = timedelta(hours=1)  # no reminder is planned further ahead: the clock was set back meanwhile
TAKEN = alerts.c.acknowledged_at.is_not(None) & alerts.c.closed_at.is_(None)
WAITING = alerts.c.acknowledged_at.is_(None) & alerts.c.closed_at.is_(None)


def list_to_remind(tx: Tx, now: datetime, limit: int) -> list[AlertId]:
    """Taken alerts without an outcome, whose holder is to be reminded by now."""
    return _list(tx, TAKEN & _is_due(alerts.c.remind_at, now), limit)


def list_to_reopen(tx: Tx, now: datetime, limit: int) -> list[AlertId]:
    """Taken alerts whose holder was reminded in vain."""
    return _list(tx, TAKEN & _is_due(alerts.c.reopen_at, now), limit)


def plan_reminder(tx: Tx, alert_id: AlertId, at: datetime) -> bool:
    """The holder has until then; False if nobody holds it any more."""
    values = {"remind_at": at, "reopen_at": None}
    return bool(tx.run(update(alerts).where(alerts.c.id == alert_id, TAKEN).values(**values)))


def mark_reminded(tx: Tx, alert_id: AlertId, reopen_at: datetime) -> bool:
    """The reminder is written, once; False if another worker was first or the alert has moved on."""
    still = (alerts.c.id == alert_id) & TAKEN & alerts.c.remind_at.is_not(None)
    return bool(tx.run(update(alerts).where(still).values(remind_at=None, reopen_at=reopen_at)))


def reopen(tx: Tx, alert_id: AlertId, now: datetime) -> bool:
    """Nobody holds it from now on, and paging starts anew; False if another worker was first or it has moved on."""
    still = (alerts.c.id == alert_id) & TAKEN & alerts.c.reopen_at.is_not(None)
    values = {
        "acknowledged_at": None,
        "acknowledged_by": None,
        "acknowledged_how": None,
        "remind_at": None,
        "reopen_at": None,
        "unreached_at": None,
        "paging_from": now,
        "round": alerts.c.round + 1,
        "next_page_at": now,
    }
    return bool(tx.run(update(alerts).where(still).values(**values)))


def mark_unreached(tx: Tx, alert_id: AlertId, now: datetime) -> bool:
    """Everybody was paged in vain; False if that was known."""
    news = (alerts.c.id == alert_id) & WAITING & alerts.c.unreached_at.is_(None)
    return bool(tx.run(update(alerts).where(news).values(unreached_at=now)))


def count_unreached(tx: Tx) -> int:
    """Alerts that nobody has after everybody was paged."""
    row = tx.find(select(func.count()).select_from(alerts).where(WAITING, alerts.c.unreached_at.is_not(None)))
    return int(row[0]) if row else 0


def list_still_waiting(tx: Tx, level: Level, opened_before: datetime, limit: int) -> list[AlertId]:
    """Untaken alerts of patients who have not been told that they are still waiting."""
    old = (alerts.c.level == level.value) & (alerts.c.opened_at <= opened_before) & alerts.c.patient_id.is_not(None)
    return _list(tx, WAITING & old & alerts.c.patient_told_at.is_(None), limit)


def list_nobody_reached(
    tx: Tx, level: Level, opened_before: datetime, told_before: datetime, limit: int
) -> list[AlertId]:
    """Unreached alerts whose patients were told some time ago to wait no longer, and not yet that nobody answers."""
    old = (alerts.c.level == level.value) & (alerts.c.opened_at <= opened_before)
    told = (alerts.c.patient_told_at <= told_before) & alerts.c.nobody_told_at.is_(None)
    return _list(tx, WAITING & old & told & alerts.c.unreached_at.is_not(None), limit)


def mark_told(tx: Tx, alert_id: AlertId, now: datetime, *, nobody: bool) -> bool:
    """The patient is told, once; False if they were, or if somebody has taken the alert meanwhile."""
    column = alerts.c.nobody_told_at if nobody else alerts.c.patient_told_at
    news = (alerts.c.id == alert_id) & WAITING & column.is_(None)
    return bool(tx.run(update(alerts).where(news).values({column: now})))


def _is_due(column: ColumnElement[datetime | None], now: datetime) -> ColumnElement[bool]:
    return (column <= now) | (column > now + FURTHEST_AHEAD)


def _list(tx: Tx, wanted: ColumnElement[bool], limit: int) -> list[AlertId]:
    query = select(alerts.c.id).where(wanted).order_by(alerts.c.opened_at).limit(limit)
    return [AlertId(row.id) for row in tx.list(query)]
