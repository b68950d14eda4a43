"""Whether paging moves, judged from what is written down; it trusts no duty and repairs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(seconds=60)  # a duty that is a minute late has stopped
PAGE_EVERY = timedelta(minutes=10)  # CONTRACT.md, "Times": no alert waits longer for its next page
RAISED_WITHIN = timedelta(minutes=25)  # ten until an item counts as overdue, ten between two texts about them
SORTED_WITHIN = timedelta(minutes=2)  # a text that could not be sorted goes to a person after one


class Trouble(StrEnum):
    """What an audit can find."""

    NO_WORKER = "no_worker"
    NOT_PAGED = "not_paged"  #: an open alert whose newest page is too old, or has none
    NO_NEXT_PAGE = "no_next_page"  #: an open alert at which nobody will look again in time
    NOBODY_REACHED = "nobody_reached"  #: everybody was paged and nobody has it
    FORGOTTEN = "forgotten"  #: taken, without an outcome, and nobody will be reminded
    NOT_SORTED = "not_sorted"
    PAGE_NOT_SENT = "page_not_sent"
    ITEM_NOT_RAISED = "item_not_raised"  #: an overdue work item that nobody was told about


@dataclass(frozen=True, slots=True)
class AuditedAlert:
    """An open alert as the audit sees it; `reminded_by` is the next reminder's or reopening's time."""

    id: str
    paging_from: datetime
    acknowledged_at: datetime | None
    next_page_at: datetime | None
    last_paged_at: datetime | None
    reminded_by: datetime | None
    unreached: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at the database shows; times are the oldest of their kind, None where there is none."""

    worker_age: timedelta | None
    alerts: tuple[AuditedAlert, ...]
    unsorted: Sequence[tuple[str, datetime]]
    unsent_pages: Sequence[tuple[str, datetime]]
    unraised_items: Sequence[tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not move; `about` is an id."""

    trouble: Trouble
    about: str


def find_problems(seen: Seen, now: datetime, worker_stale_after: timedelta) -> frozenset[Problem]:
    """Everything that is not as it has to be at this instant."""
    found = set(_of_alerts(seen.alerts, now))
    if seen.worker_age is None or seen.worker_age > worker_stale_after:
        found.add(Problem(Trouble.NO_WORKER, ""))
    for trouble, rows, within in (
        (Trouble.NOT_SORTED, seen.unsorted, SORTED_WITHIN),
        (Trouble.PAGE_NOT_SENT, seen.unsent_pages, GRACE),
        (Trouble.ITEM_NOT_RAISED, seen.unraised_items, RAISED_WITHIN),
    ):
        found |= {Problem(trouble, about) for about, since in rows if now - since > within}
    return frozenset(found)


def _of_alerts(alerts: Sequence[AuditedAlert], now: datetime) -> Iterator[Problem]:
    for alert in alerts:
        if alert.acknowledged_at is not None:
            if alert.reminded_by is None or now - alert.reminded_by > GRACE:
                yield Problem(Trouble.FORGOTTEN, alert.id)
            continue
        if alert.unreached:
            yield Problem(Trouble.NOBODY_REACHED, alert.id)
        due = alert.next_page_at
        if due is None or now - due > GRACE or due - now > PAGE_EVERY:
            yield Problem(Trouble.NO_NEXT_PAGE, alert.id)
        waited = now - (alert.paging_from if alert.last_paged_at is None else alert.last_paged_at)
        if waited > (GRACE if alert.last_paged_at is None else PAGE_EVERY + GRACE):
            yield Problem(Trouble.NOT_PAGED, alert.id)


def in_short(problems: frozenset[Problem]) -> str:
    """How many of each, in words of ours: no_next_page 2, not_sorted 1."""
    counts = {trouble: sum(p.trouble is trouble for p in problems) for trouble in Trouble}
    return ", ".join(f"{trouble} {count}" for trouble, count in counts.items() if count)
