"""The bot's clock file (CONTRACT.md, BOT_CLOCK_FILE): read for the page, moved by its buttons."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from bot.standin.ledger import real_now


def read_clock(path: Path | None) -> datetime:
    """The time as the bot sees it; without a file, or with half of one, the machine's."""
    told = None if path is None else _read(path)
    if told is None:
        return real_now()
    shown, wall, rate = told
    return shown + (real_now() - wall) * rate


def move_clock(path: Path, to: datetime) -> None:
    """Shows `to` from now on, at the rate it had; readers see the old file or the new one, never half of one."""
    told = _read(path)
    rate = 1.0 if told is None else told[2]
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    new = {"now": to.isoformat(), "wall": real_now().isoformat(), "rate": rate}
    draft.write_text(json.dumps(new), encoding="utf-8")
    draft.replace(path)


def _read(path: Path) -> tuple[datetime, datetime, float] | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        shown, wall = (datetime.fromisoformat(told[name]) for name in ("now", "wall"))
        if shown.tzinfo is None or wall.tzinfo is None:
            return None
        return shown, wall, float(told.get("rate", 1.0))
    except (OSError, ValueError, KeyError, TypeError):  # allowed: somebody writes it by hand
        return None
