"""Looks at the provider for inbound texts that no webhook brought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

import structlog

from bot.failpoints import Failpoint, failpoint
from bot.gateways.gateway import InboundText
from bot.runtime import Runtime
from bot.services import fates
from bot.services.texts import answer_text, keep_text
from bot.storage import lanes
from bot.storage.texts import list_known_sids

log = structlog.get_logger()

SWEEP = "sweep"
FIRST_LOOK = timedelta(days=1)  # a bot that was never swept before
SLACK = timedelta(seconds=60)  # between the provider's clock and ours
AT_ONCE = 100


def sweep_inbound(rt: Runtime) -> int:
    """Keeps and answers texts whose SID is not known, back to the last sweep that went well; how many there were."""
    rules = rt.content.sending.sweep
    with rt.database.begin() as tx:
        if not lanes.claim_round(tx, SWEEP, rules.every_s):
            return 0
        now = lanes.database_now(tx)
        since = (lanes.done_until(tx, SWEEP) or now - FIRST_LOOK) - timedelta(minutes=rules.overlap_minutes)
    try:
        missed = _unknown(rt, rt.gateway.list_inbound(since))
    except OSError as error:  # allowed: the next sweep looks again, and as far back
        log.warning("sweep_failed", error=type(error).__name__)
        return 0
    missed.reverse()  # the provider's times have whole seconds; within one its own order counts
    for text in sorted(missed, key=lambda text: text.sent_at or now):
        _keep(rt, text, now)
    with rt.database.begin() as tx:
        lanes.note_done(tx, SWEEP, now - SLACK)
    return len(missed)


def _unknown(rt: Runtime, found: Iterator[InboundText]) -> list[InboundText]:
    """Those whose SID nobody kept, newest first."""
    missed: list[InboundText] = []
    while some := list(islice(found, AT_ONCE)):
        with rt.database.begin() as tx:
            known = list_known_sids(tx, [text.sid for text in some])
        missed += [text for text in some if text.sid not in known]
    return missed


def _keep(rt: Runtime, text: InboundText, now: datetime) -> None:
    failpoint(Failpoint.SWEEP_FOUND)
    text_id = keep_text(rt, text)
    if text_id is None:
        return
    late = timedelta(0) if text.sent_at is None else now - text.sent_at
    log.warning("text_without_webhook", text_id=str(text_id), late_s=round(late.total_seconds()))
    if late > timedelta(minutes=rt.content.sending.sweep.late_after_minutes):
        with rt.database.begin() as tx:
            fates.alarm(tx, rt, "texts_came_late", "webhook", rt.now())
    answer_text(rt, text_id)
