"""Named places in the walks where a test may end or stop the process; it does nothing unless a folder is armed.

A file named like the point in FAILPOINTS_DIR arms it. It holds `kill`, `stop` (SIGSTOP) or `raise`, and may be followed
by how many visits are let pass first. Whoever takes the file away acts, so that each file acts once in one process.
"""

from __future__ import annotations

import os
import signal
from enum import StrEnum
from pathlib import Path


class Failpoint(StrEnum):
    """Every point; tests/faults kills a process at each of them."""

    TEXT_ARRIVED = "text_arrived"  # nothing is committed
    TEXT_KEPT = "text_kept"  # committed, not sorted
    TEXT_SORTED = "text_sorted"  # everything is written, nothing of it committed
    ALERT_OPENED = "alert_opened"  # inside the same transaction
    TEXT_ANSWERED = "text_answered"  # committed, the webhook has not answered
    CHECK_IN_WRITTEN = "check_in_written"  # not committed
    CHECK_IN_STARTED = "check_in_started"  # committed
    ROW_CLAIMED = "row_claimed"
    ROW_BEGUN = "row_begun"  # committed as being sent, not requested
    ROW_REQUESTED = "row_requested"  # the provider has it, nothing recorded
    ROW_RECORDED = "row_recorded"
    ROW_LOOKED_UP = "row_looked_up"  # found at the provider, or not; nothing recorded
    RECEIPT_ARRIVED = "receipt_arrived"
    RECEIPT_KEPT = "receipt_kept"  # committed, the webhook has not answered
    PAGE_PLANNED = "page_planned"  # written, not committed
    PAGES_WRITTEN = "pages_written"  # committed by the worker
    ALERT_TAKEN = "alert_taken"  # acknowledged, not committed
    SWEEP_FOUND = "sweep_found"  # a text that no webhook brought, not kept yet


class Tripped(Exception):
    """A failpoint was told to raise."""


_folder: Path | None = None


def arm(folder: Path | None) -> None:
    """From now on this process looks for armed points there."""
    global _folder  # noqa: PLW0603 - one folder a process, set once at its start
    _folder = folder


def failpoint(point: Failpoint) -> None:
    """Passes, unless a test has armed this point."""
    if _folder is not None:
        _look(_folder / point.value)


def _look(path: Path) -> None:
    mine = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.rename(mine)  # whoever succeeds has it
    except OSError:
        return
    action, _, passes = mine.read_text(encoding="ascii").strip().partition(" ")
    left = int(passes or 0)
    if left > 0:
        mine.write_text(f"{action} {left - 1}", encoding="ascii")
        mine.rename(path)
        return
    mine.unlink()
    if action == "raise":
        raise Tripped(path.name)
    os.kill(os.getpid(), signal.SIGSTOP if action == "stop" else signal.SIGKILL)
