"""Sends test pages now, without waiting for a worker, and watches what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bot.exchange.enrolment import InputError
from bot.planning.sending import Sending
from bot.runtime import Runtime, pause
from bot.services.numbers import PREFIX, TEST_LIVES, send_check
from bot.services.outbox import deliver_waiting
from bot.storage import checks
from bot.storage.checks import Check, CheckKind
from bot.storage.database import Tx
from bot.storage.outbox import find_state, map_states
from bot.storage.staff import StaffMember, list_staff
from bot.vocabulary import Channel, StaffId

LEFT = (Sending.ACCEPTED, Sending.SENT, Sending.DELIVERED)
LOOK_EVERY_S = 0.5
SENT_APART = timedelta(minutes=1)
SENT_WITHIN_S = 10.0  # a worker may have been first and be sending it


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of one test page: whether it left, and in words how far it got."""

    username: str
    channel: Channel
    left: bool
    answered: bool
    words: str


def run_test(rt: Runtime, usernames: Sequence[str], channels: Sequence[Channel], wait_s: float) -> list[Tested]:
    """One page to each on each channel, and what is known of it when all are answered or the time is over.

    :raises InputError: a username that nobody has who can be paged.
    """
    with rt.database.begin() as tx:
        people = _chosen(tx, usernames)
        sent = [(p, c, _send(tx, rt, p, c)) for p in people for c in channels if c is Channel.VOICE or p.takes_texts]
    deliver_waiting(rt, pages=True)
    for look in range(int((wait_s + SENT_WITHIN_S) / LOOK_EVERY_S)):
        with rt.database.begin() as tx:
            rows = [_look(tx, person, channel, check_id) for person, channel, check_id in sent]
        is_over = look * LOOK_EVERY_S >= wait_s and all(row.left for row in rows)
        if is_over or all(row.answered for row in rows):
            break
        pause(LOOK_EVERY_S)
        deliver_waiting(rt, pages=True)
    return rows


def send_now(tx: Tx, rt: Runtime, person: StaffMember, channels: Sequence[Channel]) -> list[Channel]:
    """Writes a test page on each of these channels, unless one that nobody has answered left a moment ago; on which
    ones it did. A worker sends them, pages before anything else."""
    now, sent = rt.now(), []
    for channel in channels:
        open_tests = checks.list_open(tx, person.id, person.phone, CheckKind.TEST, now - SENT_APART)
        is_new = all(check.channel is not channel for check in open_tests)
        if is_new and send_check(tx, rt, person, channel, CheckKind.TEST, now):
            sent.append(channel)
    return sent


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest code or test page on one channel, and in words how far it got."""

    channel: Channel
    kind: CheckKind
    sent_at: datetime
    answered_at: datetime | None
    words: str


def newest_checks(tx: Tx, people: Sequence[StaffMember], now: datetime) -> dict[StaffId, list[Newest]]:
    """Of each at most one a channel, of the last day: what somebody who has just sent one wants to see."""
    past = checks.map_checks(tx, {person.id: person.phone for person in people})
    newest = {
        staff_id: {check.channel: check for check in sent if now - check.sent_at < TEST_LIVES}
        for staff_id, sent in past.items()
    }
    states = map_states(tx, [f"{PREFIX}{check.id}" for found in newest.values() for check in found.values()])
    return {
        staff_id: [_as_newest(check, states.get(f"{PREFIX}{check.id}")) for check in found.values()]
        for staff_id, found in newest.items()
    }


def _as_newest(check: Check, state: Sending | None) -> Newest:
    words = "answered" if check.answered_at is not None else "not sent" if state is None else state.value
    return Newest(check.channel, check.kind, check.sent_at, check.answered_at, words)


def _chosen(tx: Tx, usernames: Sequence[str]) -> list[StaffMember]:
    people = {person.username: person for person in list_staff(tx) if person.member.can_be_paged}
    for username in usernames:
        if username not in people:
            raise InputError(f"--username: nobody called {username!r} can be paged")
    return [person for username, person in people.items() if not usernames or username in usernames]


def _send(tx: Tx, rt: Runtime, person: StaffMember, channel: Channel) -> UUID:
    send_check(tx, rt, person, channel, CheckKind.TEST, rt.now())
    newest = checks.list_all(tx, person.id, person.phone, limit=1)[0]
    return newest.id


def _look(tx: Tx, person: StaffMember, channel: Channel, check_id: UUID) -> Tested:
    check = checks.find_check(tx, str(check_id))
    state = find_state(tx, f"{PREFIX}{check_id}")
    answered = check is not None and check.answered_at is not None
    words = "answered" if answered else "not sent" if state is None else state.value.replace("_", " ")
    return Tested(person.username, channel, answered or state in LEFT, answered, words)
