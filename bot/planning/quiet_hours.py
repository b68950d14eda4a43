"""When the bot may start to talk, at the patient's wall clock; replies and red flags are never held back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.planning.check_ins import instant


def next_allowed(at: datetime, zone: ZoneInfo, opens: time, closes: time) -> datetime:
    """`at` itself inside [opens, closes) local, else the next opening."""
    local = at.astimezone(zone)
    if opens <= local.time() < closes:
        return at
    on = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return instant(on, opens, zone)
