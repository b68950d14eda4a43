"""A database that cannot serve says so in one way, whatever the reason."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from sqlalchemy import text

from bot.storage import database as storage
from bot.storage.database import Database, DatabaseAway
from tests.conftest import KEYRING


def test_with_every_connection_in_use_the_database_is_away(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook then answers 5xx in time, and what was open goes on."""
    monkeypatch.setattr(storage, "CONNECT_S", 1)
    crowded = Database(database_url, KEYRING, pool=1)
    with ExitStack() as held:
        open_now = [held.enter_context(crowded.begin()) for _ in range(2)]  # the pool, and as many on top
        with pytest.raises(DatabaseAway, match="in use"), crowded.begin():
            pass
        assert all(tx.find(text("SELECT 1")) == (1,) for tx in open_now)
    crowded.dispose()
