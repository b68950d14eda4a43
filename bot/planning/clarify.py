"""By when a clarifying question must be answered before a person looks; it never reads the answer."""

from __future__ import annotations

from datetime import datetime, timedelta


def clarify_deadline(asked_at: datetime, *, flag_word: bool, flag_word_minutes: int, other_minutes: int) -> datetime:
    """Sooner where the text held a flag word (triage.md, "unclear"); the minutes are escalation.yaml's."""
    return asked_at + timedelta(minutes=flag_word_minutes if flag_word else other_minutes)
