"""Proves that a member's number gets texts and calls: codes, test pages, the monthly round; it never stops a page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.flows.effects import Due
from bot.planning.office_hours import is_office_hours
from bot.runtime import Runtime
from bot.services import desk, paging
from bot.storage import checks
from bot.storage.audit import BOT, note
from bot.storage.checks import Check, CheckKind
from bot.storage.database import Tx
from bot.storage.outbox import Draft, Kind, find_dedupe_key, keep_outgoing
from bot.storage.staff import StaffMember, list_staff
from bot.vocabulary import Channel, OutboxId

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=15)
MOST_TRIES = 5
TEST_LIVES = timedelta(hours=24)
PREFIX = "check:"


def send_check(tx: Tx, rt: Runtime, person: StaffMember, channel: Channel, kind: CheckKind, now: datetime) -> bool:
    """Writes a code or a test page to this number; False if there is no number or it takes no texts."""
    if person.phone is None or (channel is Channel.TEXT and not person.takes_texts):
        return False
    digits = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    pin = digits if kind is CheckKind.CODE else f"T{digits[:4]}"
    check_id = checks.keep_check(tx, person.id, person.phone, channel, kind, pin, now)
    words = paging.say_to_staff(rt, kind.value, pin=pin) if channel is Channel.TEXT else ""
    lives = CODE_LIVES if kind is CheckKind.CODE else timedelta(minutes=30)
    draft = Draft(f"{PREFIX}{check_id}", Kind.STAFF, channel, person.phone, words, now + lives)
    keep_outgoing(tx, draft, now)
    note(tx, who=BOT, did=f"sent_{kind}_{channel}", now=now, about=person.username)
    tx.wake()
    return True


def confirm_code(tx: Tx, person: StaffMember, typed: str, now: datetime) -> Channel | None:
    """The channel that the code proves; None for a wrong, old or too often mistyped one."""
    pin = "".join(sign for sign in typed if sign.isdigit())
    for check in checks.list_open(tx, person.id, person.phone, CheckKind.CODE, now - CODE_LIVES):
        if check.tries < MOST_TRIES and secrets.compare_digest(check.pin, pin):
            checks.mark_answered(tx, check.id, now)
            note(tx, who=person.username, did="verified_number", now=now, about=check.channel.value)
            return check.channel
        checks.count_try(tx, check.id)
    return None


def answer_test(tx: Tx, person: StaffMember, words: str, now: datetime, *, bare: bool) -> bool:
    """Whether the text answers a test page: by its code, or (`bare`) by any words while one is open."""
    run = "".join(sign for sign in words.upper() if sign.isalnum())
    for check in checks.list_open(tx, person.id, person.phone, CheckKind.TEST, now - TEST_LIVES):
        if check.pin in run or bare:
            return _answered(tx, check, person.username, now)
    return False


def _answered(tx: Tx, check: Check, by: str, now: datetime) -> bool:
    checks.mark_answered(tx, check.id, now)
    note(tx, who=by, did="answered_test", now=now, about=check.channel.value)
    return True


def find_called_check(tx: Tx, outbox_id: OutboxId) -> Check | None:
    """The code or test page that this call is about."""
    key = find_dedupe_key(tx, outbox_id)
    return checks.find_check(tx, key.removeprefix(PREFIX)) if key and key.startswith(PREFIX) else None


def say_check(rt: Runtime, check: Check) -> str:
    """What the call says."""
    clinic = rt.content.clinic.name
    return rt.content.staff.spoken(check.kind.value, clinic=clinic, pin=", ".join(check.pin))


def answer_called_test(tx: Tx, check: Check, now: datetime) -> bool:
    """A key was pressed in a test call."""
    return check.kind is CheckKind.TEST and _answered(tx, check, BOT, now)


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of one member's number on each channel: when it was last answered, and since when it was not."""

    person: StaffMember
    text_at: datetime | None
    voice_at: datetime | None
    unanswered_since: datetime | None

    @property
    def is_proved(self) -> bool:
        return self.voice_at is not None and (self.text_at is not None or not self.person.takes_texts)


def list_proofs(tx: Tx, now: datetime) -> list[Proof]:
    """Everybody who can be paged."""
    people = [person for person in list_staff(tx) if person.member.can_be_paged]
    everything = checks.map_checks(tx, {person.id: person.phone for person in people})
    found = []
    for person in people:
        past = everything[person.id]
        answered = {check.channel: check.answered_at for check in past if check.answered_at is not None}
        open_since = [c.sent_at for c in past if c.kind is CheckKind.TEST and c.answered_at is None]
        late = [at for at in open_since if now - at >= TEST_LIVES]
        found.append(Proof(person, answered.get(Channel.TEXT), answered.get(Channel.VOICE), max(late, default=None)))
    return found


def test_monthly(rt: Runtime) -> int:
    """A test page to every proved number whose last one is a month old, in office hours; how many were sent.

    One that nobody answered within a day is a work item: the number goes on being paged.
    """
    every = timedelta(days=rt.content.escalation.test_page_every_days)
    now, sent = rt.now(), 0
    with rt.database.begin() as tx:
        for proof in list_proofs(tx, now):
            if proof.unanswered_since is not None:
                key = f"test:{proof.person.id}:{proof.unanswered_since.isoformat()}"
                desk.put(tx, rt, "test_unanswered", Due.NOON_NEXT_BUSINESS_DAY, key, now)
            last = checks.last_sent_at(tx, proof.person.id, proof.person.phone)
            is_due = proof.is_proved and last is not None and now - last >= every
            if is_due and is_office_hours(now, desk.office_hours(rt)):
                sent += send_check(tx, rt, proof.person, _turn(proof), CheckKind.TEST, now)
    return sent


def _turn(proof: Proof) -> Channel:
    """The channel whose last proof is the older one."""
    if proof.text_at is None or (proof.voice_at is not None and proof.voice_at < proof.text_at):
        return Channel.VOICE
    return Channel.TEXT
