"""Failed sign-ins by the address they came from; addresses are kept as keyed hashes and forgotten after a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.database import Tx
from bot.storage.tables import sign_in_tries

FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tries:
    """Failed sign-ins in a row from one address, and when the last one was."""

    failed: int
    last_at: datetime


def find_tries(tx: Tx, address: str) -> Tries | None:
    """What is known of this address."""
    row = tx.find(select(sign_in_tries).where(sign_in_tries.c.address_hash == _hash(tx, address)))
    return None if row is None else Tries(row.failed, row.last_at)


def count_failed(tx: Tx, address: str, now: datetime) -> None:
    """One more failed try; the database counts, so that tries at the same moment all count."""
    tx.run(delete(sign_in_tries).where(sign_in_tries.c.last_at < now - FORGOTTEN_AFTER))
    new = upsert(sign_in_tries).values(address_hash=_hash(tx, address), failed=1, last_at=now)
    more = {"failed": sign_in_tries.c.failed + 1, "last_at": now}
    tx.run(new.on_conflict_do_update(index_elements=["address_hash"], set_=more))


def forget_tries(tx: Tx, address: str) -> None:
    """Somebody got in from there."""
    tx.run(delete(sign_in_tries).where(sign_in_tries.c.address_hash == _hash(tx, address)))


def _hash(tx: Tx, address: str) -> bytes:
    return tx.keyring.digest("address", address)
