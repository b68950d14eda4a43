"""Sends what waits in the outbox: claimed, committed as being sent, requested with no transaction open, recorded."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import random

import structlog

from bot.flows.effects import Due
from bot.gateways.gateway import Accepted, Fate, NotSent, Receipt, Refused, SendResult, Unknown
from bot.planning.paging import PageState
from bot.planning.retries import next_retry
from bot.runtime import Runtime
from bot.services import desk
from bot.services.alerts import note_fate
from bot.storage import outbox
from bot.storage.database import DatabaseAway, Tx
from bot.storage.outbox import Kind, Outgoing, Sending
from bot.storage.phones import get_phone, mark_unusable, stop_texts
from bot.vocabulary import Channel, OutboxId

log = structlog.get_logger()

LANE_WIDTH = 8
LOOK_AFTER_S = 12  # later than any list lag seen (RELIABILITY.md 3: 3 s lag, a look at 1.5 s made duplicates)
HOLD = timedelta(seconds=15)  # the account is in trouble: rows are kept, and tried now and then
OPTED_OUT = 21610
NO_TEXTS_THERE = {21211, 21217, 21614, 21635, 30005, 30006}  # not a phone that texts reach (PLATFORM.md 1.5)


def deliver_waiting(rt: Runtime, *, pages: bool, limit: int = 64) -> int:
    """Sends what is due in one lane; how many rows were claimed. Texts to one number leave in order."""
    with rt.database.begin() as tx:
        rows = outbox.claim_due(tx, rt.owner, pages=pages, now=rt.now(), limit=limit)
    by_number: dict[str, list[Outgoing]] = defaultdict(list)
    for row in rows:
        by_number[row.to].append(row)
    if not by_number:
        return 0
    with ThreadPoolExecutor(min(LANE_WIDTH, len(by_number))) as lane:
        list(lane.map(lambda queue: _deliver_in_order(rt, queue), by_number.values()))
    return len(rows)


def _deliver_in_order(rt: Runtime, queue: list[Outgoing]) -> None:
    for row in queue:
        _deliver_safely(rt, row)


def _deliver_safely(rt: Runtime, row: Outgoing) -> None:
    """One row's failure never holds up the next: its lease runs out and it is looked up."""
    try:
        _deliver(rt, row)
    except DatabaseAway:
        log.warning("outbox_database_away", outbox_id=str(row.id))
    except Exception as error:  # noqa: BLE001 - the lease brings the row back to be looked up
        log.error("outbox_row_failed", outbox_id=str(row.id), error=type(error).__name__)


def _deliver(rt: Runtime, row: Outgoing) -> None:
    now = rt.now()
    with rt.database.begin() as tx:
        if _must_not_leave(tx, row, now):
            outbox.settle(tx, row, rt.owner, Sending.DROPPED, now=now)
            _note_dropped(tx, rt, row, now)
            return
        if not outbox.begin_sending(tx, row, rt.owner, now):
            return
    result = _request(rt, row, now)
    with rt.database.begin() as tx:
        _record(tx, rt, row, result, rt.now())


def _must_not_leave(tx: Tx, row: Outgoing, now: datetime) -> bool:
    if now >= row.expires_at:
        return True
    if row.phone_id is None or row.kind is Kind.LAST_WORD:
        return False
    return get_phone(tx, row.phone_id).opted_out_at is not None


def _note_dropped(tx: Tx, rt: Runtime, row: Outgoing, now: datetime) -> None:
    """What could not leave in time is a person's business."""
    if row.page_id is not None:
        note_fate(tx, row.page_id, PageState.FAILED, now)
    elif row.phone_id is not None and now >= row.expires_at:
        _put_undelivered(tx, rt, row, now)


def _request(rt: Runtime, row: Outgoing, now: datetime) -> SendResult:
    if row.channel is Channel.VOICE:
        return rt.gateway.place_call(to=row.to, reference=str(row.id), page_id=str(row.page_id))
    return rt.gateway.send_text(
        to=row.to,
        body=row.body,
        reference=str(row.id),
        seconds_left=int((row.expires_at - now).total_seconds()),
        is_page=row.kind in (Kind.PAGE, Kind.STAFF),
    )


def _record(tx: Tx, rt: Runtime, row: Outgoing, result: SendResult, now: datetime) -> None:
    match result:
        case Accepted(sid=sid):
            if outbox.settle(tx, row, rt.owner, Sending.ACCEPTED, now=now, sid=sid) and row.page_id is not None:
                note_fate(tx, row.page_id, PageState.ACCEPTED, now)
        case Refused(code=code):
            if outbox.settle(tx, row, rt.owner, Sending.FAILED, now=now, error_code=code):
                note_failure(tx, rt, row, code, now)
        case NotSent():
            _try_again(tx, rt, row, result, now)
        case Unknown():
            outbox.settle(tx, row, rt.owner, Sending.UNKNOWN, now=now, look_again_s=LOOK_AFTER_S)
            if row.page_id is not None:
                note_fate(tx, row.page_id, PageState.FAILED, now)


