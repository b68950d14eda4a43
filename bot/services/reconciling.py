"""Asks the provider about rows whose end nobody knows, before anything is sent again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog

from bot.failpoints import Failpoint, failpoint
from bot.gateways.gateway import Accepted
from bot.planning.sending import PURPOSES, Next, Sending, after_unknown
from bot.runtime import Runtime
from bot.services import fates
from bot.services.outbox import keep_receipt
from bot.storage import claims, lanes, outbox
from bot.storage.outbox import Outgoing
from bot.vocabulary import Channel

log = structlog.get_logger()

CLOCKS_DIFFER = timedelta(seconds=60)  # the provider's and the database's
AT_ONCE = 8


def reconcile(rt: Runtime, limit: int = 64) -> int:
    """Looks up what may or may not have been sent, and sends it only if it is not there."""
    rules = rt.content.sending
    with rt.database.begin() as tx:
        claimed = claims.claim_unknown(tx, limit=limit, lease_s=rules.lease_s)
        for sealed in claimed.unreadable:
            fates.set_aside(tx, rt, sealed, rt.now())
        asked_at = lanes.database_now(tx)
    _each(rt, claimed.rows, lambda row: _look_up(rt, row, asked_at))
    return len(claimed.rows)


def _each(rt: Runtime, rows: list[Outgoing], do: Callable[[Outgoing], None]) -> None:
    """Several at once; one row's failure is logged, and its lease brings it back."""

    def safely(row: Outgoing) -> None:
        try:
            do(row)
        except Exception as error:  # noqa: BLE001 - the lease brings it back
            log.error("row_not_looked_up", outbox_id=str(row.id), error=type(error).__name__)

    if rows and not rt.stopping.is_set():
        with ThreadPoolExecutor(min(AT_ONCE, len(rows))) as hands:
            list(hands.map(safely, rows))


def _look_up(rt: Runtime, row: Outgoing, asked_at: datetime) -> None:
    rules = rt.content.sending
    first = row.first_requested_at or asked_at
    try:
        sids = [] if row.channel is Channel.VOICE else _list_sent(rt, row, first)
    except OSError:  # nobody can tell yet: look again
        sids, asked_at = [], first
    failpoint(Failpoint.ROW_LOOKED_UP)
    with rt.database.begin() as tx:
        now = rt.now()
        taken = outbox.list_bound_sids(tx, sids, row.id)
        sid = next((sid for sid in sids if sid not in taken), None)
        if sid is not None:
            fates.record_all(tx, rt, [(row, Accepted(sid))], now)
            return
        following = _not_there(rt, row, asked_at, now)
        if following.state is Sending.UNKNOWN:
            outbox.settle(tx, row, Sending.UNKNOWN, now=now, look_after_s=rules.look_every_s)
        else:
            fates.follow(tx, rt, row, following, None, now)


def _list_sent(rt: Runtime, row: Outgoing, first: datetime) -> list[str]:
    return rt.gateway.list_sent(to=row.to, body=row.body, since=first - CLOCKS_DIFFER)


def _not_there(rt: Runtime, row: Outgoing, asked_at: datetime, now: datetime) -> Next:
    """A call cannot be looked up by its words: it counts as lost, and the plan has rung again meanwhile."""
    if row.channel is Channel.VOICE:
        return Next(Sending.FAILED, lost=True)
    absent_after_s = getattr(rt.content.sending.absent_after_s, PURPOSES[row.kind])
    since = (asked_at - (row.requested_at or asked_at)).total_seconds()
    return after_unknown(row.tried(now), since, absent_after_s, now)


def fetch_silent(rt: Runtime, limit: int = 50) -> int:
    """Asks how it stands with what was accepted long ago and never had a final state."""
    again_s = rt.content.sending.fetch_after_s.reply
    with rt.database.begin() as tx:
        claimed = claims.claim_silent(tx, limit=limit, look_again_s=again_s)
        asked_at = lanes.database_now(tx)
    _each(rt, claimed.rows, lambda row: _fetch(rt, row, asked_at))
    return len(claimed.rows)


def _fetch(rt: Runtime, row: Outgoing, asked_at: datetime) -> None:
    try:
        receipt = None if row.sid is None else rt.gateway.fetch(row.sid, is_call=row.channel is Channel.VOICE)
    except OSError as error:  # allowed: it is asked again
        log.warning("fetch_failed", error=type(error).__name__)
        return
    if receipt is not None:
        keep_receipt(rt, receipt, row.id)
    longest = timedelta(hours=rt.content.sending.fetch_for_hours)
    if row.requested_at is None or asked_at - row.requested_at > longest:
        _give_up(rt, row)


def _give_up(rt: Runtime, row: Outgoing) -> None:
    """Nobody will ever tell: it counts as not arrived, and a person asks."""
    with rt.database.begin() as tx:
        fates.follow(tx, rt, row, Next(Sending.FAILED, lost=True), None, rt.now())
