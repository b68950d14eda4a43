"""Who did what and when: written once, never changed; and the heartbeats of the processes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import audit, heartbeats
from bot.vocabulary import AlertId, PatientId

BOT = "bot"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit; `about` is an id or a word of ours, never a patient's."""

    at: datetime
    who: str
    did: str
    about: str | None


def note(
    tx: Tx,
    *,
    who: str,
    did: str,
    now: datetime,
    patient_id: PatientId | None = None,
    alert_id: AlertId | None = None,
    about: str | None = None,
) -> None:
    """Adds a line."""
    tx.run(insert(audit).values(at=now, who=who, did=did, patient_id=patient_id, alert_id=alert_id, about=about))


def list_entries(tx: Tx, *, alert_id: AlertId | None = None, patient_id: PatientId | None = None) -> list[Entry]:
    """The lines about one alert or one patient, oldest first."""
    query = select(audit).order_by(audit.c.id)
    if alert_id is not None:
        query = query.where(audit.c.alert_id == alert_id)
    if patient_id is not None:
        query = query.where(audit.c.patient_id == patient_id)
    return [Entry(r.at, r.who, r.did, r.about) for r in tx.list(query.limit(500))]


FORGOTTEN_AFTER = timedelta(days=7)


def beat(tx: Tx, name: str, now: datetime, about: str | None = None) -> None:
    """This process lives, and this is what it found; what has been silent for a week is forgotten."""
    row = {"name": name, "at": now, "about": about}
    news = {"at": now, "about": about}
    tx.run(upsert(heartbeats).values(row).on_conflict_do_update(index_elements=["name"], set_=news))
    tx.run(delete(heartbeats).where(heartbeats.c.at < now - FORGOTTEN_AFTER))


def list_beats(tx: Tx, prefix: str) -> list[datetime]:
    """When each process of that kind was last alive, on the bot's clock."""
    return [row.at for row in tx.list(select(heartbeats.c.at).where(heartbeats.c.name.startswith(prefix)))]


def find_beat(tx: Tx, name: str) -> tuple[datetime, str | None] | None:
    """When that process was last alive, and what it found then."""
    row = tx.find(select(heartbeats.c.at, heartbeats.c.about).where(heartbeats.c.name == name))
    return None if row is None else (row.at, row.about)


def list_acts(tx: Tx, patient_id: PatientId, deeds: Collection[str]) -> list[Entry]:
    """What was done about the patient that is one of these deeds, oldest first."""
    query = select(audit).where(audit.c.patient_id == patient_id, audit.c.did.in_(deeds)).order_by(audit.c.id)
    return [Entry(r.at, r.who, r.did, r.about) for r in tx.list(query)]


def find_last(tx: Tx, deeds: Collection[str]) -> Entry | None:
    """The newest line that is one of these deeds."""
    row = tx.find(select(audit).where(audit.c.did.in_(deeds)).order_by(audit.c.id.desc()).limit(1))
    return None if row is None else Entry(row.at, row.who, row.did, row.about)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the audit with whom and what it is about, for whoever searches it."""

    id: int
    at: datetime
    who: str
    did: str
    about: str | None
    patient_id: PatientId | None
    alert_id: AlertId | None


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of the audit; what is None does not matter. `until` is the first instant that does not count."""

    patient_id: PatientId | None = None
    who: str | None = None
    deeds: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def equals(self) -> dict[str, object]:
        return {"patient_id": self.patient_id, "who": self.who}


def search_lines(tx: Tx, wanted: Search, limit: int, before: int | None = None) -> list[Line]:
    """So many lines that fit, the newest first; `before` goes on after the line with that id."""
    conditions = [audit.c[name] == value for name, value in wanted.equals.items() if value is not None]
    if wanted.deeds is not None:
        conditions.append(audit.c.did.in_(wanted.deeds))
    if wanted.since is not None:
        conditions.append(audit.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(audit.c.at < wanted.until)
    if before is not None:
        conditions.append(audit.c.id < before)
    query = select(audit).where(*conditions).order_by(audit.c.id.desc()).limit(limit)
    return [_line(row) for row in tx.list(query)]


def _line(row: Row[Any]) -> Line:
    patient_id = None if row.patient_id is None else PatientId(row.patient_id)
    alert_id = None if row.alert_id is None else AlertId(row.alert_id)
    return Line(row.id, row.at, row.who, row.did, row.about, patient_id, alert_id)
