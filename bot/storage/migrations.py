"""Brings a database to the newest schema, by the numbered files in migrations/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

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
    from alembic import command  # noqa: PLC0415

    config = alembic_config()
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_newest(engine: Engine) -> bool:
    """Whether the database has the schema that this code expects."""
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return bool(current == ScriptDirectory.from_config(alembic_config()).get_current_head())
