"""Staff and their rota, as the command line sets them; and signing in."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.exchange.enrolment import RotaIn, StaffIn
from bot.exchange.rota import WholeRotaIn
from bot.runtime import Runtime
from bot.services import rota
from bot.storage import sign_ins, staff
from bot.storage.audit import note
from bot.storage.database import Tx
from bot.storage.sign_ins import Tries
from bot.storage.staff import StaffMember
from bot.vocabulary import Channel, StaffId

IDLE = timedelta(minutes=15)  # HIPAA 164.312(a)(2)(iii); RELIABILITY.md 5, sessions
LONGEST = timedelta(hours=12)
FREE_TRIES = 5
FREE_TRIES_PER_ADDRESS = 20
LONGEST_DELAY_S = 60  # never a lock-out: an on-call person must get in
# OWASP's least for argon2id: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODYS_HASH = HASHER.hash(secrets.token_urlsafe())  # a name that nobody has takes as long as a wrong password


def add_staff(rt: Runtime, documents: list[StaffIn], by: str) -> list[dict[str, Any]]:
    """Adds members, or changes those whose username exists; sends nothing."""
    now = rt.now()
    answers = []
    with rt.database.begin() as tx:
        for document in documents:
            known = staff.find_staff(tx, document.username)
            person = StaffMember(
                id=StaffId(uuid4()) if known is None else known.id,
                username=document.username,
                name=document.name,
                phone=document.phone,
                role=document.role,
                password_hash=HASHER.hash(document.password),
                takes_texts=Channel.TEXT in document.channels,
                disabled_at=None if known is None else known.disabled_at,  # only an admin lets somebody in again
            )
            if known is None:
                staff.keep_staff(tx, person, now)
            else:
                staff.change_staff(tx, person)
            did = "added_staff" if known is None else "changed_staff"
            note(tx, who=by, did=did, now=now, about=document.username)
            answers.append(
                {
                    "id": str(person.id),
                    "username": person.username,
                    "added": known is None,
                    "disabled": person.disabled_at is not None,
                }
            )
    return answers


def set_rota(rt: Runtime, documents: list[RotaIn], by: str) -> list[dict[str, Any]]:
    """Puts these plain lines in place of the rota; sends nothing.

    :raises InputError: a username that nobody has, somebody who may not be paged, or bounds the wrong way round.
    """
    rota.set_rota(rt, WholeRotaIn(entries=tuple(documents)), by)
    return [line.model_dump(mode="json", by_alias=True) for line in documents]


def sign_in(rt: Runtime, username: str, password: str, address: str | None = None) -> str | None:
    """A new session's token, or None; the answer and its time are the same for a name that nobody has.

    :param address: where it comes from, if that is known: too many failed tries from there wait, too.
    """
    now = rt.now()
    with rt.database.begin() as tx:
        if address is not None and _must_wait(sign_ins.find_tries(tx, address), now):
            return None
        person = staff.lock_staff_member(tx, username.strip().lower())  # so that tries at once are counted one by one
        token = None
        if person is None or person.disabled_at is not None:
            verify(NOBODYS_HASH, password)
        else:
            token = _enter(tx, person, password, now)
        if address is not None and token is None:
            sign_ins.count_failed(tx, address, now)
        elif address is not None:
            sign_ins.forget_tries(tx, address)
        return token


def _enter(tx: Tx, person: StaffMember, password: str, now: datetime) -> str | None:
    right = verify(person.password_hash, password)
    if is_locked(person, now):
        return None
    if not right:
        failed = person.failed_sign_ins + 1
        staff.note_sign_in(tx, person.id, failed, _next_try(failed, now))
        note(tx, who=person.username, did="sign_in_failed", now=now)
        return None
    staff.note_signed_in(tx, person.id, now)
    token = secrets.token_urlsafe(32)
    staff.keep_session(tx, hash_token(token), person.id)
    note(tx, who=person.username, did="signed_in", now=now)
    return token


def is_locked(person: StaffMember, now: datetime) -> bool:
    """Whether too many failed tries make this name wait."""
    return person.sign_in_after is not None and now < person.sign_in_after


def _next_try(failed: int, now: datetime) -> datetime | None:
    return None if failed < FREE_TRIES else now + _delay(failed - FREE_TRIES)


def _must_wait(tries: Tries | None, now: datetime) -> bool:
    """Many people may sit behind one address, so that it has more free tries than a name."""
    if tries is None or tries.failed < FREE_TRIES_PER_ADDRESS:
        return False
    return tries.last_at <= now < tries.last_at + _delay(tries.failed - FREE_TRIES_PER_ADDRESS)


def _delay(over: int) -> timedelta:
    return timedelta(seconds=min(LONGEST_DELAY_S, 2 ** min(over, 10)))


def verify(password_hash: str, password: str) -> bool:
    """Whether this is the password that was hashed."""
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def find_signed_in(rt: Runtime, token: str, *, by_hand: bool = True) -> StaffMember | None:
    """Whose live session this token is. What a page asks by itself (`by_hand` false) does not keep it alive."""
    with rt.database.begin() as tx:
        return staff.find_session(tx, hash_token(token), idle=IDLE, longest=LONGEST, touch=by_hand)


def sign_out(rt: Runtime, token: str) -> None:
    """Ends the session."""
    with rt.database.begin() as tx:
        staff.end_session(tx, hash_token(token))


def hash_token(token: str) -> bytes:
    """What is kept of a session's token."""
    return sha256(token.encode()).digest()