def _try_again(tx: Tx, rt: Runtime, row: Outgoing, result: NotSent, now: datetime) -> None:
    """Nothing was sent: later, until its time is over; a page goes another way meanwhile."""
    retry_at = next_retry(row.first_try_at or now, row.attempts + 1, row.expires_at, now, random())  # noqa: S311
    if result.hold:
        log.error("provider_account_trouble", code=result.code)
        retry_at = now + HOLD if now + HOLD < row.expires_at else None
    elif result.retry_after_s is not None and retry_at is not None:
        retry_at = max(retry_at, now + timedelta(seconds=result.retry_after_s))
    state = Sending.DROPPED if retry_at is None else Sending.DUE
    outbox.settle(tx, row, rt.owner, state, now=now, error_code=result.code, due_at=retry_at)
    if row.page_id is not None:
        note_fate(tx, row.page_id, PageState.FAILED, now)
    elif retry_at is None:
        _put_undelivered(tx, rt, row, now)


def note_failure(tx: Tx, rt: Runtime, row: Outgoing, code: int | None, now: datetime) -> None:
    """A text or page that will not arrive: the next page at once, or a work item for a person to phone."""
    if row.page_id is not None:
        note_fate(tx, row.page_id, PageState.FAILED, now)
        return
    if row.phone_id is None:
        log.warning("staff_text_failed", outbox_id=str(row.id), code=code)
        return
    if code == OPTED_OUT:
        stop_texts(tx, row.phone_id, "provider", now)
    if code in NO_TEXTS_THERE:
        mark_unusable(tx, row.phone_id, now)
    if not (code == OPTED_OUT and row.kind is Kind.LAST_WORD):
        _put_undelivered(tx, rt, row, now)


def _put_undelivered(tx: Tx, rt: Runtime, row: Outgoing, now: datetime) -> None:
    desk.put(
        tx,
        rt,
        "not_delivered",
        Due.NOON_NEXT_BUSINESS_DAY,
        f"outbox:{row.id}",
        now,
        phone_id=row.phone_id,
        text_id=row.text_id,
    )


def reconcile(rt: Runtime, limit: int = 20) -> int:
    """Looks up at the provider what may or may not have been sent, and sends it only if it is not there."""
    with rt.database.begin() as tx:
        rows = outbox.claim_unknown(tx, rt.owner, now=rt.now(), limit=limit)
    for row in rows:
        try:
            sid = rt.gateway.find_sent(to=row.to, body=row.body, is_call=row.channel is Channel.VOICE)
        except OSError:
            with rt.database.begin() as tx:  # nobody can tell yet: look again
                outbox.settle(tx, row, rt.owner, Sending.UNKNOWN, now=rt.now(), look_again_s=LOOK_AFTER_S)
            continue
        with rt.database.begin() as tx:
            now = rt.now()
            if sid is not None:
                _record(tx, rt, row, Accepted(sid), now)
            elif row.channel is Channel.VOICE:
                outbox.settle(tx, row, rt.owner, Sending.FAILED, now=now)  # the plan has rung again meanwhile
            else:
                outbox.settle(tx, row, rt.owner, Sending.DUE, now=now, due_at=now)
    return len(rows)


def keep_receipt(rt: Runtime, receipt: Receipt, outbox_id: OutboxId | None) -> None:
    """Writes a delivery state that is news; what failed goes to a person."""
    now = rt.now()
    state = {
        Fate.UNDERWAY: Sending.ACCEPTED,
        Fate.CONFIRMED: Sending.ACCEPTED,
        Fate.DELIVERED: Sending.DELIVERED,
        Fate.FAILED: Sending.FAILED,
    }[receipt.fate]
    with rt.database.begin() as tx:
        row = outbox.keep_receipt(
            tx,
            outbox_id=outbox_id,
            sid=receipt.sid,
            status=receipt.status,
            rank=receipt.rank,
            state=state,
            error_code=receipt.error_code,
            now=now,
        )
        if row is None:
            return
        if receipt.fate is Fate.FAILED:
            note_failure(tx, rt, row, receipt.error_code, now)
        elif row.page_id is not None:
            confirmed = receipt.fate in (Fate.CONFIRMED, Fate.DELIVERED)
            note_fate(tx, row.page_id, PageState.CONFIRMED if confirmed else PageState.ACCEPTED, now)
