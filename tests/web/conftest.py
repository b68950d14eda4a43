"""A console over a real database, without worker or provider: what staff do in a browser, as a test says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from bot.exchange.enrolment import EnrolmentIn, RotaIn, StaffIn, read_list
from bot.gateways.gateway import InboundText
from bot.gateways.twilio import TwilioGateway
from bot.runtime import Clock, Runtime, set_clock_file
from bot.services.enrolment import enrol_all
from bot.services.health import beat
from bot.services.people import add_staff, set_rota
from bot.services.texts import answer_text, keep_text
from bot.settings import Settings
from bot.storage.alerts import Alert, list_open_alerts
from bot.storage.audit import Entry, list_entries
from bot.storage.database import Tx
from bot.storage.work_items import WorkItem, list_open_items
from bot.vocabulary import PatientId
from bot.web.app import create_app
from tests.story import CHICAGO, document, story_settings

PASSWORD = "secret-secret"
AMY = "+19135550111"
SIDS = count(1)
WAITS = "SELECT 1 FROM pg_locks WHERE NOT granted"  # somebody waits for somebody else's transaction


@dataclass
class Browser:
    """One member's browser: it keeps cookies and sends the hidden token of the page that it last looked at."""

    client: FlaskClient
    token: str = ""

    def opens(self, path: str, *, follow: bool = True) -> TestResponse:
        return self._seen(self.client.get(path, follow_redirects=follow))

    def posts(self, path: str, *, follow: bool = True, token: str | None = None, **fields: str) -> TestResponse:
        form = {"csrf_token": self.token if token is None else token} | fields
        return self._seen(self.client.post(path, data=form, follow_redirects=follow))

    def sends(self, path: str, fields: Mapping[str, str | list[str]]) -> TestResponse:
        """A whole form at once, with fields of any name and several of one name."""
        form = {"csrf_token": self.token, **fields}
        return self._seen(self.client.post(path, data=form, follow_redirects=True))

    def signs_in(self, username: str, password: str = PASSWORD, *, path: str = "/") -> TestResponse:
        self.opens(f"/sign-in?next={path}")
        return self.posts("/sign-in", username=username, password=password, next=path)

    def _seen(self, answer: TestResponse) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        self.token = unescape(found[1]) if found else self.token
        return answer


@dataclass
class Console:
    """The clinic behind the console; its clock stands still."""

    runtime: Runtime
    app: Flask
    clock_file: Path

    def it_is(self, local: str) -> None:
        set_clock_file(self.clock_file, datetime.fromisoformat(local).replace(tzinfo=CHICAGO), rate=0.0)

    def employs(self, username: str, role: str = "nurse") -> None:
        person = {"username": username, "name": f"{username.title()} Gray", "role": role, "password": PASSWORD}
        if role in ("nurse", "clinician", "admin"):
            person["phone"] = f"+1913555{1900 + len(username)}"
        add_staff(self.runtime, read_list(StaffIn, person), "test")

    def is_on_call(self, username: str) -> None:
        set_rota(self.runtime, read_list(RotaIn, {"username": username, "tier": 1}), "test")

    def enrols(self, name: str, number: str = AMY, **more: Any) -> PatientId:
        given = document(name, number, "2026-03-02 09:30", **more)
        return PatientId(enrol_all(self.runtime, read_list(EnrolmentIn, given), "test")[0].patient_id)

    def hears(self, words: str, number: str = AMY) -> None:
        """A patient's text comes in and is answered."""
        text_id = keep_text(self.runtime, InboundText(f"SM{next(SIDS):032d}", number, words, 0, None))
        assert text_id is not None
        answer_text(self.runtime, text_id)

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def browser_of(self, username: str) -> Browser:
        """Somebody who has signed in and looks at the work list."""
        browser = self.browser()
        assert browser.signs_in(username).status_code == 200
        return browser

    @property
    def alert(self) -> Alert:
        """The one that is open."""
        with self.begin() as tx:
            (found,) = list_open_alerts(tx)
            return found

    @property
    def items(self) -> list[WorkItem]:
        with self.begin() as tx:
            return list_open_items(tx)

    def entries(self, patient_id: PatientId) -> list[Entry]:
        with self.begin() as tx:
            return list_entries(tx, patient_id=patient_id)

    def begin(self) -> AbstractContextManager[Tx]:
        return self.runtime.database.begin()

    def beats(self) -> None:
        """A worker lives."""
        beat(self.runtime)


@contextmanager
def counted(console: Console) -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile."""
    seen: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = console.runtime.database.engine
    event.listen(engine, "before_cursor_execute", keep)
    yield seen
    event.remove(engine, "before_cursor_execute", keep)


@pytest.fixture
def console(parts: dict[str, Any], tmp_path: Path) -> Console:
    """A console at noon of Monday, March 2nd 2026: nurse Kim, and nobody to follow up yet."""
    clock_file = tmp_path / "clock.json"
    given = story_settings(parts["database_url"], "http://127.0.0.1:1", "http://127.0.0.1:2", clock_file)
    settings = Settings.model_validate(given)
    set_clock_file(clock_file, datetime(2026, 3, 2, 12, tzinfo=CHICAGO), rate=0.0)
    runtime = Runtime(settings, Clock(clock_file), parts["database"], parts["content"], TwilioGateway, uuid4())
    runtime.__dict__["lexicon"] = parts["lexicon"]  # compiled once a run
    made = Console(runtime, create_app(runtime), clock_file)
    made.employs("kim")
    made.is_on_call("kim")
    made.beats()
    return made
