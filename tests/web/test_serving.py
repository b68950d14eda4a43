"""`python -m bot web`, the process: it stops when it is told to, and cuts nobody off."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from socket import socket

import pytest
import requests
from sqlalchemy import text

from bot.settings import child_environment
from bot.storage.database import Database
from tests.story import story_settings
from tests.web.conftest import WAITS

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_up(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/live", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_whoever_asked_before_the_stop_is_answered(
    database_url: str, database: Database, tmp_path: Path, number: signal.Signals
) -> None:
    """The answer waits for a table; a browser's second connection stays open and holds nobody up."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = story_settings(database_url, "http://127.0.0.1:1", url, tmp_path / "clock.json")
    environment = child_environment(**{name: str(value) for name, value in settings.items()}) | {
        "PYTHONPATH": str(ROOT)
    }
    web = subprocess.Popen([sys.executable, "-m", "bot", "web", "--port", str(port)], env=environment, cwd=tmp_path)
    try:
        while not is_up(url):
            assert web.poll() is None
        with requests.Session() as idle, ThreadPoolExecutor(1) as asker:
            assert idle.get(f"{url}/health/live", timeout=5).ok
            with database.begin() as tx:
                tx.run(text("LOCK TABLE heartbeats IN ACCESS EXCLUSIVE MODE"))
                answer = asker.submit(requests.get, f"{url}/health/ready", timeout=20)
                with database.begin() as looking:
                    while not looking.connection.exec_driver_sql(WAITS).first():
                        assert not answer.done()
                web.send_signal(number)
                with pytest.raises(subprocess.TimeoutExpired):
                    web.wait(1.5)
            assert answer.result().json()["database"] is True
            assert web.wait(10) == 0
    finally:
        web.kill()
        web.wait()
