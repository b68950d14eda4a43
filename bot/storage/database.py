"""One PostgreSQL: transactions, notifications, the schema's version. It knows no noun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, Executable, Row, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.storage.sealing import Keyring, SealError

WAKE = "bot_wake"  # NOTIFY channel: something urgent waits in the outbox
CONNECT_S = 5
STATEMENT_MS = 8_000  # a webhook must have answered within 10 s, also when the database hangs (CONTRACT.md)


class DatabaseAway(Exception):
    """The database cannot be reached or has hung up; what was not committed did not happen."""


class AlreadyThere(Exception):
    """A unique index refused a row: another process was first."""


@dataclass(frozen=True, slots=True)
class Tx:
    """One open transaction, with the keys that open and seal its rows."""

    connection: Connection
    keyring: Keyring

    def run(self, statement: Executable, rows: Sequence[dict[str, Any]] | None = None) -> int:
        """Executes and says how many rows were touched; SQLAlchemy forgets it for INSERT unless it is told not to."""
        return self.connection.execute(statement, rows, execution_options={"preserve_rowcount": True}).rowcount

    def find(self, statement: Executable) -> Row[Any] | None:
        """The first row, or None."""
        return self.connection.execute(statement).first()

    def list(self, statement: Executable) -> Sequence[Row[Any]]:
        """Every row."""
        return self.connection.execute(statement).all()

    def wake(self) -> None:
        """Wakes the workers when this transaction commits. Only for what is urgent: it slows commits."""
        self.connection.execute(text(f"NOTIFY {WAKE}"))

    def seal(self, place: str, row_id: UUID, value: str) -> bytes:
        """`value` sealed for this row and column."""
        return self.keyring.seal(place, row_id, value)

    def open(self, place: str, row_id: UUID, sealed: bytes) -> str:
        """What was sealed.

        :raises SealError: the value cannot be opened.
        """
        return self.keyring.open(place, row_id, sealed)

    def open_or(self, place: str, row_id: UUID, sealed: bytes | None, default: str | None) -> str | None:
        """What was sealed, or `default` where there is nothing or it cannot be opened: one row stops no walk."""
        try:
            return default if sealed is None else self.keyring.open(place, row_id, sealed)
        except SealError:
            return default


class Database:
    """The engine and the keys; every process has one."""

    def __init__(self, url: str, keyring: Keyring, *, pool: int = 5) -> None:
        self._url = normal_url(url)
        self._keyring = keyring
        self._engine = create_engine(
            self._url,
            pool_size=pool,
            max_overflow=pool,
            pool_pre_ping=True,
            pool_timeout=CONNECT_S,
            connect_args={
                "connect_timeout": CONNECT_S,
                "options": f"-c statement_timeout={STATEMENT_MS} -c timezone=UTC"
                " -c idle_in_transaction_session_timeout=30000",
            },
        )

    @property
    def engine(self) -> Engine:
        return self._engine

    @property
    def keyring(self) -> Keyring:
        return self._keyring

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction that commits at the end of the block and rolls back on any exception.

        :raises DatabaseAway: no connection, none free in time, or it was lost on the way.
        :raises AlreadyThere: a unique index refused a row.
        """
        try:
            with self._engine.begin() as connection:
                yield Tx(connection, self._keyring)
        except IntegrityError as error:
            raise AlreadyThere(type(error.orig).__name__) from error
        except NoConnectionFree as error:
            raise DatabaseAway("every connection of this process is in use") from error
        except OperationalError as error:
            raise DatabaseAway(type(error.orig).__name__) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseAway(type(error.orig).__name__) from error
            raise

    @contextmanager
    def listening(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection of its own that hears WAKE.

        :raises DatabaseAway: no connection.
        """
        url = make_url(self._url).set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_S) as connection:
                connection.execute(f"LISTEN {WAKE}")
                yield connection
        except psycopg.OperationalError as error:
            raise DatabaseAway(type(error).__name__) from error

    def dispose(self) -> None:
        """Closes every connection."""
        self._engine.dispose()


def hear(connection: psycopg.Connection[Any], seconds: float) -> bool:
    """Waits so long for WAKE; True if it came.

    :raises DatabaseAway: the connection is gone.
    """
    try:
        return bool(list(connection.notifies(timeout=seconds, stop_after=1)))
    except psycopg.OperationalError as error:
        raise DatabaseAway(type(error).__name__) from error


def normal_url(url: str) -> str:
    """Both spellings that hosts hand out, for the one driver."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
