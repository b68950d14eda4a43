"""The auditor proves that paging moves, says when it does not, and is missed when it stops."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from bot import auditor
from bot.planning.audit_rules import Trouble
from bot.services import auditing
from bot.services.alerts import page_due
from bot.services.auditing import audit
from bot.services.doctor import Colour, examine
from bot.services.texts import answer_waiting
from tests.story import Clinic, Telephone, running_clinic

LEG = "I can't move my leg"


class Switch(HTTPServer):
    """A dead-man's switch that counts its pings."""

    def __init__(self) -> None:
        self.pings: list[str] = []

        class Ping(BaseHTTPRequestHandler):
            def do_GET(handler) -> None:  # noqa: N805 - the library's name; the switch is `self`
                self.pings.append(handler.path)
                handler.send_response(200)
                handler.end_headers()

            def log_message(handler, format: str, *args: object) -> None:  # noqa: A002, N805 - as above
                """Silence."""

        super().__init__(("127.0.0.1", 0), Ping)


@pytest.fixture
def switch() -> Iterator[Switch]:
    server = Switch()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def watched(parts: dict[str, Any], tmp_path: Path, switch: Switch) -> Iterator[Clinic]:
    """A clinic whose worker has died, with a switch outside."""
    more = {"settings": {"watchdog_url": f"http://127.0.0.1:{switch.server_port}/ping/secret"}}
    with running_clinic(parts | more, tmp_path, with_worker=False) as running:
        yield running


def ready(clinic: Clinic) -> tuple[int, dict[str, Any]]:
    with requests.get(f"{clinic.runtime.settings.public_url}/health/ready", timeout=10) as answer:
        return answer.status_code, answer.json()


def test_a_clean_audit_pings_the_switch_and_a_stale_one_is_red(clinic: Clinic, kim: Telephone, amy: Telephone) -> None:
    assert ready(clinic) == (200, {"ready": True, "database": True, "worker": True, "audit": "never"})
    assert "No audit has ever run" in clinic.desk("kim").opens("/")
    assert audit(clinic.runtime, lambda _: None) == frozenset()
    assert ready(clinic)[1]["audit"] == "clean"
    amy.texts(LEG)
    kim.is_paged()
    assert audit(clinic.runtime, lambda _: None) == frozenset()
    clinic.wait(minutes=4)
    kim.is_called()
    stale = (200, {"ready": True, "database": True, "worker": True, "audit": "stale"})
    _until(lambda: ready(clinic) == stale)
    assert "The audit is stale" in clinic.desk("kim").opens("/")


def test_without_a_worker_the_audit_finds_everything_that_stands_still(watched: Clinic, switch: Switch) -> None:
    """Page never sent, alert never looked at again, no heartbeat: three troubles, no ping, red everywhere."""
    kim = watched.employs("kim", "+19135550190", tier=1)
    amy = watched.enrols("Amy Stone", "+19135550111", at="2026-03-02 09:30")
    amy.texts(LEG)
    watched.wait(minutes=12)
    waits: list[float] = []
    found = {problem.trouble for problem in audit(watched.runtime, waits.append)}
    assert found == {Trouble.NO_WORKER, Trouble.NO_NEXT_PAGE, Trouble.NOT_PAGED, Trouble.PAGE_NOT_SENT}
    assert waits == [10.0]
    assert switch.pings == []
    assert kim.bodies == []
    assert "The audit found something" in watched.desk("kim").opens("/")
    lines = examine(watched.runtime)
    red = {line.what for line in lines if line.colour is Colour.RED}
    assert {"worker", "audit", "fallback"} <= red
    assert not any("+1913" in line.words for line in lines)


def test_what_a_worker_mends_between_two_looks_is_no_trouble(watched: Clinic, switch: Switch) -> None:
    """The clock jumped: the first look finds an alert that stands still, by the second it moves."""
    watched.employs("kim", "+19135550190", tier=1)
    amy = watched.enrols("Amy Stone", "+19135550111", at="2026-03-02 09:30")
    amy.texts(LEG)
    watched.wait(minutes=12)

    def worker(_: float) -> None:
        answer_waiting(watched.runtime)
        page_due(watched.runtime)

    found = {problem.trouble for problem in audit(watched.runtime, worker)}
    assert found == {Trouble.NO_WORKER, Trouble.PAGE_NOT_SENT}


def test_the_auditor_audits_at_once_and_again_when_the_clock_has_moved(
    parts: dict[str, Any], tmp_path: Path, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of its own: clean, pinged, and not fooled by a clock that jumps a day."""
    more = {"settings": {"watchdog_url": f"http://127.0.0.1:{switch.server_port}/ping/secret"}}
    monkeypatch.setattr(auditing, "SECOND_LOOK_S", 4.0)  # the worker here beats every two seconds
    stop = threading.Event()
    with running_clinic(parts | more, tmp_path) as clinic:
        clinic.employs("kim", "+19135550190", tier=1)
        thread = threading.Thread(target=auditor.run_until, args=(clinic.runtime, stop), daemon=True)
        thread.start()
        try:
            _until(lambda: switch.pings == ["/ping/secret"])
            clinic.wait(days=1)
            _until(lambda: len(switch.pings) == 2)
            assert ready(clinic)[1]["audit"] == "clean"
        finally:
            stop.set()
            thread.join(10)


def _until(look: Any) -> None:
    for _ in range(200):
        if look():
            return
        threading.Event().wait(0.1)
    raise AssertionError("waited 20 s in vain")
