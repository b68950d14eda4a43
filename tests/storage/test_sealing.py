"""What identifies a patient is sealed, bound to its place, and found by a keyed hash."""

from __future__ import annotations

import base64
import stat
import threading
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.storage.database import Database
from bot.storage.sealing import Keyring, KeysError, SealError, keep_generated_key, read_keys
from bot.storage.tables import metadata
from tests.story import Clinic, Telephone

OLD, NEW = Keyring((("a", b"1" * 32),)), Keyring((("b", b"2" * 32), ("a", b"1" * 32)))


def test_a_value_comes_back_from_its_own_row_and_from_no_other() -> None:
    row = uuid4()
    sealed = OLD.seal("patients.name", row, "Zoë Núñez")
    assert OLD.open("patients.name", row, sealed) == "Zoë Núñez"
    for place, other in (("patients.mrn", row), ("patients.name", uuid4())):
        with pytest.raises(SealError):
            OLD.open(place, other, sealed)
    with pytest.raises(SealError):
        OLD.open("patients.name", row, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_the_same_value_never_looks_the_same_twice() -> None:
    row = uuid4()
    assert OLD.seal("t.c", row, "x") != OLD.seal("t.c", row, "x")


def test_an_old_key_still_opens_and_finds_after_a_new_one_came() -> None:
    row = uuid4()
    assert NEW.open("t.c", row, OLD.seal("t.c", row, "x")) == "x"
    assert OLD.digest("number", "+19135550101") in NEW.digests("number", "+19135550101")
    with pytest.raises(SealError):
        OLD.open("t.c", row, NEW.seal("t.c", row, "x"))


@pytest.mark.parametrize(
    "keys", ["", "nonsense", "k1:short", "k1:" + base64.b64encode(b"x" * 31).decode(), ":" + "A" * 44]
)
def test_wrong_keys_are_refused_in_one_line_without_the_key(keys: str) -> None:
    with pytest.raises(KeysError) as refused:
        read_keys(keys)
    assert "BOT_KEYS" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not keys or keys.rsplit(":", maxsplit=1)[-1] not in str(refused.value)


def test_processes_that_start_at_once_share_one_generated_key(tmp_path: Path) -> None:
    found: list[Keyring] = []
    threads = [threading.Thread(target=lambda: found.append(keep_generated_key(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert stat.S_IMODE((tmp_path / "bot_keys").stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["bot_keys"]


def test_no_name_number_or_word_stands_readable_in_any_table(
    clinic: Clinic, kim: Telephone, database: Database
) -> None:
    """A patient, a red flag, a page and a closed alert: the dump of every column holds none of it."""
    zed = clinic.enrols(
        "Zebulon Quartz", "+19135550123", at="2026-03-02 09:30", mrn="MRN-XYZZY-9", history=["old fjord numbness"]
    )
    zed.texts("I have a fever of 102 and my hovercraft is full of eels")
    kim.is_paged()
    private = ["Zebulon", "Quartz", "9135550123", "XYZZY", "fjord", "hovercraft", "eels", "9135550190"]
    with database.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(text(f"SELECT * FROM {table.name}")).all():
                shown = " ".join(
                    bytes(v).decode("latin-1") if isinstance(v, memoryview | bytes) else str(v) for v in row
                )
                assert not [word for word in private if word in shown], table.name
