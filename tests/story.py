"""A clinic to tell stories in: real web, worker and stand-in over HTTP, a clock that the story moves.

clinic.it_is("2026-03-03 10:00")
amy.texts("my leg is numb")
kim.is_paged()
kim.texts(f"ACK {clinic.code}")
amy.hears("has seen your message")
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.pool import QueuePool
from werkzeug.serving import BaseWSGIServer, make_server

from bot import worker
from bot.exchange.enrolment import EnrolmentIn, RotaIn, StaffIn, read_list
from bot.gateways.twilio import TwilioGateway
from bot.runtime import Clock, Runtime, set_clock_file
from bot.services.enrolment import Enrolled, enrol_all
from bot.services.people import add_staff, set_rota
from bot.services.timeline import find_timeline
from bot.settings import Settings
from bot.standin.ledger import Call, Message
from bot.standin.server import RunningStandin, start_standin
from bot.standin.settings import StandinSettings
from bot.storage.alerts import Alert, list_open_alerts
from bot.storage.database import Database
from bot.storage.staff import change_staff, find_staff
from bot.storage.work_items import WorkItem, list_open_items
from tests.desk import Desk

ACCOUNT, TOKEN, BOT = "AC" + "a" * 32, "token-of-no-account", "+19135550100"
CHICAGO = ZoneInfo("America/Chicago")
PATIENCE_S = 10.0
PAGE = re.compile(r"ACK ([A-Z0-9]+)")  # what makes a text a page (CONTRACT.md)


@dataclass
class Telephone:
    """One person's phone: what reaches it, and what they do with it."""

    clinic: Clinic
    number: str
    seen: int = 0

    def texts(self, words: str, *, media: int = 0, sid: str | None = None) -> Message:
        """They text the bot; what came before is theirs to forget."""
        self.seen = len(self.clinic.standin.ledger.texts_to(self.number))
        return self.clinic.standin.phone_texts(self.number, words, media=media, sid=sid)

    def hears(self, words: str, *, within: float = PATIENCE_S) -> Message:
        """A new text with these words arrives."""
        ledger = self.clinic.standin.ledger

        def look() -> Message | None:
            new = ledger.texts_to(self.number)[self.seen :]
            return next((m for m in new if words.lower() in m.body.lower()), None)

        found = ledger.wait_for(look, within)
        got = [m.body for m in ledger.texts_to(self.number)[self.seen :]]
        assert found is not None, f"{self.number} waited {within} s for {words!r} and got {got}"
        return found

    def declines(self) -> None:
        """They let the newest call ring out."""
        call = self.is_called()
        self.clinic.standin.carrier.hang_up(call)

    def hears_nothing_more(self, *, within: float = 1.5) -> None:
        """No new text arrives."""
        before = len(self.clinic.standin.ledger.texts_to(self.number))
        self.clinic.standin.ledger.wait_for(
            lambda: len(self.clinic.standin.ledger.texts_to(self.number)) > before, within
        )
        got = [m.body for m in self.clinic.standin.ledger.texts_to(self.number)[before:]]
        assert not got, f"{self.number} should have heard nothing more and got {got}"

    def is_paged(self, *, within: float = PATIENCE_S) -> Message:
        """A page text arrives; the story knows its code from then on."""
        ledger = self.clinic.standin.ledger

        def look() -> Message | None:
            return next((m for m in ledger.texts_to(self.number)[self.seen :] if PAGE.search(m.body)), None)

        page = ledger.wait_for(look, within)
        assert page is not None, f"{self.number} waited {within} s for a page and got {self.bodies[self.seen :]}"
        found = PAGE.search(page.body)
        assert found is not None
        self.clinic.code = found[1]
        return page

    def is_called(self, *, calls: int = 1, within: float = PATIENCE_S) -> Call:
        """So many calls have come; the newest rings."""
        ledger = self.clinic.standin.ledger

        def look() -> Call | None:
            mine = ledger.calls_to(self.number)
            return mine[-1] if len(mine) >= calls and mine[-1].status != "queued" else None

        found = ledger.wait_for(look, within)
        assert found is not None, f"{self.number} waited {within} s for call {calls}"
        return found

    def answers_and_presses(self, digit: str) -> Call:
        """They pick up the ringing call and press a key."""
        call = self.is_called()
        self.clinic.standin.carrier.answer(call)
        self.clinic.standin.carrier.press(call, digit)
        return call

    def waits_for_more(self, act: Callable[[], object], *, than: int | None = None) -> None:
        """After this act one more text arrives than there were before it."""
        before = len(self.bodies) if than is None else than
        act()
        more = self.clinic.standin.ledger.wait_for(lambda: len(self.bodies) > before, PATIENCE_S)
        assert more, f"{self.number} waited {PATIENCE_S} s for one more text"

    @property
    def bodies(self) -> list[str]:
        """Every text that reached this phone."""
        return [m.body for m in self.clinic.standin.ledger.texts_to(self.number)]


