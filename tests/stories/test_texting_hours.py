"""Quiet hours: what the bot begins dies before them, also at the provider; answers go out at any hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.standin.ledger import Message
from tests.screen import Screen, a_screen
from tests.stories.told import AMY, amy_is_followed, two_children
from tests.story import CHICAGO


@pytest.fixture
def screen(parts: dict[str, Any], tmp_path: Path) -> Iterator[Screen]:
    with a_screen(parts, tmp_path) as running:
        yield running


def last_to(screen: Screen, number: str) -> Message:
    return screen.clinic.standin.ledger.texts_to(number)[-1]


def dies_at(screen: Screen, message: Message) -> datetime:
    """When the provider gives the text up, on the clinic's wall clock."""
    return (screen.clinic.runtime.now() + timedelta(seconds=message.validity_s)).astimezone(CHICAGO)


def test_what_the_bot_begins_is_given_up_before_the_quiet_hours(screen: Screen) -> None:
    """A check-in, and the reminder of an afternoon: nothing that is stuck arrives at night."""
    amy_is_followed(screen)
    for local in ("2026-03-03 10:00", "2026-03-03 14:31", "2026-03-04 16:31"):
        screen.it_is(local)
        assert dies_at(screen, last_to(screen, AMY)) <= datetime.fromisoformat(f"{local[:10]} 20:01").replace(
            tzinfo=CHICAGO
        )


def test_an_answer_leaves_at_any_hour(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 03:12")
    amy.texts("is it normal to be sore?")
    assert "Mild soreness" in last_to(screen, AMY).body


def test_no_more_than_one_question_stands_open_on_a_phone(screen: Screen) -> None:
    """Two children are due at the same hour: the second is asked about when the first has been answered."""
    dana = two_children(screen)
    screen.it_is("2026-03-03 10:00")
    assert [m.body for m in screen.clinic.standin.ledger.texts_to(dana.number) if "day 1 check" in m.body] != []
    assert len(screen.clinic.standin.ledger.texts_to(dana.number)) == 1
    screen.wait(minutes=61)
    bodies = [m.body for m in screen.clinic.standin.ledger.texts_to(dana.number)]
    assert ["about Amy" in bodies[0], "about Ben" in bodies[-1]] == [True, True]
