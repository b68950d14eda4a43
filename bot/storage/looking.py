"""Who is looking at an alert just now: a row that its page keeps alive; it is no audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import looking, staff
from bot.vocabulary import AlertId, StaffId

LASTS = timedelta(seconds=15)  # several of the page's questions
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who has the alert open, since when without a break."""

    username: str
    since_at: datetime


def note_looking(tx: Tx, alert_id: AlertId, staff_id: StaffId, now: datetime) -> None:
    """This member has the alert open; whoever was away for a while begins anew."""
    row = {"alert_id": alert_id, "staff_id": staff_id, "since_at": now, "seen_at": now}
    unbroken = looking.c.seen_at.between(now - LASTS, now)
    news = {"since_at": case((unbroken, looking.c.since_at), else_=now), "seen_at": now}
    tx.run(upsert(looking).values(row).on_conflict_do_update(index_elements=["alert_id", "staff_id"], set_=news))


def list_looking(tx: Tx, alert_id: AlertId, now: datetime) -> list[Looker]:
    """Everybody who has the alert open, whoever came first at the top."""
    query = (
        select(staff.c.username, looking.c.since_at)
        .join(staff, staff.c.id == looking.c.staff_id)
        .where(looking.c.alert_id == alert_id, looking.c.seen_at.between(now - LASTS, now + LASTS))
        .order_by(looking.c.since_at, staff.c.username)
    )
    return [Looker(row.username, row.since_at) for row in tx.list(query)]


def forget_looking(tx: Tx, now: datetime) -> None:
    """Rows that nobody keeps alive any more."""
    tx.run(delete(looking).where(looking.c.seen_at < now - FORGOTTEN_AFTER))
