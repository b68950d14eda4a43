"""Members of staff as an admin changes them: nobody leaves the rota silently, and one admin always stays."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from bot.exchange.accounts import AccountIn, read_username
from bot.exchange.enrolment import InputError
from bot.planning.gaps import Shift
from bot.planning.rota import Rota
from bot.planning.rota_edits import members_of, rules_of, version_of, without_member
from bot.runtime import Runtime
from bot.services.numbers import Proof, list_proofs
from bot.services.people import HASHER, is_locked
from bot.services.rota_changes import LeavesGap, RotaMoved, refuse_new_gaps
from bot.storage import staff
from bot.storage.audit import note
from bot.storage.database import Tx
from bot.storage.rota import get_rota, lock_rota, replace_rota
from bot.storage.staff import StaffMember
from bot.storage.work_items import release_all
from bot.vocabulary import Role, StaffId

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
GROUPS, GROUP = 4, 4  # 79 bits


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the list of staff; `rules` is how many rules of the rota name them."""

    person: StaffMember
    proof: Proof | None
    is_locked: bool
    rules: int


def list_accounts(rt: Runtime) -> list[Account]:
    """Everybody, those who may sign in first, by name."""
    with rt.database.begin() as tx:
        now, rota = rt.now(), get_rota(tx)
        proofs = {proof.person.id: proof for proof in list_proofs(tx, now)}
        found = [
            Account(person, proofs.get(person.id), is_locked(person, now), _count_rules(rota, person.id))
            for person in staff.list_staff(tx)
        ]
    return sorted(found, key=lambda a: (a.person.disabled_at is not None, a.person.name.casefold()))


def get_account(rt: Runtime, staff_id: StaffId) -> Account:
    """One member; LookupError if there is none."""
    with rt.database.begin() as tx:
        person, now = staff.get_staff(tx, staff_id), rt.now()
        proofs = {proof.person.id: proof for proof in list_proofs(tx, now)}
        return Account(person, proofs.get(staff_id), is_locked(person, now), _count_rules(get_rota(tx), staff_id))


def _count_rules(rota: Rota, staff_id: StaffId) -> int:
    return sum(staff_id in members_of(rule) for rule in rules_of(rota))


def add_account(rt: Runtime, username: str, wanted: AccountIn, by: StaffMember) -> tuple[StaffMember, str]:
    """Adds a member; the one-time password is in nobody's hands but the caller's, and has to be changed.

    :raises InputError: no such user name is possible, or somebody has it.
    """
    name, password, now = read_username(username), one_time_password(), rt.now()
    person = StaffMember(
        id=StaffId(uuid4()),
        username=name,
        name=wanted.name,
        phone=wanted.phone,
        role=wanted.role,
        password_hash=HASHER.hash(password),
        takes_texts=wanted.takes_texts,
        must_change_password=True,
    )
    with rt.database.begin() as tx:
        staff.lock_staff(tx)
        if staff.find_staff(tx, name) is not None:
            raise InputError("Somebody has that user name already. Take another one, or change them in the list.")
        staff.keep_staff(tx, person, now)
        note(tx, who=by.username, did="added_staff", now=now, about=name)
    return person, password


def change_account(
    rt: Runtime, staff_id: StaffId, wanted: AccountIn, by: StaffMember, *, accepts_gaps: bool = False
) -> None:
    """Writes name, number and role; who cannot be paged any more leaves the rota.

    :raises LookupError: there is no such member.
    :raises InputError: they are the last admin.
    :raises LeavesGap: a tier would be left to nobody, and that was not agreed to.
    """
    with rt.database.begin() as tx:
        old = _locked(tx, staff_id)
        new = replace(old, name=wanted.name, phone=wanted.phone, role=wanted.role, takes_texts=wanted.takes_texts)
        if new.role is not Role.ADMIN:
            _keep_an_admin(tx, old)
        staff.change_staff(tx, new)
        if old.member.can_be_paged and not new.member.can_be_paged:
            _take_off(tx, rt, old, by, rt.now(), accepts_gaps=accepts_gaps)
        note(tx, who=by.username, did="changed_staff", now=rt.now(), about=old.username)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What disabling somebody would do: how many rules lose them, and the gaps that opens; `version` is the rota's."""

    account: Account
    gaps: tuple[Shift, ...]
    version: str
    is_last_admin: bool


