"""Who is paged next, on which channel, and when to look again; it never decides that nobody is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.planning.ladder import Due, early_step, fired_steps, next_look
from bot.planning.on_call import Member, RotaEntry, everyone, on_call, tiers
from bot.planning.pages import AlertClock, PageOrder, PagePlan, PageRecord, PageState, Policy, Step, Target
from bot.vocabulary import Channel

__all__ = [
    "AlertClock",
    "PageOrder",
    "PagePlan",
    "PageRecord",
    "PageState",
    "Policy",
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
    reach = {
        number: _recipients(step, entries, members, fallback_phone, now)
        for number, step in enumerate((*alert.policy.steps, alert.policy.repeat))
    }
    people = _by_phone(everyone(members), fallback_phone)
    live = [page for page in pages if page.target.phone in people]  # the disabled are called no more
    fired = fired_steps(alert, pages, now)
    phones = {number: [target.phone for target in targets] for number, targets in reach.items()}
    fired += early_step(alert, fired[-1], live, phones, now)
    orders: dict[_Key, PageOrder] = {}
    for due in fired:
        _order(orders, due, reach[due.number], pages)
    _order_voices_for_lost_texts(orders, alert.policy, live, people, now)
    return PagePlan(tuple(orders.values()), next_look(alert, pages, now))


def _recipients(
    step: Step,
    entries: Sequence[RotaEntry],
    members: Sequence[Member],
    fallback_phone: str | None,
    now: datetime,
) -> Collection[Target]:
    """The step's tier; if it is empty the next ones, then everybody; with everybody the fallback number."""
    if step.tier is not None:
        for tier in (step.tier, *(t for t in tiers(entries) if t > step.tier)):
            found = on_call(entries, members, tier, now)
            if found:
                return _by_phone(found, None).values()
    whole_staff = everyone(members)
    with_fallback = step.tier is None or not whole_staff
    return _by_phone(whole_staff, fallback_phone if with_fallback else None).values()


def _by_phone(members: Sequence[Member], fallback_phone: str | None) -> dict[str, Target]:
    """Each number once, with the first who has it."""
    found: dict[str, Target] = {}
    for member in members:
        if member.phone is not None:
            found.setdefault(member.phone, Target(member.staff_id, member.phone))
    if fallback_phone is not None:
        found.setdefault(fallback_phone, Target(None, fallback_phone))
    return found


def _order(orders: dict[_Key, PageOrder], due: Due, targets: Collection[Target], pages: Sequence[PageRecord]) -> None:
    """Adds the step's pages that were not ordered before."""
    done = {(page.target.phone, page.channel) for page in pages if (page.loop, page.step) == (due.loop, due.number)}
    for target in targets:
        for channel in due.step.channels:
            if (target.phone, channel) not in done:
                key = (target.phone, channel, due.number, due.loop)
                orders[key] = PageOrder(target, channel, due.number, due.loop, due.reason)


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
