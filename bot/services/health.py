"""Whether the bot is alive: heartbeats, the last audit, and what a load balancer and Prometheus may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.runtime import Runtime
from bot.storage import alerts, reminders, work_items
from bot.storage.audit import beat as write_beat
from bot.storage.audit import find_beat, list_beats
from bot.storage.database import Tx
from bot.storage.outbox import count_waiting

WORKER, AUDIT = "worker:", "audit"
STALE_AFTER = timedelta(seconds=30)  # five beats and more; on the bot's clock
AUDIT_STALE_AFTER = timedelta(minutes=3)  # two audits and more

AuditState = Literal["never", "stale", "problems", "clean"]


def beat(rt: Runtime) -> None:
    """This worker lives."""
    with rt.database.begin() as tx:
        write_beat(tx, f"{WORKER}{rt.owner}", rt.now())


def worker_age(tx: Tx, now: datetime) -> timedelta | None:
    """Since the last heartbeat of any worker; None if there never was one."""
    return min((abs(now - at) for at in list_beats(tx, WORKER)), default=None)


@dataclass(frozen=True, slots=True)
class Health:
    """What can be seen from outside; no name, number or word of anybody. `audit_found` are words of ours."""

    worker_age_s: float | None
    audit_age_s: float | None
    audit_found: str
    oldest_unacknowledged_s: float
    unreached: int
    open_items: int
    waiting: dict[str, int]

    @property
    def worker_alive(self) -> bool:
        return self.worker_age_s is not None and self.worker_age_s <= STALE_AFTER.total_seconds()

    @property
    def audit(self) -> AuditState:
        """What the last audit says, if there is one that still counts."""
        if self.audit_age_s is None:
            return "never"
        if self.audit_age_s > AUDIT_STALE_AFTER.total_seconds():
            return "stale"
        return "problems" if self.audit_found else "clean"


def look(rt: Runtime) -> Health:
    """The state of things.

    :raises DatabaseAway: there is no database.
    """
    now = rt.now()
    with rt.database.begin() as tx:
        age = worker_age(tx, now)
        audited = find_beat(tx, AUDIT)
        oldest = alerts.oldest_unacknowledged_at(tx)
        return Health(
            worker_age_s=None if age is None else age.total_seconds(),
            audit_age_s=None if audited is None else abs((now - audited[0]).total_seconds()),
            audit_found="" if audited is None else audited[1] or "",
            oldest_unacknowledged_s=0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()),
            unreached=reminders.count_unreached(tx),
            open_items=work_items.count_open_items(tx),
            waiting=count_waiting(tx),
        )
