"""Spreads repeated calls to one telephone; it never holds back a text, a first page, or the only page there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.planning.pages import PageOrder
from bot.vocabulary import Channel


def without_crowding(
    orders: Sequence[PageOrder], last_calls: Mapping[str, datetime], apart: timedelta, now: datetime
) -> tuple[PageOrder, ...]:
    """Every order but a repeated call to a telephone that was called a moment ago and gets a text besides.

    What is left out was not ordered, so the next look at the plan orders it again, when the line is free.
    """
    texted = {order.target.phone for order in orders if order.channel is Channel.TEXT}

    def crowds(order: PageOrder) -> bool:
        called = last_calls.get(order.target.phone)
        return (
            order.channel is Channel.VOICE
            and order.reason == "repeat"
            and order.target.phone in texted
            and called is not None
            and now - apart < called <= now
        )

    return tuple(order for order in orders if not crowds(order))
