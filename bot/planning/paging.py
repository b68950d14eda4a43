"""Who is paged next, on which channel, and when to look again; it never decides that nobody is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.planning.ladder import Due, early_step, fired_steps, next_look
from bot.planning.on_call import Member, RotaEntry, everyone, on_call, out_of_reach
from bot.planning.pages import (
    AlertClock,
    Also,
    PageOrder,
    PagePlan,
    PageRecord,
    PageState,
    Policy,
    Skipped,
    Step,
    Target,
)
from bot.planning.recipients import Reach, by_phone, reach_of
from bot.vocabulary import Channel

__all__ = [
    "AlertClock",
    "Also",
    "PageOrder",
    "PagePlan",
    "PageRecord",
    "PageState",
    "Policy",
    "Skipped",
    "Step",
    "Target",
    "next_pages",
]

UNREACHABLE_RETRY = timedelta(seconds=60)

_Key = tuple[str, Channel, int, int]
"""A number, not a person: two members who share one telephone are paged on it once."""


def next_pages(
    alert: AlertClock,
    pages: Sequence[PageRecord],
    entries: Sequence[RotaEntry],
    members: Sequence[Member],
    fallback_phone: str | None,
    now: datetime,
) -> PagePlan:
    """The plan at this instant. Carrying out `due` and asking again orders nothing twice."""
    if alert.acknowledged_at is not None or alert.closed_at is not None:
        return PagePlan((), None)
    if not everyone(members) and fallback_phone is None:
        return PagePlan((), now + UNREACHABLE_RETRY, unreachable=True)
    everybody = by_phone(everyone(members), fallback_phone)
    steps = (*alert.policy.steps, alert.policy.repeat)
    reach = [reach_of(step, entries, members, fallback_phone, now) for step in steps]
    live = [page for page in pages if page.target.phone in everybody]  # the disabled are called no more
    fired = fired_steps(alert, pages, now)
    fired += early_step(alert, fired[-1], live, dict(enumerate(reach)), now)
    orders: dict[_Key, PageOrder] = {}
    skipped: dict[Skipped, None] = {}
    for due in fired:
        if _order(orders, due, reach[due.number], pages):
            skipped |= dict.fromkeys(_skipped(due.step, entries, members, now))
    people = {phone: found.target for phone, found in everybody.items()}
    _order_voices_for_lost_texts(orders, alert.policy, live, people, now)
    return PagePlan(
        tuple(orders.values()),
        next_look(alert, pages, now),
        skipped=tuple(skipped),
        unreached=any(due.loop > 0 for due in fired),
    )


def _order(orders: dict[_Key, PageOrder], due: Due, reach: Mapping[str, Reach], pages: Sequence[PageRecord]) -> bool:
    """Adds the step's pages that were not ordered before; whether there were any."""
    done = {(page.target.phone, page.channel) for page in pages if (page.loop, page.step) == (due.loop, due.number)}
    before = len(orders)
    for phone, found in reach.items():
        for channel in found.channels:
            if (phone, channel) not in done:
                key = (phone, channel, due.number, due.loop)
                orders[key] = PageOrder(found.target, channel, due.number, due.loop, due.reason)
    return len(orders) > before


def _skipped(step: Step, entries: Sequence[RotaEntry], members: Sequence[Member], now: datetime) -> Iterator[Skipped]:
    """Whom the rota names for the step and nobody can page."""
    for tier in (step.tier, *(also.tier for also in step.also)):
        if tier is not None:
            yield from (Skipped(tier, staff_id) for staff_id in out_of_reach(entries, members, tier, now))
            if not on_call(entries, members, tier, now):
                yield Skipped(tier, None)


def _order_voices_for_lost_texts(
    orders: dict[_Key, PageOrder],
    policy: Policy,
    live: Sequence[PageRecord],
    people: dict[str, Target],
    now: datetime,
) -> None:
    """A text that was lost: call the same person at once, unless a call in this step or a later one is out."""
    calls = [(p.target.phone, (p.loop, p.step)) for p in live if p.channel is Channel.VOICE]
    calls += [(phone, (loop, step)) for phone, channel, step, loop in orders if channel is Channel.VOICE]
    called: dict[str, tuple[int, int]] = {}
    for phone, place in calls:
        called[phone] = max(called.get(phone, place), place)
    lost = (page for page in live if page.channel is Channel.TEXT and page.is_lost(policy, now))
    for page in sorted(lost, key=lambda page: (page.loop, page.step), reverse=True):
        phone, place = page.target.phone, (page.loop, page.step)
        if phone in called and called[phone] >= place:
            continue
        called[phone] = place
        reason = "text_failed" if page.state is PageState.FAILED else "text_unconfirmed"
        orders[phone, Channel.VOICE, page.step, page.loop] = PageOrder(
            people[phone], Channel.VOICE, page.step, page.loop, reason
        )
