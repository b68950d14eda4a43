"""The bot's clock file (CONTRACT.md, BOT_CLOCK_FILE): read for the page, moved by its buttons."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from bot.standin.ledger import real_now


def read_clock(path: Path | None) -> datetime:
    """The time as the bot sees it; without a file, the machine's."""
    if path is None:
        return real_now()
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        shown, wall = (datetime.fromisoformat(told[name]) for name in ("now", "wall"))
        return shown + (real_now() - wall) * float(told.get("rate", 1.0))
    except (OSError, ValueError, KeyError):
        return real_now()


def move_clock(path: Path, to: datetime) -> None:
    """Shows `to` from now on; readers see the old file or the new one, never half of one."""
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    told = {"now": to.isoformat(), "wall": real_now().isoformat(), "rate": 1.0}
    draft.write_text(json.dumps(told), encoding="utf-8")
    draft.replace(path)