@dataclass
class Clinic:
    """The whole bot, running, and a clock that only the story moves."""

    runtime: Runtime
    standin: RunningStandin
    clock_file: Path
    zone: ZoneInfo = CHICAGO
    code: str = ""
    phones: dict[str, Telephone] = field(default_factory=dict)
    rota: list[dict[str, Any]] = field(default_factory=list)

    def it_is(self, local: str, zone: ZoneInfo | None = None) -> None:
        """Moves the clock of every process to this wall time."""
        set_clock_file(self.clock_file, datetime.fromisoformat(local).replace(tzinfo=zone or self.zone))

    def wait(self, **span: float) -> None:
        """Lets so much time pass on the bot's clock: minutes=10."""
        set_clock_file(self.clock_file, self.runtime.now() + timedelta(**span))

    def phone(self, number: str) -> Telephone:
        return self.phones.setdefault(number, Telephone(self, number))

    def desk(self, username: str) -> Desk:
        """This member's browser, signed in."""
        return Desk.of(username, self.runtime.settings.public_url)

    def employs(self, username: str, number: str, *, tier: int | None, role: str = "nurse", **more: Any) -> Telephone:
        """A member of staff, on call at a tier."""
        person = {
            "username": username,
            "name": username.title(),
            "phone": number,
            "role": role,
            "password": "secret-secret",
        }
        add_staff(self.runtime, read_list(StaffIn, person | more), "story")
        if tier is not None:
            self.rota.append({"username": username, "tier": tier})
            set_rota(self.runtime, read_list(RotaIn, self.rota), "story")
        return self.phone(number)

    def disables(self, username: str) -> None:
        """A member of staff has left."""
        with self.runtime.database.begin() as tx:
            person = find_staff(tx, username)
            assert person is not None
            change_staff(tx, replace(person, disabled_at=self.runtime.now()))

    def enrols(self, name: str, number: str, *, at: str, **more: Any) -> Telephone:
        """A patient whose procedure was at that wall time."""
        self.enrols_document(document(name, number, at, more.pop("zone", self.zone), **more))
        return self.phone(number)

    def enrols_document(self, given: dict[str, Any]) -> Enrolled:
        return enrol_all(self.runtime, read_list(EnrolmentIn, given), "story")[0]

    def timeline(self, mrn: str) -> dict[str, Any]:
        found = find_timeline(self.runtime, mrn)
        assert found is not None
        return found

    @property
    def open_alerts(self) -> list[Alert]:
        with self.runtime.database.begin() as tx:
            return list_open_alerts(tx)

    @property
    def work_list(self) -> list[WorkItem]:
        with self.runtime.database.begin() as tx:
            return list_open_items(tx)

    def has_work_item(self, kind: str, *, within: float = PATIENCE_S) -> WorkItem:
        """An item of that kind waits for a person."""
        found = self.standin.ledger.wait_for(
            lambda: next((item for item in self.work_list if item.kind == kind), None), 0.0
        )
        for _ in range(int(within / 0.2)):
            found = found or next((item for item in self.work_list if item.kind == kind), None)
            if found is not None:
                return found
            threading.Event().wait(0.2)
        raise AssertionError(f"no work item {kind!r}; there are {[item.kind for item in self.work_list]}")


def document(name: str, number: str, at: str, zone: ZoneInfo = CHICAGO, **more: Any) -> dict[str, Any]:
    """What enrols a patient."""
    procedure = {
        "protocol": "pars_injection",
        "at": datetime.fromisoformat(at).replace(tzinfo=zone).isoformat(),
        "sedation": False,
    }
    return {
        "mrn": f"M-{number[-4:]}",
        "name": name,
        "born_on": "1999-05-01",
        "phone": number,
        "time_zone": zone.key,
        "procedure": procedure | more.pop("procedure", {}),
        "baseline_pain": 7,
        "consent": {"by": "patient", "method": "paper", "at": "2026-01-01T10:00:00-06:00", "wording": "2026-01"},
    } | more


def story_settings(database_url: str, standin_url: str, web_url: str, clock_file: Path, **more: Any) -> dict[str, Any]:
    """The settings of a clinic in a story."""
    return {
        "database_url": database_url,
        "bot_data_dir": str(clock_file.parent),
        "public_url": web_url,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_from": BOT,
        "twilio_api_url": standin_url,
        "bot_clock_file": str(clock_file),
        "config_dir": str(Path(__file__).resolve().parents[1] / "config"),
        "opt_out_mode": "app",
        "log_level": "error",
    } | more


@contextmanager
def running_clinic(
    parts: dict[str, Any], folder: Path, *, start: str = "2026-03-02 12:00", with_worker: bool = True
) -> Iterator[Clinic]:
    """Everything in threads of this process; `parts` are database, database_url, content and settings."""
    from bot.web.app import create_app
    from bot.web.serving import QuietHandler

    clock_file = folder / "clock.json"
    set_clock_file(clock_file, datetime.fromisoformat(start).replace(tzinfo=CHICAGO))
    holder: list[BaseWSGIServer] = []
    port = _free_port()
    web_url = f"http://127.0.0.1:{port}"
    more = parts.get("settings", {})
    standin = start_standin(
        StandinSettings(ACCOUNT, TOKEN, web_url, bot_number=BOT, clock_file=clock_file, delay_seconds=0.02,
                        opt_out_mode="app" if more.get("opt_out_mode", "app") == "app" else "twilio")
    )  # by rows, not an item a line  # fmt: skip
    settings = Settings.model_validate(story_settings(parts["database_url"], standin.url, web_url, clock_file, **more))
    runtime = Runtime(settings, Clock(clock_file), parts["database"], parts["content"], TwilioGateway, uuid4())
    if "lexicon" in parts:
        runtime.__dict__["lexicon"] = parts["lexicon"]  # compiled once a run, not once a clinic
    server = make_server("127.0.0.1", port, create_app(runtime), threaded=True, request_handler=QuietHandler)
    holder.append(server)
    stop = threading.Event()
    threads = [threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)]
    if with_worker:
        threads.append(threading.Thread(target=worker.run_until, args=(runtime, stop), daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield Clinic(runtime, standin, clock_file)
    finally:
        stop.set()
        server.shutdown()
        for thread in threads:
            thread.join(15)
        server.server_close()
        standin.stop()
        runtime.gateway.close()
        _let_requests_end(parts["database"])


def _let_requests_end(database: Database) -> None:
    """A request that is still answered gives its connection back, so that closing the pool closes it too."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    for _ in range(100):
        if pool.checkedout() == 0:
            return
        threading.Event().wait(0.05)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
