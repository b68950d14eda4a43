"""The lanes to the provider: whether one is held, what a number may still send, how far the sweep has come.
Every instant here is the database's: all workers share it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from bot.storage.database import Tx


def is_held(tx: Tx, name: str) -> bool:
    """Whether the lane waits for trouble to pass."""
    query = text("SELECT 1 FROM lanes WHERE name = :name AND held_until > clock_timestamp()")
    return tx.find(query.bindparams(name=name)) is not None


def hold(tx: Tx, name: str, seconds: int, why: str) -> None:
    """Nothing leaves in this lane for so long."""
    query = text(
        "INSERT INTO lanes (name, held_until, held_for)"
        " VALUES (:name, clock_timestamp() + :seconds * interval '1 second', :why)"
        " ON CONFLICT (name) DO UPDATE SET held_until = excluded.held_until, held_for = excluded.held_for"
    )
    tx.run(query.bindparams(name=name, seconds=seconds, why=why))


def claim_allowance(tx: Tx, name: str, per_second: int, wanted: int) -> int:
    """How many of these texts the number may send now; they are taken from what it may send in the next second."""
    tx.run(text("INSERT INTO lanes (name) VALUES (:name) ON CONFLICT DO NOTHING").bindparams(name=name))
    query = text(
        "SELECT greatest(0, floor(extract(epoch FROM clock_timestamp() + interval '1 second'"
        " - greatest(coalesce(free_at, clock_timestamp()), clock_timestamp())) * :rate))::int AS free"
        " FROM lanes WHERE name = :name FOR UPDATE"
    )
    row = tx.find(query.bindparams(name=name, rate=per_second))
    granted = min(wanted, 0 if row is None else int(row.free))
    charge(tx, name, per_second, granted)
    return granted


def charge(tx: Tx, name: str, per_second: int, texts: int) -> None:
    """The number sends so many texts; those that come after them wait accordingly."""
    query = text(
        "UPDATE lanes SET free_at = greatest(coalesce(free_at, clock_timestamp()), clock_timestamp())"
        " + :seconds * interval '1 second' WHERE name = :name"
    )
    tx.run(query.bindparams(name=name, seconds=texts / per_second))


def claim_round(tx: Tx, name: str, every_s: int) -> bool:
    """Whether this worker does the round that is due; the others find it done."""
    tx.run(text("INSERT INTO lanes (name) VALUES (:name) ON CONFLICT DO NOTHING").bindparams(name=name))
    query = text(
        "UPDATE lanes SET held_until = clock_timestamp() + :seconds * interval '1 second'"
        " WHERE name = :name AND (held_until IS NULL OR held_until <= clock_timestamp())"
    )
    return bool(tx.run(query.bindparams(name=name, seconds=every_s)))


def database_now(tx: Tx) -> datetime:
    """The database's clock."""
    row = tx.find(text("SELECT clock_timestamp() AS at"))
    assert row is not None
    at: datetime = row.at
    return at


def done_until(tx: Tx, name: str) -> datetime | None:
    """How far the round has come; None before the first."""
    row = tx.find(text("SELECT done_until FROM lanes WHERE name = :name").bindparams(name=name))
    return None if row is None else row.done_until


def note_done(tx: Tx, name: str, until: datetime) -> None:
    """Everything before `until` is done."""
    tx.run(
        text("UPDATE lanes SET done_until = greatest(done_until, :until) WHERE name = :name").bindparams(
            name=name, until=until
        )
    )
