"""The life of a row in the outbox as a table, and what follows when a try fails; it sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.content.sending import Mark, Meaning
from bot.planning.retries import next_retry


class Kind(StrEnum):
    """Why something is sent; it decides the lane and what a failure means."""

    PAGE = "page"
    STAFF = "staff"
    REPLY = "reply"
    LAST_WORD = "last_word"
    CHECK_IN = "check_in"

    @property
    def is_for_staff(self) -> bool:
        return self in (Kind.PAGE, Kind.STAFF)


class Purpose(StrEnum):
    """What config/sending.yaml tells apart."""

    PAGE = "page"
    REPLY = "reply"
    CHECK_IN = "check_in"


PURPOSES: Mapping[Kind, Purpose] = {
    Kind.PAGE: Purpose.PAGE,
    Kind.STAFF: Purpose.PAGE,
    Kind.REPLY: Purpose.REPLY,
    Kind.LAST_WORD: Purpose.REPLY,
    Kind.CHECK_IN: Purpose.CHECK_IN,
}


class Sending(StrEnum):
    """Where a row stands; `unknown` means that a request was made and nobody knows how it ended."""

    DUE = "due"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


# What a worker may write, by where the row stands: nothing comes back from an end but by a receipt.
MOVES: Mapping[Sending, frozenset[Sending]] = {
    Sending.DUE: frozenset({Sending.CLAIMED, Sending.DROPPED}),
    Sending.CLAIMED: frozenset({Sending.CLAIMED, Sending.DUE, Sending.SENDING, Sending.DROPPED, Sending.FAILED}),
    Sending.SENDING: frozenset(
        {Sending.DUE, Sending.UNKNOWN, Sending.ACCEPTED, Sending.FAILED, Sending.DROPPED}  # due: nothing left
    ),
    Sending.UNKNOWN: frozenset(
        {Sending.UNKNOWN, Sending.DUE, Sending.ACCEPTED, Sending.FAILED, Sending.DROPPED}  # due: it is not there
    ),
    Sending.ACCEPTED: frozenset({Sending.FAILED}),  # nobody ever told how it ended
    Sending.SENT: frozenset({Sending.FAILED}),
    Sending.DELIVERED: frozenset(),
    Sending.FAILED: frozenset(),
    Sending.DROPPED: frozenset(),
}
# What a receipt may write, wherever the row stands: the provider knows better. Its rank keeps the order.
RECEIVED = frozenset({Sending.ACCEPTED, Sending.SENT, Sending.DELIVERED, Sending.FAILED, Sending.DUE})
OPEN = (Sending.DUE, Sending.CLAIMED, Sending.SENDING, Sending.UNKNOWN)
TRAVELLING = (Sending.ACCEPTED, Sending.SENT)


def sources_of(state: Sending) -> list[str]:
    """Where a row may stand for a worker to write `state`."""
    return [source.value for source, targets in MOVES.items() if state in targets]


@dataclass(frozen=True, slots=True)
class Try:
    """A try that failed: whose, how often before, and until when another may be made."""

    kind: Kind
    attempts: int
    failures: int
    first_try_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Next:
    """What follows. `lost`: it does not reach anybody now, so a page takes another way and a person hears of a text."""

    state: Sending
    due_at: datetime | None = None
    lost: bool = False
    hold: bool = False
    alarm: bool = False
    mark: Mark | None = None
    counts: bool = False  # as one of the failures that `waits_s` allows


def after_failure(tried: Try, meaning: Meaning, now: datetime, jitter: float) -> Next:
    """What an error means for this row."""
    purpose = PURPOSES[tried.kind]
    action = getattr(meaning, purpose.value)
    alarm, mark = meaning.alarm, meaning.mark
    match action:
        case "task" | "voice":
            return Next(Sending.FAILED, lost=True, alarm=alarm, mark=mark)
        case "hold":
            in_time = now < tried.expires_at
            state, due_at = (Sending.DUE, now) if in_time else (Sending.DROPPED, None)
            is_lost = not in_time or tried.kind.is_for_staff
            return Next(state, due_at, lost=is_lost, hold=True, alarm=alarm, mark=mark)
        case "later":
            return _later(tried, meaning, now)
        case "retry":
            return after_not_sent(tried, now, jitter, None)
        case _:
            raise AssertionError(action)


def _later(tried: Try, meaning: Meaning, now: datetime) -> Next:
    waits = meaning.waits_s
    at = now + timedelta(seconds=waits[tried.failures]) if tried.failures < len(waits) else None
    if at is None or at >= tried.expires_at:
        return Next(Sending.FAILED, lost=True, alarm=meaning.alarm, mark=meaning.mark)
    return Next(Sending.DUE, at, alarm=meaning.alarm, mark=meaning.mark, counts=True)


def after_not_sent(tried: Try, now: datetime, jitter: float, retry_after_s: float | None) -> Next:
    """Nothing was sent: again until its time is over; a page goes another way meanwhile."""
    at = next_retry(tried.first_try_at, tried.attempts, tried.expires_at, now, jitter)
    if at is not None and retry_after_s is not None:
        at = max(at, now + timedelta(seconds=retry_after_s * (1 + jitter / 4)))
        at = at if at < tried.expires_at else None
    if at is None:
        return Next(Sending.DROPPED, lost=True)
    return Next(Sending.DUE, at, lost=tried.kind.is_for_staff)


def after_unknown(tried: Try, asked_s_ago: float, absent_after_s: int, now: datetime) -> Next:
    """It is not to be found at the provider: looked for again, until that is later than any list lag."""
    if asked_s_ago < absent_after_s:
        return Next(Sending.UNKNOWN)
    if now >= tried.expires_at:
        return Next(Sending.DROPPED, lost=True)
    return Next(Sending.DUE, now)
