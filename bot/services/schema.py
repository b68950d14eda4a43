"""The database's schema: bring it up to date, and ask whether it is."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.storage import migrations


def migrate(rt: Runtime) -> None:
    """Upgrades to the newest schema.

    :raises DatabaseAway: there is no database.
    """
    with rt.database.begin():
        pass
    migrations.migrate(rt.database.engine)


def is_newest(rt: Runtime) -> bool:
    """Whether the schema is the one that this code expects.

    :raises DatabaseAway: there is no database.
    """
    with rt.database.begin() as tx:
        return migrations.current_revision(tx.connection) == migrations.newest_revision()
