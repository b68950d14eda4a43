"""Changes one's own password; nobody else's."""

from __future__ import annotations

from dataclasses import replace

from bot.exchange.enrolment import InputError
from bot.runtime import Runtime
from bot.services.people import HASHER, hash_token, verify
from bot.storage import staff
from bot.storage.audit import note
from bot.storage.staff import StaffMember


def change_password(rt: Runtime, person: StaffMember, token: str, current: str, new: str, again: str) -> None:
    """Puts the new one in place of the current one, and signs out every other browser.

    :raises InputError: one line that says what to do; nothing is changed.
    """
    problem = rt.content.passwords.complaint(new, person.username)
    if not verify(person.password_hash, current):
        raise InputError("The current password is not right.")
    if new != again:
        raise InputError("The two new passwords differ. Type the new one twice.")
    if new == current:
        raise InputError("That is the current password. Take another one.")
    if problem is not None:
        raise InputError(problem)
    with rt.database.begin() as tx:
        staff.lock_staff(tx)
        known = staff.get_staff(tx, person.id)
        staff.change_staff(tx, replace(known, password_hash=HASHER.hash(new), must_change_password=False))
        staff.end_sessions_of(tx, person.id, but=hash_token(token))
        note(tx, who=person.username, did="changed_password", now=rt.now())
