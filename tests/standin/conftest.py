"""A stand-in, a bot that only takes notes, and the real Twilio SDK between them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import pytest
import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from bot.standin.server import RunningStandin, start_standin
from bot.standin.settings import Phone, StandinSettings

ACCOUNT, TOKEN = "AC" + "a" * 32, "a-token"
BOT, DANA, KIM = "+19135550100", "+19135550101", "+19135550190"
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response />'


@dataclass(frozen=True)
class Post:
    """One request that the bot got."""

    path: str
    form: dict[str, str]
    signed: bool


@dataclass
class NotingBot:
    """Answers what `answers` says for a path, and keeps what it was told."""

    url: str = ""
    posts: list[Post] = field(default_factory=list)
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def note(self, post: Post) -> tuple[int, str]:
        with self.changed:
            self.posts.append(post)
            self.changed.notify_all()
        return self.answers.get(post.path.partition("?")[0], (200, EMPTY))

    def posts_to(self, path: str) -> list[Post]:
        with self.changed:
            return [post for post in self.posts if post.path.partition("?")[0] == path]

    def wait_for(self, path: str, count: int, seconds: float = 5.0) -> list[Post]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.posts_to(path)) >= count, seconds), self.posts
        return self.posts_to(path)


@pytest.fixture
def bot() -> Iterator[NotingBot]:
    notes, validator = NotingBot(), RequestValidator(TOKEN)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = dict(parse_qsl(body, keep_blank_values=True))
            signed = validator.validate(notes.url + self.path, form, self.headers["X-Twilio-Signature"])
            status, document = notes.note(Post(self.path, form, signed))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(document.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    notes.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield notes
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def start(bot: NotingBot) -> Iterator[Callable[..., RunningStandin]]:
    """Starts a stand-in with other settings than usual; all are stopped at the end."""
    running: list[RunningStandin] = []

    def begin(**other: Any) -> RunningStandin:
        usual: dict[str, Any] = {"account_sid": ACCOUNT, "auth_token": TOKEN, "bot_url": bot.url, "bot_number": BOT}
        phones = (Phone(DANA, "Dana Lee", "patient"), Phone(KIM, "Nurse Kim", "staff", "tier 1"))
        fast = {"delay_seconds": 0.01, "call_pace": 0.02, "phones": phones}
        running.append(start_standin(StandinSettings(**(usual | fast | other))))
        return running[-1]

    yield begin
    for standin in running:
        standin.stop()


@pytest.fixture
def standin(start: Callable[..., RunningStandin]) -> RunningStandin:
    return start()


class Wire(TwilioHttpClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's own client, pointed at the stand-in."""

    def __init__(self, url: str) -> None:
        super().__init__(timeout=5.0)
        self._target = urlsplit(url)
        self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        there = urlsplit(url)._replace(scheme=self._target.scheme, netloc=self._target.netloc)
        return super().request(method, urlunsplit(there), *args, **kwargs)


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    """Makes SDK clients of a stand-in."""
    wires: list[Wire] = []

    def make(standin: RunningStandin, user: str = ACCOUNT, password: str = TOKEN) -> Client:
        wires.append(Wire(standin.url))
        return Client(user, password, ACCOUNT, http_client=wires[-1])

    yield make
    for wire in wires:
        wire.session.close()


@pytest.fixture
def twilio(standin: RunningStandin, connect: Callable[..., Client]) -> Client:
    return connect(standin)


@pytest.fixture
def http(standin: RunningStandin) -> Iterator[Callable[..., requests.Response]]:
    """Plain requests to the stand-in, for what the SDK hides."""
    with requests.Session() as session:
        session.trust_env = False

        def ask(method: str, path: str, **more: Any) -> requests.Response:
            return session.request(method, standin.url + path, timeout=5, **more)

        yield ask
