"""Checks the migrations on a database of its own: up, the same as the tables say, down, and up again."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.storage.database import Database
from bot.storage.embedded import start_embedded, stop_embedded
from bot.storage.migrations import ROOT, alembic_config, current_revision, migrate, newest_revision
from bot.storage.sealing import Keyring
from bot.storage.tables import metadata


def check(database: Database) -> list[str]:
    """What is wrong, a line each."""
    problems = [
        f"{path.name}: must start with four digits"
        for path in (ROOT / "migrations" / "versions").glob("*.py")
        if not re.match(r"\d{4}_[a-z0-9_]+\.py$", path.name)
    ]
    problems += [
        f"{path.name}: must not import the bot's tables"
        for path in (ROOT / "migrations" / "versions").glob("*.py")
        if "from bot" in path.read_text(encoding="utf-8")
    ]
    migrate(database.engine)
    with database.engine.connect() as connection:
        if current_revision(connection) != newest_revision():
            problems.append("the newest file is not the newest revision")
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        problems += [f"migrations and storage/tables.py differ: {d}" for d in compare_metadata(context, metadata)]
    with database.engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    migrate(database.engine)
    return problems


def main() -> None:
    """Exit 1 with what is wrong."""
    with tempfile.TemporaryDirectory(prefix="follow-up-migrations-") as folder:
        Path(folder).chmod(0o755)
        url = start_embedded(Path(folder) / "postgres")
        database = Database(url, Keyring((("check", b"c" * 32),)))
        problems = check(database)
        database.dispose()
        stop_embedded()
    for problem in problems:
        print(problem)
    print("migrations: up, equal, down, up" if not problems else f"migrations: {len(problems)} problem(s)")
    sys.exit(bool(problems))


main()
