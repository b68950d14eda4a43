"""Brings a database to the newest schema, by the numbered files in migrations/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

ROOT = Path(__file__).resolve().parents[2]
LOCK = 0x0F011  # any number, the same in every process: two migrations never run at once


def alembic_config() -> Any:
    """Alembic's settings from pyproject.toml."""
    from alembic.config import Config  # noqa: PLC0415 - commands that do not migrate start without it

    config = Config(toml_file=ROOT / "pyproject.toml")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrades to `revision`; does nothing when it is there. Safe to run from several machines at once."""
    from alembic import command  # noqa: PLC0415 - as above

    config = alembic_config()
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def newest_revision() -> str:
    """The number of the newest file in migrations/versions."""
    names = sorted(path.name for path in (ROOT / "migrations" / "versions").glob("[0-9]*_*.py"))
    return names[-1].split("_")[0]


def current_revision(connection: Connection) -> str | None:
    """The database's revision, or None if it was never migrated."""
    there = connection.execute(text("SELECT to_regclass('alembic_version')")).scalar()
    if there is None:
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
