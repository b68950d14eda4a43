"""Sends what waits in the outbox, and keeps what the provider tells about it afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from bot.failpoints import Failpoint, failpoint
from bot.gateways.gateway import Fate, Receipt
from bot.planning.paging import PageState
from bot.planning.sending import Next, Sending, after_failure
from bot.runtime import Runtime
from bot.services import fates
from bot.services.alerts import note_fate
from bot.services.dispatch import Dispatch
from bot.storage import receipts
from bot.storage.database import Tx
from bot.storage.outbox import Outgoing
from bot.vocabulary import OutboxId

STATES: Mapping[Fate, Sending] = {
    Fate.UNDERWAY: Sending.ACCEPTED,
    Fate.CONFIRMED: Sending.SENT,
    Fate.DELIVERED: Sending.DELIVERED,
    Fate.FAILED: Sending.FAILED,
}


def deliver_waiting(rt: Runtime, *, pages: bool) -> int:
    """Sends what is due in one lane; how many rows were claimed."""
    return Dispatch(rt, pages=pages).run()


def keep_receipt(rt: Runtime, receipt: Receipt, outbox_id: OutboxId | None) -> None:
    """Writes a delivery state that is news; what failed is tried again or goes to a person, as the table says."""
    failpoint(Failpoint.RECEIPT_ARRIVED)
    now = rt.now()
    with rt.database.begin() as tx:
        news = receipts.keep_receipt(
            tx,
            outbox_id=outbox_id,
            sid=receipt.sid,
            status=receipt.status,
            rank=receipt.rank,
            error_code=receipt.error_code,
            now=now,
        )
        if news:
            _advance(tx, rt, receipt, outbox_id)
    failpoint(Failpoint.RECEIPT_KEPT)


def _advance(tx: Tx, rt: Runtime, receipt: Receipt, outbox_id: OutboxId | None) -> None:
    now = rt.now()
    row = receipts.advance_row(
        tx,
        outbox_id=outbox_id,
        sid=receipt.sid,
        status=receipt.status,
        rank=receipt.rank,
        state=STATES[receipt.fate],
        error_code=receipt.error_code,
        now=now,
        fetch_after_s=rt.content.sending.fetch_after_s.reply,
    )
    if row is None:
        return
    if receipt.fate is Fate.FAILED:
        _fail(tx, rt, row, receipt)
    elif row.page_id is not None:
        confirmed = receipt.fate in (Fate.CONFIRMED, Fate.DELIVERED)
        note_fate(tx, row.page_id, PageState.CONFIRMED if confirmed else PageState.ACCEPTED, now)


def _fail(tx: Tx, rt: Runtime, row: Outgoing, receipt: Receipt) -> None:
    """The provider took it and it did not arrive. A call that nobody answered has no code: the next page is due."""
    now, code = rt.now(), receipt.error_code
    following = Next(Sending.FAILED, lost=True)
    if code is not None:
        following = after_failure(row.tried(now), rt.content.sending.meaning_of(code), now, fates.jitter())
    if following.due_at is not None and not row.kind.is_for_staff:
        receipts.send_again(tx, row, following.due_at)
    fates.tell(tx, rt, row, following, code, now)
