"""Whether the bot is alive: heartbeats, and what a load balancer and Prometheus may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.runtime import Runtime
from bot.storage import alerts, reminders, work_items
from bot.storage.audit import beat as write_beat
from bot.storage.audit import list_beats
from bot.storage.outbox import count_waiting

WORKER = "worker:"
STALE_AFTER = timedelta(seconds=30)  # five beats and more; on the bot's clock


def beat(rt: Runtime) -> None:
    """This worker lives."""
    with rt.database.begin() as tx:
        write_beat(tx, f"{WORKER}{rt.owner}", rt.now())


@dataclass(frozen=True, slots=True)
class Health:
    """What can be seen from outside; no name, number or word of anybody."""

    worker_age_s: float | None
    oldest_unacknowledged_s: float
    unreached: int
    open_items: int
    waiting: dict[str, int]

    @property
    def worker_alive(self) -> bool:
        return self.worker_age_s is not None and self.worker_age_s <= STALE_AFTER.total_seconds()


def look(rt: Runtime) -> Health:
    """The state of things.

    :raises DatabaseAway: there is no database.
    """
    now = rt.now()
    with rt.database.begin() as tx:
        ages = [abs((now - at).total_seconds()) for at in list_beats(tx, WORKER)]
        oldest = alerts.oldest_unacknowledged_at(tx)
        return Health(
            worker_age_s=min(ages, default=None),
            oldest_unacknowledged_s=0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()),
            unreached=reminders.count_unreached(tx),
            open_items=work_items.count_open_items(tx),
            waiting=count_waiting(tx),
        )
