"""Serves a stand-in from a thread of this process, on a free port if none is given."""

from __future__ import annotations

import logging
import socket
import threading
from dataclasses import dataclass

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.standin.app import create_standin
from bot.standin.carrier import Carrier
from bot.standin.faults import Faults
from bot.standin.ledger import Ledger, Message
from bot.standin.settings import StandinSettings


class _Handler(WSGIRequestHandler):
    """Keeps connections open, answers at once, logs nothing."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def make_environ(self) -> dict[str, object]:
        return super().make_environ() | {"werkzeug.socket": self.connection}

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The ledger says it all."""


@dataclass(frozen=True, slots=True)
class RunningStandin:
    """A stand-in that serves; `stop` ends it."""

    carrier: Carrier
    server: BaseWSGIServer
    thread: threading.Thread
    url: str

    @property
    def ledger(self) -> Ledger:
        return self.carrier.ledger

    @property
    def faults(self) -> Faults:
        return self.carrier.faults

    def phone_texts(self, number: str, body: str, *, media: int = 0, sid: str | None = None) -> Message:
        """Somebody texts the bot from this number."""
        return self.carrier.phone_texts(number, body, media=media, sid=sid)

    def stop(self) -> None:
        """Stops serving; what is on its way is dropped."""
        self.carrier.stopped.set()
        self.server.shutdown()
        self.thread.join(5)
        self.server.server_close()


def start_standin(settings: StandinSettings, host: str = "127.0.0.1", port: int = 0) -> RunningStandin:
    """Starts a stand-in; OSError if the port is taken."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    carrier = Carrier(settings)
    server = make_server(host, port, create_standin(settings, carrier), threaded=True, request_handler=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    return RunningStandin(carrier, server, thread, f"http://{host}:{server.server_port}")
