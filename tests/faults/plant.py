"""A clinic of real processes that may be killed: gunicorn with two webs, workers that a supervisor starts again."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import yaml

from bot.exchange.enrolment import EnrolmentIn, RotaIn, StaffIn, read_list
from bot.failpoints import Failpoint
from bot.runtime import Runtime, open_runtime, set_clock_file
from bot.services.enrolment import enrol_all
from bot.services.people import add_staff, set_rota
from bot.settings import Settings, child_environment
from bot.standin.ledger import Ledger
from bot.standin.server import RunningStandin, start_standin
from bot.standin.settings import StandinSettings
from tests.story import ACCOUNT, BOT, CHICAGO, TOKEN, document, story_settings

ROOT = Path(__file__).resolve().parents[2]
KIM, RIVERA = "+19135550190", "+19135550191"
NOON = datetime(2026, 3, 3, 12, 0, tzinfo=CHICAGO)
# Times of config/sending.yaml that would make every test wait; what they are for stays the same.
QUICK: Mapping[str, Any] = {
    "lease_s": 3,
    "start_within_s": 1,
    "look_every_s": 1,
    "absent_after_s": {"page": 1, "reply": 2, "check_in": 2},
    "fetch_after_s": {"page": 3, "reply": 5, "check_in": 5},
    "sweep": {"every_s": 1, "overlap_minutes": 10, "late_after_minutes": 2},
}
Found = TypeVar("Found")


class Plant:
    """Everything that runs. `killed` counts the deaths that the supervisor saw."""

    def __init__(self, database_url: str, folder: Path, *, workers: int, sending: Mapping[str, Any]) -> None:
        self.folder, self.points = folder, folder / "points"
        self.points.mkdir()
        self.clock_file = folder / "clock.json"
        set_clock_file(self.clock_file, NOON)
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.standin: RunningStandin = start_standin(
            StandinSettings(ACCOUNT, TOKEN, self.url, bot_number=BOT, delay_seconds=0.05, opt_out_mode="app",
                            clock_file=self.clock_file, call_pace=0.01)
        )  # by rows, not an item a line  # fmt: skip
        more = {
            "config_dir": str(changed_config(folder, sending)),
            "failpoints_dir": str(self.points),
            "database_pool": "8",
        }
        self._settings = {
            name: str(value)
            for name, value in story_settings(database_url, self.standin.url, self.url, self.clock_file, **more).items()
        }
        self.runtime: Runtime = open_runtime(Settings.model_validate(self._settings | {"failpoints_dir": None}))
        self.killed = 0
        self._wanted = workers
        self._workers: list[subprocess.Popen[bytes]] = []
        self._gunicorn: subprocess.Popen[bytes] | None = None
        self._auditor: subprocess.Popen[bytes] | None = None
        self._over, self._resting = threading.Event(), threading.Event()
        self._people = 0

    @property
    def ledger(self) -> Ledger:
        return self.standin.ledger

    def start(self, *, auditor: bool = False) -> None:
        """Web, workers, and the one who starts them again; the auditor where it is wanted."""
        self._gunicorn = self._run(
            "-m",
            "gunicorn",
            "--preload",
            "--workers",
            "2",
            "--bind",
            f"127.0.0.1:{self._port}",
            "--config",
            str(ROOT / "bot/web/gunicorn_settings.py"),
            "--log-level",
            "critical",
            "bot.web.app:create_app()",
        )
        self._workers = [self._run("-m", "bot", "worker") for _ in range(self._wanted)]
        self._auditor = self._run("-m", "bot", "auditor") if auditor else None
        self.wait_until(self.is_ready, 40, "the processes are ready")
        threading.Thread(target=self._supervise, daemon=True).start()

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = child_environment(**self._settings) | {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            [sys.executable, *arguments], env=environment, cwd=self.folder, stdin=subprocess.DEVNULL
        )

    def _supervise(self) -> None:
        """As a host does: what died is started again."""
        while not self._over.wait(0.05):
            for index, process in enumerate([] if self._resting.is_set() else self._workers):
                if process.poll() is not None and not self._over.is_set():
                    self.killed += 1
                    self._workers[index] = self._run("-m", "bot", "worker")

    def is_ready(self) -> bool:
        return self._is_fine("ready")

    def is_live(self) -> bool:
        return self._is_fine("live")

    def _is_fine(self, what: str) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/{what}", timeout=8) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def worker_pids(self) -> list[int]:
        return [process.pid for process in self._workers]

    def web_pids(self) -> list[int]:
        """gunicorn's children."""
        if self._gunicorn is None:
            return []
        children = Path(f"/proc/{self._gunicorn.pid}/task/{self._gunicorn.pid}/children")
        return [int(pid) for pid in children.read_text(encoding="ascii").split()]

    @contextmanager
    def workers_asked_to_stop(self, patience: float = 30) -> Iterator[list[int]]:
        """SIGTERM to every worker; their exit codes, and nobody works until it is over."""
        self.wait_until(lambda: all(map(_listens_to_sigterm, self.worker_pids())), patience, "workers are at work")
        self._resting.set()
        try:
            for process in self._workers:
                process.send_signal(signal.SIGTERM)
            yield [process.wait(patience) for process in self._workers]
        finally:
            self._resting.clear()

    def stop(self) -> None:
        """Nothing runs afterwards."""
        self._over.set()
        for process in self._workers:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        if self._gunicorn is not None:
            self._gunicorn.send_signal(signal.SIGQUIT)  # at once: the graceful end waits 10 s for idle connections
        if self._auditor is not None:
            self._auditor.terminate()
        for process in (*self._workers, *filter(None, [self._gunicorn, self._auditor])):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        self.standin.stop()
        self.runtime.gateway.close()
        self.runtime.database.dispose()

    def enrols(self, count: int = 1, *, at: datetime | None = None) -> list[str]:
        """New patients whose day 1 is today, so that their check-in is due; their numbers."""
        first = self._people
        self._people += count
        numbers = [f"+1913556{number:04}" for number in range(first, first + count)]
        when = (at or NOON - timedelta(days=1)).replace(tzinfo=None).isoformat()
        people = [document("Amy Stone", number, when) | {"mrn": f"P{number[-5:]}"} for number in numbers]
        enrol_all(self.runtime, read_list(EnrolmentIn, people), "test")
        return numbers

    def arm(self, point: Failpoint, action: str = "kill") -> None:
        """The next process that comes there ends."""
        draft = self.points / f"draft-{uuid4().hex}"
        draft.write_text(action, encoding="ascii")
        draft.rename(self.points / point.value)

    def is_armed(self, point: Failpoint) -> bool:
        return (self.points / point.value).exists()

    def wait_until(self, look: Callable[[], Found | None], seconds: float, what: str) -> Found:
        """What `look` finds; a failed test that says `what` if it finds nothing in time."""
        given_up_at = time.monotonic() + seconds
        while time.monotonic() < given_up_at:
            found = look()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"not within {seconds:.0f} s: {what}")


