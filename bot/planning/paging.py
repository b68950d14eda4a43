"""Who is paged next, on which channel, and when to look again; it never decides that nobody is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from bot.planning.on_call import Member, RotaEntry, everyone, on_call, tiers
from bot.vocabulary import Channel, StaffId

UNREACHABLE_RETRY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Step:
    """So many seconds after the start, these channels to this tier (None: everybody)."""

    after_s: int
    tier: int | None
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens until a person acknowledges; `repeat` comes round without end."""

    steps: tuple[Step, ...]
    repeat_every_s: int
    repeat: Step
    unconfirmed_after_s: int = 60

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Policy:
        """The policy that was copied onto an alert as JSON."""
        return Policy(
            steps=tuple(_step(step) for step in data["steps"]),
            repeat_every_s=data["repeat_every_s"],
            repeat=_step(data["repeat"]),
            unconfirmed_after_s=data["unconfirmed_after_s"],
        )


def _step(data: dict[str, Any]) -> Step:
    return Step(data["after_s"], data["tier"], tuple(Channel(c) for c in data["channels"]))


class PageState(StrEnum):
    """What became of a page."""

    WAITING = "waiting"  #: written, not yet accepted by the provider
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"  #: on the handset, or the call was picked up
    FAILED = "failed"  #: refused, undelivered, busy, not answered


@dataclass(frozen=True, slots=True)
class Target:
    """A member of staff, or (None) the clinic's fallback number."""

    staff_id: StaffId | None
    phone: str


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page that was ordered before."""

    target: Target
    channel: Channel
    step: int
    loop: int
    requested_at: datetime
    state: PageState


@dataclass(frozen=True, slots=True)
class AlertClock:
    """An alert as paging sees it."""

    opened_at: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None
    policy: Policy


@dataclass(frozen=True, slots=True)
class PageOrder:
    """Page this one now."""

    target: Target
    channel: Channel
    step: int
    loop: int
    reason: str


@dataclass(frozen=True, slots=True)
class PagePlan:
    """Whom to page now and when to look again; `unreachable`: nobody at all has a number."""

    due: tuple[PageOrder, ...]
    next_at: datetime | None
    unreachable: bool = False


Reach = Callable[[Step], tuple[Target, ...]]


@dataclass(frozen=True, slots=True)
class _Due:
    step: Step
    number: int
    loop: int
    reason: str


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
    reach = partial(_recipients, entries=entries, members=members, fallback_phone=fallback_phone, now=now)
    fired = _fired_steps(alert, pages, reach, now)
    orders: dict[tuple[Target, Channel, int, int], PageOrder] = {}
    done = {(p.target.phone, p.channel, p.step, p.loop) for p in pages}
    for due in fired:
        for target in reach(due.step):
            for channel in due.step.channels:
                if (target.phone, channel, due.number, due.loop) not in done:
                    order = PageOrder(target, channel, due.number, due.loop, due.reason)
                    orders[target, channel, due.number, due.loop] = order
    for order in _voices_for_lost_texts(alert.policy, pages, now):
        orders.setdefault((order.target, order.channel, order.step, order.loop), order)
    return PagePlan(tuple(orders.values()), _next_look(alert, pages, now))


def _recipients(
    step: Step,
    *,
    entries: Sequence[RotaEntry],
    members: Sequence[Member],
    fallback_phone: str | None,
    now: datetime,
) -> tuple[Target, ...]:
    """The step's tier; if it is empty the next ones, then everybody, then the fallback number."""
    found: tuple[Member, ...] = ()
    if step.tier is not None:
        for tier in (step.tier, *(t for t in tiers(entries) if t > step.tier)):
            found = on_call(entries, members, tier, now)
            if found:
                break
    chosen = found or everyone(members)
    targets = tuple(Target(m.staff_id, m.phone) for m in chosen if m.phone is not None)
    if step.tier is None and fallback_phone is not None:
        targets += (Target(None, fallback_phone),)
    return targets or ((Target(None, fallback_phone),) if fallback_phone is not None else ())


def _fired_steps(alert: AlertClock, pages: Sequence[PageRecord], reach: Reach, now: datetime) -> list[_Due]:
    """Every first-loop step whose time has come, the newest repeat, and the next person's where all failed."""
    policy, gone = alert.policy, (now - alert.opened_at).total_seconds()
    fired = [_Due(s, n, 0, "due") for n, s in enumerate(policy.steps) if s.after_s <= gone]
    fired = fired or [_Due(policy.steps[0], 0, 0, "due")]  # a clock that was moved back still pages
    loop = int((gone - policy.steps[-1].after_s) // policy.repeat_every_s)
    if loop >= 1:
        return [*fired, _Due(policy.repeat, len(policy.steps), loop, "repeat")]
    reached = max([fired[-1].number, *(p.step for p in pages if p.loop == 0)])
    failed = _wholly_failed(pages, reached)
    if failed is not None:
        ahead = [_Due(s, n, 0, "all_failed") for n, s in enumerate(policy.steps) if n > reached]
        others = [due for due in ahead if {t.phone for t in reach(due.step)} - failed]
        fired += (others or ahead)[:1]
    return fired


def _wholly_failed(pages: Sequence[PageRecord], step: int) -> set[str] | None:
    """Whom this step could not reach by text nor voice, if that is everybody it tried; else None."""
    mine = [p for p in pages if p.step == step and p.loop == 0]
    called = {p.target.phone for p in mine if p.channel is Channel.VOICE}
    everybody = bool(mine) and all(p.state is PageState.FAILED and p.target.phone in called for p in mine)
    return called if everybody else None


def _voices_for_lost_texts(policy: Policy, pages: Sequence[PageRecord], now: datetime) -> list[PageOrder]:
    """A text that failed, or that nobody confirmed in time: call the same person at once."""
    orders = []
    for page in pages:
        if page.channel is not Channel.TEXT or not _is_lost(policy, page, now):
            continue
        called = any(
            p.channel is Channel.VOICE
            and p.target.phone == page.target.phone
            and (p.loop, p.step) >= (page.loop, page.step)
            for p in pages
        )
        if not called:
            reason = "text_failed" if page.state is PageState.FAILED else "text_unconfirmed"
            orders.append(PageOrder(page.target, Channel.VOICE, page.step, page.loop, reason))
    return orders


def _is_lost(policy: Policy, page: PageRecord, now: datetime) -> bool:
    if page.state is PageState.FAILED:
        return True
    overdue = now - page.requested_at >= timedelta(seconds=policy.unconfirmed_after_s)
    return page.state in (PageState.WAITING, PageState.ACCEPTED) and overdue


def _next_look(alert: AlertClock, pages: Sequence[PageRecord], now: datetime) -> datetime:
    """The next step or repeat, or the moment when an unconfirmed text counts as lost."""
    policy = alert.policy
    looks = [alert.opened_at + timedelta(seconds=s.after_s) for s in policy.steps]
    last = looks[-1]
    loops = max(0, int((now - last).total_seconds() // policy.repeat_every_s)) + 1
    looks.append(last + timedelta(seconds=policy.repeat_every_s * loops))
    patience = timedelta(seconds=policy.unconfirmed_after_s)
    looks += [p.requested_at + patience for p in pages if p.state is not PageState.FAILED]
    looks.append(now + patience)
    return min(at for at in looks if at > now)
