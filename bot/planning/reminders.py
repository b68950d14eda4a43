"""When a silent patient is asked again; the protocol's list is also the cap, and nothing leaves in quiet hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.content.protocols import Reminder
from bot.planning.check_ins import instant

NOT_BEFORE = timedelta(hours=2)  # whoever answered one question a moment ago is not asked for the next one at once


def reminder_times(
    sent_at: datetime, zone: ZoneInfo, reminders: Sequence[Reminder], opens: time, closes: time
) -> tuple[datetime | None, ...]:
    """When each reminder is due; None for one that would fall into quiet hours and is therefore left out."""
    on = sent_at.astimezone(zone).date()
    times: list[datetime | None] = []
    for reminder in reminders:
        if reminder.after_hours is not None:
            due_at = sent_at + timedelta(hours=reminder.after_hours)
        else:
            due_at = instant(on + timedelta(days=reminder.day), reminder.at or opens, zone)
        times.append(due_at if opens <= due_at.astimezone(zone).time() < closes else None)
    return tuple(times)


def next_reminder(times: Sequence[datetime | None], now: datetime) -> datetime | None:
    """The first one that is far enough away; None when all have been used."""
    return min((due_at for due_at in times if due_at is not None and due_at >= now + NOT_BEFORE), default=None)


def reminder_number(times: Sequence[datetime | None], due_at: datetime) -> int | None:
    """Which one falls due then, counted from 1; None for a question that was put off for another reason."""
    return next((number for number, one in enumerate(times, 1) if one == due_at), None)