def preview_leaving(rt: Runtime, staff_id: StaffId) -> Leaving:
    """Looks, and changes nothing; LookupError if there is no such member."""
    account = get_account(rt, staff_id)
    with rt.database.begin() as tx:
        rota, everybody = get_rota(tx), staff.list_staff(tx)
        gaps: tuple[Shift, ...] = ()
        try:
            _compare(rt, rota, everybody, account.person, rt.now())
        except LeavesGap as left:
            gaps = left.gaps
        return Leaving(account, gaps, version_of(rota), _is_last_admin(everybody, account.person))


def disable(rt: Runtime, staff_id: StaffId, by: StaffMember, version: str) -> None:
    """Signs them out everywhere, takes them off the rota, gives back the work items that they hold.

    `version` is that of the rota whose gaps were shown: agreed to is what was seen, and nothing else.

    :raises LookupError: there is no such member.
    :raises InputError: they are the last admin.
    :raises RotaMoved: the rota has changed since.
    """
    now = rt.now()
    with rt.database.begin() as tx:
        person = _locked(tx, staff_id)
        _keep_an_admin(tx, person)
        if version_of(get_rota(tx)) != version:
            raise RotaMoved(None, None)
        staff.change_staff(tx, _gone(person, now))
        staff.end_sessions_of(tx, staff_id)
        _take_off(tx, rt, person, by, now, accepts_gaps=True)
        release_all(tx, person.username)
        note(tx, who=by.username, did="disabled_staff", now=now, about=person.username)


def enable(rt: Runtime, staff_id: StaffId, by: StaffMember) -> None:
    """They may sign in again; the rota is not what it was before, so that they are not on it."""
    with rt.database.begin() as tx:
        person = _locked(tx, staff_id)
        staff.change_staff(tx, replace(person, disabled_at=None))
        note(tx, who=by.username, did="enabled_staff", now=rt.now(), about=person.username)


def reset_password(rt: Runtime, staff_id: StaffId, by: StaffMember) -> tuple[StaffMember, str]:
    """A one-time password in place of theirs, which has to be changed; they are signed out everywhere."""
    password = one_time_password()
    with rt.database.begin() as tx:
        person = _locked(tx, staff_id)
        staff.change_staff(tx, replace(person, password_hash=HASHER.hash(password), must_change_password=True))
        staff.note_sign_in(tx, staff_id, 0, None)
        staff.end_sessions_of(tx, staff_id)
        note(tx, who=by.username, did="reset_password", now=rt.now(), about=person.username)
    return person, password


def unlock(rt: Runtime, staff_id: StaffId, by: StaffMember) -> None:
    """Failed tries of their name are forgotten."""
    with rt.database.begin() as tx:
        person = _locked(tx, staff_id)
        staff.note_sign_in(tx, staff_id, 0, None)
        note(tx, who=by.username, did="unlocked_staff", now=rt.now(), about=person.username)


def one_time_password() -> str:
    """Four groups of four, easy to read out."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def _locked(tx: Tx, staff_id: StaffId) -> StaffMember:
    staff.lock_staff(tx)
    lock_rota(tx)
    return staff.get_staff(tx, staff_id)


def _gone(person: StaffMember, now: datetime) -> StaffMember:
    return replace(person, disabled_at=person.disabled_at or now)


def _keep_an_admin(tx: Tx, person: StaffMember) -> None:
    if _is_last_admin(staff.list_staff(tx), person):
        raise InputError(f"{person.name} is the last admin. Make somebody else an admin first.")


def _is_last_admin(everybody: list[StaffMember], person: StaffMember) -> bool:
    admins = {p.id for p in everybody if p.role is Role.ADMIN and p.disabled_at is None}
    return admins == {person.id}


def _take_off(tx: Tx, rt: Runtime, was: StaffMember, by: StaffMember, now: datetime, *, accepts_gaps: bool) -> None:
    rota = get_rota(tx)
    if not _count_rules(rota, was.id):
        return
    if not accepts_gaps:
        _compare(rt, rota, staff.list_staff(tx), was, now)
    replace_rota(tx, without_member(rota, was.id, now))
    note(tx, who=by.username, did="took_off_rota", now=now, about=was.username)


def _compare(rt: Runtime, rota: Rota, everybody: list[StaffMember], was: StaffMember, now: datetime) -> None:
    """The rota with the member as they were, against the rota without them."""
    others = [person.member for person in everybody if person.id != was.id]
    refuse_new_gaps(rt, now, (rota, [*others, was.member]), (without_member(rota, was.id, now), others))
