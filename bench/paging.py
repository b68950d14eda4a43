"""From a red flag's webhook to the page's request at the provider, with normal texts between; beside a bare insert and
post in the same run (PERFORMANCE.md, "Goals"). Real processes: one web, one worker."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import quantiles
from uuid import uuid4

import requests

from bot.demo.machine import Machine, Ports
from bot.demo.people import KIM, PHONES, employ
from bot.exchange.enrolment import EnrolmentIn, read_list
from bot.runtime import set_clock_file
from bot.services.enrolment import enrol_all
from bot.storage.alerts import list_open_alerts
from bot.storage.audit import note
from bot.storage.phones import get_phone

RED_FLAGS, NORMAL_EACH = 500, 2
START = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)
WARM_UP = 10  # the first page of a process imports the provider's SDK; these are sent and not counted
EVERY_S = 0.2  # 5 red flags and 10 normal texts a second: no queue of our own making
RED, NORMAL = "I can't move my leg", "feeling better today, thank you"


def measure_paging(red_flags: int = RED_FLAGS) -> Iterator[str]:
    """Rows of the table: median and 99th percentile, ours and the limit's."""
    with Machine(START - timedelta(hours=4), PHONES, Ports()) as machine:
        employ(machine.runtime)
        _enrol(machine, red_flags + WARM_UP)
        set_clock_file(machine.clock_file, START, rate=0.001)  # repeats about 500 open alerts are not what is measured
        ours, limit = _run(machine, red_flags + WARM_UP)
    for name, place in (("p50", 49), ("p99", 98)):
        mine, theirs = (quantiles(times, n=100)[place] * 1000 for times in (ours, limit))
        what = f"red flag to page request, {name} (insert and post)"
        yield f"{what:44} {mine:11.1f} ms {theirs:11.1f} ms {mine / theirs:7.2f}  {'250 ms' if place == 98 else '5x'}"
    yield f"{'pages requested, of so many red flags':44} {len(ours):14} {red_flags:14} {len(ours) / red_flags:7.2f}  1"


def _number(place: int) -> str:
    return f"+1913556{place:04}"


def _enrol(machine: Machine, count: int) -> None:
    documents = [
        {
            "mrn": f"B-{n}", "name": f"Bench {n}", "born_on": "1990-01-01", "phone": _number(1000 + n),
            "time_zone": "America/Chicago", "baseline_pain": 6,
            "procedure": {"protocol": "pars_injection", "at": (START - timedelta(hours=6)).isoformat()},
            "consent": {"by": "patient", "method": "paper", "at": "2026-01-01T10:00:00-06:00", "wording": "2026-01"},
        }
        for n in range(count * (1 + NORMAL_EACH))
    ]  # by rows, not an item a line  # fmt: skip
    for start in range(0, len(documents), 100):
        enrol_all(machine.runtime, read_list(EnrolmentIn, documents[start : start + 100]), "bench")


def _run(machine: Machine, red_flags: int) -> tuple[list[float], list[float]]:
    """Seconds from each red flag's webhook to its page's request, and of a bare insert and post in between."""
    sent: dict[str, float] = {}
    limit: list[float] = []
    writers: list[threading.Thread] = []
    with _provider() as url:
        bare = requests.Session()
        bare.trust_env = False
        for n in range(red_flags):
            number = _number(1000 + n * (1 + NORMAL_EACH))
            sent[number] = time.time()
            texts = [(number, RED)] + [
                (_number(1000 + n * (1 + NORMAL_EACH) + k + 1), NORMAL) for k in range(NORMAL_EACH)
            ]
            for to, words in texts:
                writers.append(threading.Thread(target=machine.standin.phone_texts, args=(to, words)))
                writers[-1].start()
            time.sleep(EVERY_S)
            limit.append(_insert_and_post(machine, bare, url))
        bare.close()
    for writer in writers:
        writer.join(60)
    machine.standin.ledger.wait_for(lambda: len(_pages(machine)) >= red_flags, 60)
    return _delays(machine, sent), limit


def _pages(machine: Machine) -> list[tuple[str, float]]:
    """The code of each first page, and when its request arrived at the stand-in."""
    found = [m for m in machine.standin.ledger.texts_to(KIM) if "ACK " in m.body and "(page" not in m.body]
    return [(m.body.split("ACK ")[1].split()[0], m.created_at.timestamp()) for m in found]


def _delays(machine: Machine, sent: dict[str, float]) -> list[float]:
    """Each page beside the text that caused it, by the alert's own phone."""
    with machine.runtime.database.begin() as tx:
        caused_by = {a.code: get_phone(tx, a.phone_id).number for a in list_open_alerts(tx) if a.phone_id is not None}
    return [at - sent[caused_by[code]] for code, at in _pages(machine) if caused_by.get(code) in sent][WARM_UP:]


def _insert_and_post(machine: Machine, bare: requests.Session, url: str) -> float:
    """What no design can beat: one row committed, one request answered."""
    start = time.perf_counter()
    with machine.runtime.database.begin() as tx:
        note(tx, who="bench", did="bare_insert", now=START, about=str(uuid4()))
    bare.post(url, data={"To": KIM, "Body": "x" * 120}, timeout=10).close()
    return time.perf_counter() - start


class _Answer(BaseHTTPRequestHandler):
    """A provider that answers at once."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = json.dumps({"sid": uuid4().hex}).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Silence."""


@contextmanager
def _provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
