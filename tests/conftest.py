"""What tests share: a real PostgreSQL with a fresh database for each test, and the content of config/."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from bot.content.load import ClinicContent, load_content
from bot.services.people import HASHER
from bot.storage.database import Database
from bot.storage.embedded import start_embedded, stop_embedded
from bot.storage.migrations import migrate
from bot.storage.sealing import Keyring
from bot.triage.sort import Lexicon, compile_lexicon
from tests.story import Clinic, Telephone, running_clinic

ROOT = Path(__file__).resolve().parents[1]
KEYRING = Keyring((("test", b"t" * 32),))
TEMPLATE = "follow_up_template"
ROOM = 4 * 2**30  # bytes
UNSAFE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--regenerate-transcripts` writes tests/stories/transcripts/*.txt anew."""
    parser.addoption("--regenerate-transcripts", action="store_true", help="write the golden transcripts anew")


@pytest.fixture(scope="session", autouse=True)
def _quick_where_it_proves_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Passwords are hashed cheaply and templates are compiled once a run: a third of what a console test
    computes."""
    HASHER.__init__(time_cost=1, memory_cost=8, parallelism=1)  # type: ignore[misc]  # three modules hold this very object
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))}


def in_memory() -> str | None:
    """A folder of this machine's memory, if it has room: making a database there takes a twentieth of the time."""
    shm = Path("/dev/shm")
    return str(shm) if shm.is_dir() and shutil.disk_usage(shm).free > ROOM else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server of this run's own, with a migrated template database."""
    with tempfile.TemporaryDirectory(prefix="follow-up-test-", dir=in_memory()) as folder:
        Path(folder).chmod(0o755)
        url = start_embedded(Path(folder) / "postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in (*UNSAFE, "max_wal_size = '256MB'"):
                connection.execute(f"ALTER SYSTEM SET {setting}".encode())
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"CREATE DATABASE {TEMPLATE}".encode())
        template = Database(named(url, TEMPLATE), KEYRING)
        migrate(template.engine)
        template.dispose()
        yield url
        stop_embedded()


def named(url: str, database: str) -> str:
    """The same server, another database."""
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{database}?{query}"


@contextmanager
def fresh_database(postgres: str) -> Iterator[str]:
    """A migrated database on that server, gone afterwards."""
    name = f"t_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}".encode())
        yield named(postgres, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def database_url(postgres: str) -> Iterator[str]:
    """A migrated database that only this test uses."""
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The bot's own way into it."""
    opened = Database(database_url, KEYRING)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def content() -> ClinicContent:
    """config/ as it is."""
    return load_content(ROOT / "config")


@pytest.fixture(scope="session")
def lexicon(content: ClinicContent) -> Lexicon:
    """Its words, compiled."""
    return compile_lexicon(content.words, content.red_flags, content.ear)


@pytest.fixture
def parts(database: Database, database_url: str, content: ClinicContent, lexicon: Lexicon) -> dict[str, Any]:
    """What a running clinic is made of; a test may add `settings`."""
    return {"database": database, "database_url": database_url, "content": content, "lexicon": lexicon}


@pytest.fixture
def clinic(parts: dict[str, Any], tmp_path: Path) -> Iterator[Clinic]:
    """A running clinic at noon of Monday, March 2nd 2026, with nobody in it."""
    with running_clinic(parts, tmp_path) as running:
        yield running


@pytest.fixture
def kim(clinic: Clinic) -> Telephone:
    """The nurse who is paged first."""
    return clinic.employs("kim", "+19135550190", tier=1)


@pytest.fixture
def rivera(clinic: Clinic, kim: Telephone) -> Telephone:
    """The clinician who is paged next."""
    return clinic.employs("rivera", "+19135550191", tier=2, role="clinician")


@pytest.fixture
def amy(clinic: Clinic) -> Telephone:
    """A patient injected this morning at half past nine."""
    return clinic.enrols("Amy Stone", "+19135550111", at="2026-03-02 09:30")
