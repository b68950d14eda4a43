"""Looks at the provider for inbound texts that no webhook brought."""

from __future__ import annotations

import structlog

from bot.runtime import Runtime
from bot.services.texts import answer_text, keep_text
from bot.storage.texts import list_known_sids

log = structlog.get_logger()


def sweep_inbound(rt: Runtime, limit: int = 100) -> int:
    """Keeps and answers recent texts whose SID is not known; how many there were."""
    try:
        found = rt.gateway.list_inbound(limit)
    except OSError as error:  # allowed: the next sweep looks again
        log.warning("sweep_failed", error=type(error).__name__)
        return 0
    with rt.database.begin() as tx:
        known = list_known_sids(tx, [text.sid for text in found])
    missed = [text for text in reversed(found) if text.sid not in known]
    for text in missed:
        text_id = keep_text(rt, text)
        if text_id is not None:
            log.warning("text_without_webhook", text_id=str(text_id))
            answer_text(rt, text_id)
    return len(missed)
