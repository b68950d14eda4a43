"""Alerts: opened with the text that raised them, acknowledged and closed only by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import alert_texts, alerts
from bot.vocabulary import AlertId, Flag, Level, PatientId, PhoneId, ProcedureId, TextId

FURTHEST_AHEAD = timedelta(minutes=10)  # CONTRACT.md, "Times": after that no alert waits longer for its next page


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `policy` was copied when it opened; `paging_from` is where its seconds are counted from."""

    id: AlertId
    patient_id: PatientId | None
    procedure_id: ProcedureId | None
    phone_id: PhoneId | None
    text_id: TextId | None
    level: Level
    flags: tuple[Flag, ...]
    reason: str
    code: str
    opened_at: datetime
    policy: dict[str, Any]
    paging_from: datetime
    round: int
    first_paged_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_how: str | None = None
    unreached_at: datetime | None = None
    patient_told_at: datetime | None = None
    nobody_told_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    outcome: str | None = None
    note: str | None = None


STORED = tuple(name for name in Alert.__dataclass_fields__ if name != "note")


def keep_alert(tx: Tx, alert: Alert) -> None:
    """Writes a new alert; it pages from `paging_from` on. AlreadyThere if its code is in use."""
    values = {name: getattr(alert, name) for name in STORED}
    values |= {"level": alert.level.value, "flags": list(alert.flags), "next_page_at": alert.paging_from}
    tx.run(insert(alerts).values(**values))


def add_text(tx: Tx, alert_id: AlertId, text_id: TextId) -> None:
    """This text belongs to the alert too."""
    row = {"alert_id": alert_id, "text_id": text_id}
    tx.run(upsert(alert_texts).values(row).on_conflict_do_nothing())


def list_alert_texts(tx: Tx, alert_id: AlertId) -> list[TextId]:
    """The texts that raised the alert or were added to it."""
    rows = tx.list(select(alert_texts.c.text_id).where(alert_texts.c.alert_id == alert_id))
    return [TextId(row.text_id) for row in rows]


def list_open_codes(tx: Tx) -> set[str]:
    """Codes that are in use."""
    return {row.code for row in tx.list(select(alerts.c.code).where(alerts.c.closed_at.is_(None)))}


def list_open_alerts(tx: Tx) -> list[Alert]:
    """Alerts that nobody closed, unacknowledged and grave ones first."""
    rows = [_opened(tx, row) for row in tx.list(select(alerts).where(alerts.c.closed_at.is_(None)))]
    return sorted(rows, key=lambda a: (a.acknowledged_at is not None, -a.level.rank, a.opened_at))


def list_open_alerts_of(tx: Tx, patient_id: PatientId) -> list[Alert]:
    """The patient's open alerts, held until the transaction ends, newest first."""
    query = (
        select(alerts)
        .where(alerts.c.patient_id == patient_id, alerts.c.closed_at.is_(None))
        .order_by(alerts.c.opened_at.desc())
        .with_for_update()
    )
    return [_opened(tx, row) for row in tx.list(query)]


def list_open_alerts_at(tx: Tx, phone_id: PhoneId) -> list[Alert]:
    """Open alerts of a phone that belongs to no patient."""
    query = select(alerts).where(
        alerts.c.phone_id == phone_id, alerts.c.patient_id.is_(None), alerts.c.closed_at.is_(None)
    )
    return [_opened(tx, row) for row in tx.list(query.order_by(alerts.c.opened_at.desc()).with_for_update())]


def list_alerts_of(tx: Tx, patient_id: PatientId) -> list[Alert]:
    """Every alert of the patient, oldest first."""
    query = select(alerts).where(alerts.c.patient_id == patient_id).order_by(alerts.c.opened_at)
    return [_opened(tx, row) for row in tx.list(query)]


def find_open_alert(tx: Tx, code: str) -> Alert | None:
    """The open alert with that code."""
    row = tx.find(select(alerts).where(alerts.c.code == code, alerts.c.closed_at.is_(None)))
    return None if row is None else _opened(tx, row)


def get_alert(tx: Tx, alert_id: AlertId) -> Alert:
    """The alert; LookupError if there is none."""
    return _one(tx, select(alerts).where(alerts.c.id == alert_id), alert_id)


def lock_alert(tx: Tx, alert_id: AlertId) -> Alert:
    """The alert, held until the transaction ends; LookupError if there is none."""
    return _one(tx, select(alerts).where(alerts.c.id == alert_id).with_for_update(), alert_id)


