"""Starts and stops everything that the demo needs; it knows no patient."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from bot.runtime import Runtime, open_runtime, pause, set_clock_file
from bot.services.schema import migrate
from bot.settings import Settings, child_environment
from bot.standin.server import RunningStandin, start_standin
from bot.standin.settings import Phone, StandinSettings
from bot.storage.check_ins import next_due_at
from bot.storage.embedded import start_embedded, stop_embedded

ACCOUNT, TOKEN = "AC" + "d" * 32, "demo-token-of-no-account"
BOT_NUMBER = "+19135550100"
PATIENCE_S = 60.0
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the pages are; 0 takes a free one."""

    telephones: int = 0
    console: int = 0


class Machine:
    """A context in which everything runs; at its end nothing does."""

    def __init__(
        self, start: datetime, phones: tuple[Phone, ...], ports: Ports, *, opt_out_mode: str = "twilio"
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="follow-up-demo-")
        home = Path(self._folder.name)
        home.chmod(0o755)  # the embedded server runs as a user of its own when root starts it
        self.clock_file = home / "clock.json"
        set_clock_file(self.clock_file, start)
        console_port = ports.console or _free_port()
        self.console_url = f"http://127.0.0.1:{console_port}"
        self._console_port = console_port
        self._database_url = start_embedded(home / "postgres")
        self.standin: RunningStandin = start_standin(
            StandinSettings(
                account_sid=ACCOUNT,
                auth_token=TOKEN,
                bot_url=self.console_url,
                bot_number=BOT_NUMBER,
                phones=phones,
                clock_file=self.clock_file,
                next_stop=self.next_stop,
                links=(("Staff console", self.console_url),),
                time_zone="America/Chicago",
                opt_out_mode="app" if opt_out_mode == "app" else "twilio",
            ),
            port=ports.telephones,
        )
        self._settings = {
            "database_url": self._database_url,
            "bot_data_dir": str(home),
            "public_url": self.console_url,
            "twilio_account_sid": ACCOUNT,
            "twilio_auth_token": TOKEN,
            "twilio_from": BOT_NUMBER,
            "twilio_api_url": self.standin.url,
            "bot_clock_file": str(self.clock_file),
            "opt_out_mode": opt_out_mode,
            "log_level": "warning",
            "config_dir": str(ROOT / "config"),
        }
        self.runtime: Runtime = open_runtime(Settings.model_validate(self._settings))
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Machine:
        migrate(self.runtime)
        self._start("web", "--port", str(self._console_port))
        self._worker = self._start("worker")
        self._wait_until_ready()
        self._start("auditor")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        self.standin.stop()
        self.runtime.database.dispose()
        stop_embedded()
        self._folder.cleanup()

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bot", *arguments]
        environment = child_environment(**self._settings) | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(  # in a folder without .env: the demo never meets a real account
            command, env=environment, cwd=self._folder.name, stdin=subprocess.DEVNULL, start_new_session=True
        )
        self._processes.append(process)
        return process

    def replace_worker(self) -> None:
        """Kills the worker in the middle of whatever it does, and starts another."""
        self._processes.remove(self._worker)
        self._worker.kill()
        self._worker.wait()
        self._worker = self._start("worker")

    def _wait_until_ready(self) -> None:
        for _ in range(int(PATIENCE_S / 0.2)):
            if any(process.poll() is not None for process in self._processes):
                raise RuntimeError("a process of the demo ended at once; its words stand above")
            try:
                with urllib.request.urlopen(f"{self.console_url}/health/ready", timeout=2):  # noqa: S310 - our own address
                    return
            except OSError:
                pause(0.2)
        raise RuntimeError("the demo's processes did not get ready")

    def move_to(self, at: datetime) -> None:
        """Moves the clock of all processes."""
        set_clock_file(self.clock_file, at)

    def next_stop(self) -> datetime | None:
        """When the next check-in is due."""
        with self.runtime.database.begin() as tx:
            return next_due_at(tx)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
