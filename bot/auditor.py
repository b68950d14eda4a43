"""The auditor: a process of its own that proves every minute that paging moves. It shares no duty with the worker."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from types import FrameType

import structlog

from bot.runtime import Runtime
from bot.services.auditing import audit
from bot.storage.database import DatabaseAway

log = structlog.get_logger()

LOOK_EVERY_S = 0.5  # at the clock (CONTRACT.md, "Times")
AUDIT_EVERY_S = 60.0


def run(rt: Runtime) -> None:
    """Runs until SIGTERM or SIGINT."""
    stop = threading.Event()

    def _stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    run_until(rt, stop)


def run_until(rt: Runtime, stop: threading.Event) -> None:
    """Audits every minute of the bot's clock and of real time, whichever is sooner: a moved clock is looked at too."""
    audited_at: datetime | None = None
    looks = 0
    while not stop.is_set():
        now = rt.now()
        looks += 1
        passed = None if audited_at is None else abs((now - audited_at).total_seconds())
        if passed is None or passed >= AUDIT_EVERY_S or looks * LOOK_EVERY_S >= AUDIT_EVERY_S:
            audited_at, looks = now, 0
            _audit_safely(rt, stop)
        stop.wait(LOOK_EVERY_S)


def _audit_safely(rt: Runtime, stop: threading.Event) -> None:
    """A failed audit proves nothing, so the switch is not pinged and the console shows it as stale."""
    try:
        audit(rt, stop.wait)
    except DatabaseAway as error:
        log.error("audit_without_database", error=str(error))
    except Exception as error:  # noqa: BLE001 - the next minute tries again; meanwhile the audit counts as stale
        log.error("audit_failed", error=type(error).__name__)
