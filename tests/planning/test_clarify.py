"""Silence after a clarifying question brings a person, sooner where the text held a flag word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.planning.clarify import clarify_deadline

ASKED = datetime(2026, 3, 8, 7, 55, tzinfo=UTC)  # five minutes before the clocks change in Chicago


@pytest.mark.parametrize(("flag_word", "minutes"), [(True, 10), (False, 30)])
def test_ten_minutes_with_a_flag_word_else_thirty(flag_word: bool, minutes: int) -> None:
    deadline = clarify_deadline(ASKED, flag_word=flag_word, flag_word_minutes=10, other_minutes=30)
    assert deadline == ASKED + timedelta(minutes=minutes)
