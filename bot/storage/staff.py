"""Staff and their sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, func, insert, select, text, update

from bot.planning.on_call import Member
from bot.storage.database import Tx
from bot.storage.tables import staff, staff_sessions
from bot.vocabulary import Channel, Role, StaffId


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One member of staff, opened; `phone` is E.164."""

    id: StaffId
    username: str
    name: str
    phone: str | None
    role: Role
    password_hash: str
    disabled_at: datetime | None = None
    verified_at: datetime | None = None
    failed_sign_ins: int = 0
    sign_in_after: datetime | None = None
    takes_texts: bool = True
    must_change_password: bool = False
    signed_in_at: datetime | None = None

    @property
    def member(self) -> Member:
        """As the paging plan sees them."""
        return Member(
            self.id,
            self.role,
            self.phone,
            disabled=self.disabled_at is not None,
            username=self.username,
            takes_texts=self.takes_texts,
        )


def keep_staff(tx: Tx, person: StaffMember, now: datetime) -> None:
    """Writes a new member; AlreadyThere if the username is taken."""
    tx.run(
        insert(staff).values(
            id=person.id,
            username=person.username,
            role=person.role.value,
            password_hash=person.password_hash,
            created_at=now,
            failed_sign_ins=0,
            must_change_password=person.must_change_password,
            **_sealed(tx, person),
        )
    )


def change_staff(tx: Tx, person: StaffMember) -> None:
    """Writes what adding the same username again changed."""
    values = {
        "role": person.role.value,
        "password_hash": person.password_hash,
        "disabled_at": person.disabled_at,
        "must_change_password": person.must_change_password,
    }
    tx.run(update(staff).where(staff.c.id == person.id).values(**values, **_sealed(tx, person)))


def find_staff(tx: Tx, username: str) -> StaffMember | None:
    """The member with that username."""
    row = tx.find(select(staff).where(staff.c.username == username))
    return None if row is None else _opened(tx, row)


def lock_staff_member(tx: Tx, username: str) -> StaffMember | None:
    """As `find_staff`; until this transaction ends nobody else tries to sign in by that name."""
    row = tx.find(select(staff).where(staff.c.username == username).with_for_update(key_share=True))
    return None if row is None else _opened(tx, row)


def get_staff(tx: Tx, staff_id: StaffId) -> StaffMember:
    """The member; LookupError if there is none."""
    row = tx.find(select(staff).where(staff.c.id == staff_id))
    if row is None:
        raise LookupError(f"no staff {staff_id}")
    return _opened(tx, row)


def find_staff_at(tx: Tx, number: str) -> StaffMember | None:
    """The enabled member whose number this is."""
    digests = tx.keyring.digests("number", number)
    row = tx.find(select(staff).where(staff.c.phone_hash.in_(digests), staff.c.disabled_at.is_(None)))
    return None if row is None else _opened(tx, row)


def list_staff(tx: Tx) -> list[StaffMember]:
    """Everybody, by username."""
    return [_opened(tx, row) for row in tx.list(select(staff).order_by(staff.c.username))]


def note_sign_in(tx: Tx, staff_id: StaffId, failed: int, after: datetime | None) -> None:
    """Counts failed sign-ins in a row, and until when the next try is refused."""
    tx.run(update(staff).where(staff.c.id == staff_id).values(failed_sign_ins=failed, sign_in_after=after))


def note_signed_in(tx: Tx, staff_id: StaffId, now: datetime) -> None:
    """Somebody is in: failed tries are forgotten."""
    values = {"failed_sign_ins": 0, "sign_in_after": None, "signed_in_at": now}
    tx.run(update(staff).where(staff.c.id == staff_id).values(**values))


def lock_staff(tx: Tx) -> None:
    """Until this transaction ends nobody else changes staff: the last admin stays, whoever clicks at once."""
    tx.run(text("LOCK TABLE staff IN SHARE ROW EXCLUSIVE MODE"))


def keep_session(tx: Tx, token_hash: bytes, staff_id: StaffId) -> None:
    """Starts a session; only the hash of its token is kept. Sessions live on the database's clock."""
    tx.run(
        insert(staff_sessions).values(
            id=uuid4(),
            token_hash=token_hash,
            staff_id=staff_id,
            started_at=func.clock_timestamp(),
            seen_at=func.clock_timestamp(),
        )
    )


def find_session(tx: Tx, token_hash: bytes, *, idle: timedelta, longest: timedelta, touch: bool) -> StaffMember | None:
    """Whose live session this is; touched, it lives on for another `idle`, `longest` in all."""
    live = (
        (staff_sessions.c.token_hash == token_hash)
        & staff_sessions.c.ended_at.is_(None)
        & (staff_sessions.c.seen_at > func.clock_timestamp() - idle)
        & (staff_sessions.c.started_at > func.clock_timestamp() - longest)
    )
    seen = {"seen_at": func.clock_timestamp() if touch else staff_sessions.c.seen_at}
    row = tx.find(update(staff_sessions).where(live).values(**seen).returning(staff_sessions.c.staff_id))
    if row is None:
        return None
    person = get_staff(tx, StaffId(row.staff_id))
    return None if person.disabled_at is not None else person


def end_session(tx: Tx, token_hash: bytes) -> None:
    """Signs out."""
    mine = staff_sessions.c.token_hash == token_hash
    tx.run(update(staff_sessions).where(mine).values(ended_at=func.clock_timestamp()))


def end_sessions_of(tx: Tx, staff_id: StaffId, *, but: bytes | None = None) -> int:
    """Signs somebody out everywhere, save where the session's token has the hash `but`; how many sessions ended."""
    theirs = (staff_sessions.c.staff_id == staff_id) & staff_sessions.c.ended_at.is_(None)
    if but is not None:
        theirs &= staff_sessions.c.token_hash != but
    return tx.run(update(staff_sessions).where(theirs).values(ended_at=func.clock_timestamp()))


def _sealed(tx: Tx, person: StaffMember) -> dict[str, Any]:
    row_id = UUID(str(person.id))
    phone = person.phone
    return {
        "channels": None if person.takes_texts else [Channel.VOICE.value],
        "name_sealed": tx.seal("staff.name", row_id, person.name),
        "phone_hash": None if phone is None else tx.keyring.digest("number", phone),
        "phone_sealed": None if phone is None else tx.seal("staff.phone", row_id, phone),
    }


def _opened(tx: Tx, row: Row[Any]) -> StaffMember:
    return StaffMember(
        id=StaffId(row.id),
        username=row.username,
        name=tx.open_or("staff.name", row.id, row.name_sealed, None) or row.username,
        phone=tx.open_or("staff.phone", row.id, row.phone_sealed, None),  # unreadable: as if there were none
        role=Role(row.role),
        password_hash=row.password_hash,
        disabled_at=row.disabled_at,
        verified_at=row.verified_at,
        failed_sign_ins=row.failed_sign_ins,
        sign_in_after=row.sign_in_after,
        takes_texts=row.channels is None or Channel.TEXT.value in row.channels,
        must_change_password=row.must_change_password,
        signed_in_at=row.signed_in_at,
    )