def _listens_to_sigterm(pid: int) -> bool:
    """Whether it has come so far as to handle the signal itself."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False
    caught = int(status.split("SigCgt:")[1].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def employ(rt: Runtime) -> None:
    """Two people on call."""
    people = [
        {"username": name, "name": name.title(), "phone": number, "role": "clinician", "password": "secret-secret"}
        for name, number in (("kim", KIM), ("rivera", RIVERA))
    ]
    add_staff(rt, read_list(StaffIn, people), "test")
    entries = [{"username": "kim", "tier": 1}, {"username": "rivera", "tier": 2}]
    set_rota(rt, read_list(RotaIn, entries), "test")


def changed_config(folder: Path, sending: Mapping[str, Any]) -> Path:
    """A copy of config/ with other times of sending."""
    copy = folder / "config"
    shutil.copytree(ROOT / "config", copy)
    rules = yaml.safe_load((copy / "sending.yaml").read_text(encoding="utf-8"))
    (copy / "sending.yaml").write_text(yaml.safe_dump(rules | dict(sending)), encoding="utf-8")
    return copy


@contextmanager
def running_plant(
    database_url: str,
    folder: Path,
    *,
    workers: int = 2,
    sending: Mapping[str, Any] = QUICK,
    staff: Callable[[Runtime], None] | None = employ,
    auditor: bool = False,
) -> Iterator[Plant]:
    """A plant with its staff, ready."""
    plant = Plant(database_url, folder, workers=workers, sending=sending)
    try:
        if staff is not None:
            staff(plant.runtime)
        plant.start(auditor=auditor)
        yield plant
    finally:
        plant.stop()


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
