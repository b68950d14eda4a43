"""What becomes of a row once its try has ended: recorded, tried again, or a person is told; it sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import random

import structlog

from bot.flows.effects import Due
from bot.gateways.gateway import Accepted, NotSent, Refused, SendResult, Unknown
from bot.planning.paging import PageState
from bot.planning.sending import PURPOSES, Kind, Next, Sending, after_failure, after_not_sent
from bot.runtime import Runtime
from bot.services import desk, plain
from bot.services.alerts import note_fate
from bot.storage import lanes, outbox
from bot.storage.claims import Sealed, quarantine
from bot.storage.database import Tx
from bot.storage.outbox import Outgoing
from bot.storage.phones import mark_unusable, stop_texts

log = structlog.get_logger()

PAGES, TEXTS = "pages", "texts"  # the two lanes
STOPPED = "stopped"


def lane_of(row: Outgoing) -> str:
    """Pages and what staff are told leave ahead of all else."""
    return PAGES if row.kind.is_for_staff else TEXTS


def fetch_after_s(rt: Runtime, kind: Kind) -> int:
    """When the provider is asked about a row that has had no final state."""
    return int(getattr(rt.content.sending.fetch_after_s, PURPOSES[kind]))


def jitter() -> float:
    """From 0 to 1: spreads retries, so that not all come back at once."""
    return random()  # noqa: S311 - it hides nothing


def record_all(tx: Tx, rt: Runtime, ended: Sequence[tuple[Outgoing, SendResult]], now: datetime) -> None:
    """Writes how these tries ended."""
    accepted = [(row, result.sid) for row, result in ended if isinstance(result, Accepted)]
    if accepted:
        waits = {row.id: fetch_after_s(rt, row.kind) for row, _ in accepted}
        taken = outbox.accept_all(tx, accepted, now, waits)
        for row, _ in accepted:
            if row.page_id is not None and row.id in taken:
                note_fate(tx, row.page_id, PageState.ACCEPTED, now)
    for row, result in ended:
        _record(tx, rt, row, result, now)


def _record(tx: Tx, rt: Runtime, row: Outgoing, result: SendResult, now: datetime) -> None:
    match result:
        case Accepted():
            return
        case Refused(code=code):
            following = after_failure(row.tried(now), rt.content.sending.meaning_of(code), now, jitter())
            follow(tx, rt, row, following, code, now)
        case NotSent(retry_after_s=after_s, code=code):
            follow(tx, rt, row, after_not_sent(row.tried(now), now, jitter(), after_s), code, now)
        case Unknown():
            look_after_s = rt.content.sending.look_every_s
            if outbox.settle(tx, row, Sending.UNKNOWN, now=now, look_after_s=look_after_s):
                _lose_page(tx, row, now)


def follow(tx: Tx, rt: Runtime, row: Outgoing, following: Next, code: int | None, now: datetime) -> None:
    """Writes what the plan says, unless a receipt was quicker, and tells whoever must know."""
    settled = outbox.settle(
        tx, row, following.state, now=now, error_code=code, due_at=following.due_at, counts=following.counts
    )
    if settled:
        tell(tx, rt, row, following, code, now)


def tell(tx: Tx, rt: Runtime, row: Outgoing, following: Next, code: int | None, now: datetime) -> None:
    """Phones are marked, lanes held, alarms raised; a page takes its other way, a text becomes a person's work."""
    sending = rt.content.sending
    if following.hold:
        lane = lane_of(row)
        lanes.hold(tx, lane, sending.hold_s.page if lane == PAGES else sending.hold_s.text, str(code))
    if following.alarm:
        alarm(tx, rt, "provider_error", str(code), now)
    if row.phone_id is not None and following.mark == STOPPED:
        stop_texts(tx, row.phone_id, "provider", now)
    elif row.phone_id is not None and following.mark is not None:
        mark_unusable(tx, row.phone_id, now)
    if not following.lost:
        return
    _lose_page(tx, row, now)
    if row.phone_id is not None and not (following.mark == STOPPED and row.kind is Kind.LAST_WORD):
        ask_to_phone(tx, rt, row, now)
    elif row.page_id is None and row.phone_id is None:
        log.warning("staff_text_failed", outbox_id=str(row.id), code=code)


def _lose_page(tx: Tx, row: Outgoing, now: datetime) -> None:
    if row.page_id is not None:
        note_fate(tx, row.page_id, PageState.FAILED, now)


def drop(tx: Tx, rt: Runtime, row: Outgoing, now: datetime, *, too_late: bool) -> None:
    """What must not leave any more; what was too late is a person's business."""
    if outbox.settle(tx, row, Sending.DROPPED, now=now):
        _lose_page(tx, row, now)
        if too_late and row.phone_id is not None:
            ask_to_phone(tx, rt, row, now)


def ask_to_phone(tx: Tx, rt: Runtime, row: Outgoing, now: datetime) -> None:
    """A text did not arrive: a person looks."""
    key, due = f"outbox:{row.id}", Due.NOON_NEXT_BUSINESS_DAY
    desk.put(tx, rt, "not_delivered", due, key, now, phone_id=row.phone_id, text_id=row.text_id)


def set_aside(tx: Tx, rt: Runtime, row: Sealed, now: datetime) -> None:
    """A row that cannot be opened: its page goes on to the next way, its text becomes a person's work."""
    if not quarantine(tx, row, now):
        return
    log.error("row_unreadable", outbox_id=str(row.id))
    if row.page_id is not None:
        note_fate(tx, row.page_id, PageState.FAILED, now)
    key = f"outbox:{row.id}"
    desk.put(tx, rt, plain.CANNOT_BE_SENT, Due.NOW, key, now, phone_id=row.phone_id, text_id=row.text_id)
    if row.phone_id is not None:
        plain.say_plainly(tx, rt, row.phone_id, key, now)


def alarm(tx: Tx, rt: Runtime, kind: str, about: str, now: datetime) -> None:
    """Something is wrong with the bot or its account: one work item a day, at once, and a line in the log."""
    log.error("alarm", kind=kind, about=about)
    desk.put(tx, rt, kind, Due.NOW, f"{kind}:{about}:{now.date().isoformat()}", now)
