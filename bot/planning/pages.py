"""What paging knows: the policy, the pages ordered so far and the plan that comes out; it decides nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.vocabulary import Channel, StaffId


@dataclass(frozen=True, slots=True)
class Also:
    """More people in the same step: one by name, or a tier (both None: everybody), on channels of their own."""

    tier: int | None
    username: str | None
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """So many seconds after the start, these channels to this tier (None: everybody), and to others."""

    after_s: int
    tier: int | None
    channels: tuple[Channel, ...]
    also: tuple[Also, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens until a person acknowledges; `repeat` comes round without end. At least one step."""

    steps: tuple[Step, ...]
    repeat_every_s: int
    repeat: Step
    unconfirmed_after_s: int = 60

    def to_dict(self) -> dict[str, Any]:
        """As JSON, to be copied onto an alert when it opens."""
        return asdict(self)

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
    also = tuple(Also(a["tier"], a["username"], _channels(a)) for a in data.get("also", ()))
    return Step(data["after_s"], data["tier"], _channels(data), also)


def _channels(data: dict[str, Any]) -> tuple[Channel, ...]:
    return tuple(Channel(c) for c in data["channels"])


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

    def is_lost(self, policy: Policy, now: datetime) -> bool:
        """It failed, or it is a text that nobody confirmed in time (RELIABILITY.md 1: 60 s)."""
        if self.state is PageState.FAILED:
            return True
        if self.channel is not Channel.TEXT or self.state is PageState.CONFIRMED:
            return False
        return now - self.requested_at >= timedelta(seconds=policy.unconfirmed_after_s)


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
class Skipped:
    """A tier that holds nobody (`staff_id` None), or somebody on it who cannot be paged."""

    tier: int
    staff_id: StaffId | None


@dataclass(frozen=True, slots=True)
class PagePlan:
    """Whom to page now and when to look again.

    `skipped`: whom the steps that are due now would have paged. `unreached`: the first round is over.
    `unreachable`: nobody at all has a number.
    """

    due: tuple[PageOrder, ...]
    next_at: datetime | None
    skipped: tuple[Skipped, ...] = ()
    unreached: bool = False
    unreachable: bool = False