def list_due(tx: Tx, now: datetime, limit: int) -> list[AlertId]:
    """Unacknowledged alerts for which somebody has to be paged by now.

    One planned further ahead than any step is, was planned before the clock was set back: it is looked at too."""
    waiting = alerts.c.acknowledged_at.is_(None) & alerts.c.closed_at.is_(None)
    due = (alerts.c.next_page_at <= now) | (alerts.c.next_page_at > now + FURTHEST_AHEAD) | (alerts.c.paging_from > now)
    query = select(alerts.c.id).where(waiting, due).order_by(alerts.c.next_page_at).limit(limit)
    return [AlertId(row.id) for row in tx.list(query)]


def plan_next_page(tx: Tx, alert_id: AlertId, at: datetime | None) -> None:
    """When the paging plan is looked at again."""
    tx.run(update(alerts).where(alerts.c.id == alert_id).values(next_page_at=at))


def look_again(tx: Tx, alert_id: AlertId, now: datetime) -> None:
    """A page's fate has become known: the plan is looked at right away."""
    waiting = alerts.c.acknowledged_at.is_(None) & alerts.c.closed_at.is_(None)
    tx.run(update(alerts).where(alerts.c.id == alert_id, waiting).values(next_page_at=now))


def note_first_page(tx: Tx, alert_id: AlertId, now: datetime) -> None:
    """The provider accepted the alert's first page."""
    first = alerts.c.first_paged_at.is_(None)
    tx.run(update(alerts).where(alerts.c.id == alert_id, first).values(first_paged_at=now))


def raise_alert(
    tx: Tx,
    alert_id: AlertId,
    level: Level,
    flags: tuple[Flag, ...],
    policy: dict[str, Any] | None,
    now: datetime,
) -> None:
    """Adds flags; with a policy the level has risen, and paging starts anew from the first step."""
    values: dict[str, Any] = {"level": level.value, "flags": list(flags)}
    if policy is not None:
        values |= {"policy": policy, "paging_from": now, "round": alerts.c.round + 1, "next_page_at": now}
    tx.run(update(alerts).where(alerts.c.id == alert_id).values(**values))


def acknowledge(tx: Tx, alert_id: AlertId, by: str, how: str, now: datetime, remind_at: datetime) -> bool:
    """Takes the alert; False if somebody was first or it is closed."""
    waiting = (alerts.c.id == alert_id) & alerts.c.acknowledged_at.is_(None) & alerts.c.closed_at.is_(None)
    values = {"acknowledged_at": now, "acknowledged_by": by, "acknowledged_how": how, "next_page_at": None}
    values |= {"remind_at": remind_at, "reopen_at": None}
    return bool(tx.run(update(alerts).where(waiting).values(**values)))


def close(tx: Tx, alert_id: AlertId, by: str, outcome: str, note: str, now: datetime) -> bool:
    """Closes the alert with its outcome; whoever closes it has seen it, so it counts as acknowledged too."""
    values = {
        "closed_at": now,
        "closed_by": by,
        "outcome": outcome,
        "note_sealed": tx.seal("alerts.note", UUID(str(alert_id)), note) if note else None,
        "next_page_at": None,
        "remind_at": None,
        "reopen_at": None,
        "acknowledged_at": func.coalesce(alerts.c.acknowledged_at, now),
        "acknowledged_by": func.coalesce(alerts.c.acknowledged_by, by),
        "acknowledged_how": func.coalesce(alerts.c.acknowledged_how, "web"),
    }
    still_open = (alerts.c.id == alert_id) & alerts.c.closed_at.is_(None)
    return bool(tx.run(update(alerts).where(still_open).values(**values)))


def oldest_unacknowledged_at(tx: Tx) -> datetime | None:
    """Since when the oldest alert has been waiting for a person."""
    waiting = alerts.c.acknowledged_at.is_(None) & alerts.c.closed_at.is_(None)
    row = tx.find(select(func.min(alerts.c.opened_at)).where(waiting))
    return row[0] if row else None


def _one(tx: Tx, query: Select[Any], alert_id: AlertId) -> Alert:
    row = tx.find(query)
    if row is None:
        raise LookupError(f"no alert {alert_id}")
    return _opened(tx, row)


def _opened(tx: Tx, row: Row[Any]) -> Alert:
    values = {name: getattr(row, name) for name in STORED}
    values |= {"level": Level(row.level), "flags": tuple(Flag(f) for f in row.flags)}
    note = None if row.note_sealed is None else tx.open("alerts.note", row.id, row.note_sealed)
    return Alert(note=note, **values)
