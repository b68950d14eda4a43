"""Which steps of a policy have fired and when the next one does; it knows no names and never ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.planning.pages import AlertClock, PageRecord, Step
from bot.vocabulary import Channel

CLOCK_SLACK = timedelta(seconds=60)
"""Two machines' clocks may differ by this; a page further in the future means that the clock was set back."""

LOOK_AT_LEAST = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Due:
    """A step that has fired: its number, its round (`loop` 0 is the first) and why."""

    step: Step
    number: int
    loop: int
    reason: str


def fired_steps(alert: AlertClock, pages: Sequence[PageRecord], now: datetime) -> list[Due]:
    """Every first-loop step whose time has come or that was paged, and the newest repeat."""
    policy = alert.policy
    paged = {page.step for page in pages if page.loop == 0}
    fired = [
        Due(step, number, 0, "due")
        for number, step in enumerate(policy.steps)
        if number in paged or _step_at(alert, pages, number) <= now
    ]
    fired = fired or [Due(policy.steps[0], 0, 0, "due")]  # a clock that was set back still pages
    loop = _loop(alert, pages, now)
    if loop > 0:
        fired.append(Due(policy.repeat, len(policy.steps), loop, "repeat"))
    elif _went_back(pages, now):
        fired += _steps_after(alert, fired[-1].number, "clock_back")[:1]
    return fired


def early_step(
    alert: AlertClock,
    newest: Due,
    pages: Sequence[PageRecord],
    reach: Mapping[int, Collection[str]],
    now: datetime,
) -> list[Due]:
    """The next step at once, if text and call were lost on everybody in the newest one.

    :param pages: those of people who can still be paged.
    :param reach: the numbers behind each step now; a step that holds somebody new is preferred.
    """
    if newest.loop > 0:
        return []
    tried = [page for page in pages if (page.loop, page.step) == (0, newest.number)]
    called = {page.target.phone for page in tried if page.channel is Channel.VOICE}
    everybody = called >= set(reach[newest.number]) and all(p.target.phone in called for p in tried)
    if not tried or not everybody or not all(page.is_lost(alert.policy, now) for page in tried):
        return []
    ahead = _steps_after(alert, newest.number, "all_failed")
    others = [due for due in ahead if set(reach[due.number]) - called]
    return (others or ahead)[:1]


def next_look(alert: AlertClock, pages: Sequence[PageRecord], now: datetime) -> datetime:
    """When the next step or repeat fires or a text counts as lost; a minute from now at the latest."""
    policy = alert.policy
    every = timedelta(seconds=policy.repeat_every_s)
    patience = timedelta(seconds=policy.unconfirmed_after_s)
    looks = [_step_at(alert, pages, number) for number in range(len(policy.steps))]
    looks.append(_last_step_at(alert) + every * (max(0, _loop_by_time(alert, now)) + 1))
    newest = _newest_round_at(alert, pages)
    looks += [] if newest is None else [newest + every]
    looks += [page.requested_at + patience for page in pages if page.channel is Channel.TEXT]
    return min([at for at in looks if at > now] + [now + LOOK_AT_LEAST])


def _steps_after(alert: AlertClock, number: int, reason: str) -> list[Due]:
    return [Due(step, n, 0, reason) for n, step in enumerate(alert.policy.steps) if n > number]


def _step_at(alert: AlertClock, pages: Sequence[PageRecord], number: int) -> datetime:
    """By the policy; after a step that fired early, no later than the usual distance from that one."""
    steps = alert.policy.steps
    by_policy = alert.opened_at + timedelta(seconds=steps[number].after_s)
    reached = max((page.step for page in pages if page.loop == 0), default=number)
    if number <= reached or reached >= len(steps):
        return by_policy
    distance = timedelta(seconds=steps[number].after_s - steps[reached].after_s)
    return min(by_policy, _first_asked(pages, 0, reached) + distance)


def _loop(alert: AlertClock, pages: Sequence[PageRecord], now: datetime) -> int:
    """The newest repeat that has fired, 0 for none: by the policy's times, or counted from the last round."""
    made = max((page.loop for page in pages), default=0)
    loop = max(made, _loop_by_time(alert, now), 0)
    newest = _newest_round_at(alert, pages)
    if loop > made or newest is None:
        return loop
    is_over = newest + timedelta(seconds=alert.policy.repeat_every_s) <= now
    return made + 1 if is_over or _went_back(pages, now) else made


def _loop_by_time(alert: AlertClock, now: datetime) -> int:
    return int((now - _last_step_at(alert)).total_seconds() // alert.policy.repeat_every_s)


def _last_step_at(alert: AlertClock) -> datetime:
    return alert.opened_at + timedelta(seconds=alert.policy.steps[-1].after_s)


def _newest_round_at(alert: AlertClock, pages: Sequence[PageRecord]) -> datetime | None:
    """When the newest repeat, or else the last step, was first paged; None while neither was."""
    made = max((page.loop for page in pages), default=0)
    step = len(alert.policy.steps) - (1 if made == 0 else 0)
    asked = [page.requested_at for page in pages if (page.loop, page.step) == (made, step)]
    return min(asked, default=None)


def _went_back(pages: Sequence[PageRecord], now: datetime) -> bool:
    """The newest step was paged in what is now the future: waiting for its time could take for ever."""
    newest = max(((page.loop, page.step) for page in pages), default=None)
    return newest is not None and _first_asked(pages, *newest) > now + CLOCK_SLACK


def _first_asked(pages: Sequence[PageRecord], loop: int, step: int) -> datetime:
    return min(page.requested_at for page in pages if (page.loop, page.step) == (loop, step))
