"""10,000 texts due at once while 100 red flags come in: the outbox beside a bare pooled client, same provider."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import urllib3

from bot.exchange.enrolment import EnrolmentIn, read_list
from bot.planning.sending import Kind
from bot.runtime import Runtime, open_runtime
from bot.services.enrolment import enrol_all
from bot.services.schema import migrate
from bot.settings import Settings, child_environment
from bot.storage.alerts import list_open_alerts
from bot.storage.embedded import start_embedded, stop_embedded
from bot.storage.outbox import Draft, keep_outgoing
from bot.storage.phones import get_phone, keep_phone
from bot.vocabulary import Channel
from tests.faults.plant import KIM, ROOT, employ, free_port
from tests.story import ACCOUNT, BOT, TOKEN, document, story_settings

TEXTS, RED_FLAGS, BARE = 10_000, 100, 2_000
RED_FLAG = "I can't feel my legs"
GOAL, PAGED_WITHIN_S = 0.95, 5.0


def measure_sending() -> Iterator[str]:
    """Bare, ours, bare; then how late the pages were."""
    with tempfile.TemporaryDirectory(prefix="follow-up-bench-") as folder, _house(Path(folder)) as house:
        bare = [_bare(house)]
        ours, late = _ours(house)
        bare.append(_bare(house))
        limit = sum(bare) / len(bare)
        what = f"{TEXTS:,} texts due at once, {house.at_once} at a time"
        yield f"{what:44} {ours:11.0f}/s {limit:12.0f}/s {ours / limit:7.2f}  {GOAL} or more"
        what = f"{RED_FLAGS} red flags meanwhile: slowest page"
        yield f"{what:44} {max(late):12.2f} s {PAGED_WITHIN_S:12.0f} s {max(late) / PAGED_WITHIN_S:7.2f}  1 or less"


class House:
    """Provider, web, worker and database, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.web_url = f"http://127.0.0.1:{port}"
        self._provider = subprocess.Popen(
            [sys.executable, "-m", "bench.provider", self.web_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._provider.stdout is not None
        self.provider_url = self._provider.stdout.readline().strip()
        settings = story_settings(start_embedded(folder / "postgres"), self.provider_url, self.web_url, folder / "none")
        del settings["bot_clock_file"]
        self._settings = {name: str(value) for name, value in settings.items()}
        self.runtime: Runtime = open_runtime(Settings.model_validate(self._settings))
        self.at_once = self.runtime.content.sending.at_once.text
        migrate(self.runtime)
        employ(self.runtime)
        self._web = self._run(
            "-m",
            "gunicorn",
            "--workers",
            "1",
            "--bind",
            f"127.0.0.1:{port}",
            "--config",
            str(ROOT / "bot/web/gunicorn_settings.py"),
            "bot.web.app:create_app()",
        )
        self._worker: subprocess.Popen[bytes] | None = None

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = child_environment(**self._settings) | {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen([sys.executable, *arguments], env=environment, stderr=subprocess.DEVNULL)

    def start_worker(self) -> None:
        self._worker = self._run("-m", "bot", "worker")

    def ledger(self, after: int = 0) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.provider_url}/control/ledger?after={after}", timeout=60)
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def stop_worker(self) -> None:
        if self._worker is not None:
            self._worker.terminate()
            self._worker.wait(40)
            self._worker = None

    def stop(self) -> None:
        self.stop_worker()
        for process in (self._web, self._provider):
            process.terminate()
            process.wait(40)
        self.runtime.database.dispose()
        stop_embedded()


@contextmanager
def _house(folder: Path) -> Iterator[House]:
    folder.chmod(0o755)
    house = House(folder)
    try:
        yield house
    finally:
        house.stop()


def _bare(house: House) -> float:
    """Texts a second that a pool of connections and as many threads get out of the provider."""
    pool = urllib3.HTTPConnectionPool(
        "127.0.0.1", int(house.provider_url.rsplit(":", 1)[1]), maxsize=house.at_once, block=True
    )
    headers = {"Authorization": f"Basic {b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}"}
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    def post(number: int) -> None:
        fields = {"To": f"+1816555{number:04}", "From": BOT, "Body": f"bare text {number}"}
        answer = pool.request("POST", path, fields=fields, headers=headers, encode_multipart=False)
        assert answer.status == 201

    begun = time.monotonic()
    with ThreadPoolExecutor(house.at_once) as hands:
        list(hands.map(post, range(BARE)))
    return BARE / (time.monotonic() - begun)


def _ours(house: House) -> tuple[float, list[float]]:
    """Texts a second out of the outbox, and for each red flag the seconds until its first page."""
    _write_rows(house.runtime)
    patients = _enrol(house.runtime)
    before = house.ledger()[-1]["number"]
    house.start_worker()
    texting = threading.Thread(target=_text_red_flags, args=(house, patients))
    while not house.ledger(before):
        time.sleep(0.2)
    texting.start()
    texting.join()
    sent: list[datetime] = []
    while len(sent) < TEXTS:
        time.sleep(1.0)
        entries = house.ledger(before)
        sent = [datetime.fromisoformat(m["at"]) for m in entries if m["body"].startswith("Due text ")]
    house.stop_worker()
    made = [datetime.fromisoformat(m["at"]) for m in entries if m["direction"].startswith("outbound")]
    meanwhile = sum(min(sent) < at <= max(sent) for at in made)  # pages and answers leave in between
    return meanwhile / (max(sent) - min(sent)).total_seconds(), _lateness(house, before)


def _write_rows(rt: Runtime) -> None:
    now = rt.now()
    for first in range(0, TEXTS, 500):
        with rt.database.begin() as tx:
            for number in range(first, first + 500):
                phone = keep_phone(tx, f"+1816{number:07}", now)
                words = f"Due text {number}"
                end = now + timedelta(hours=4)
                keep_outgoing(tx, Draft(words, Kind.CHECK_IN, Channel.TEXT, phone.number, words, end, phone.id), now)


def _enrol(rt: Runtime) -> list[str]:
    numbers = [f"+1913557{number:04}" for number in range(RED_FLAGS)]
    yesterday = (rt.now() - timedelta(hours=3)).replace(tzinfo=None).isoformat()
    people = [document("Amy Stone", number, yesterday) | {"mrn": f"B{number[-5:]}"} for number in numbers]
    enrol_all(rt, read_list(EnrolmentIn, people), "bench")
    return numbers


def _text_red_flags(house: House, numbers: list[str]) -> None:
    """Five a second."""
    for number in numbers:
        told: dict[str, Any] = {"number": number, "body": RED_FLAG, "wait": False}
        requests.post(f"{house.provider_url}/control/texts", json=told, timeout=60)
        time.sleep(0.2)


def _lateness(house: House, before: int) -> list[float]:
    """From the patient's text at the provider to the first page there."""
    entries = house.ledger(before)
    texted = {m["from"]: datetime.fromisoformat(m["at"]) for m in entries if m["direction"] == "inbound"}
    paged: dict[str, datetime] = {}
    for m in entries:
        if m["to"] == KIM and "ACK " in m["body"]:
            paged.setdefault(m["body"].split("ACK ")[1].split()[0], datetime.fromisoformat(m["at"]))
    late = []
    with house.runtime.database.begin() as tx:
        for alert in list_open_alerts(tx):
            assert alert.phone_id is not None
            late.append((paged[alert.code] - texted[get_phone(tx, alert.phone_id).number]).total_seconds())
    assert len(late) == RED_FLAGS, len(late)
    return late
