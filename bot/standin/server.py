"""Serves a stand-in from a thread of this process, on a free port if none is given."""

from __future__ import annotations

import threading

from bot.standin.app import create_standin
from bot.standin.carrier import Carrier
from bot.standin.faults import Faults
from bot.standin.ledger import Ledger, Message
from bot.standin.settings import StandinSettings
from bot.standin.wire import WireServer


class RunningStandin:
    """A stand-in that serves; `stop` ends it, `go_away` and `come_back` are an outage that refuses connections."""

    def __init__(self, carrier: Carrier, host: str, port: int) -> None:
        self.carrier = carrier
        self.app = create_standin(carrier.settings, carrier)
        self._host = host
        self._open(port)
        self.port: int = self._server.server_port
        self.url = f"http://{host}:{self.port}"

    def _open(self, port: int) -> None:
        self._server = WireServer((self._host, port), self.app)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True, name="standin-server"
        )
        self._thread.start()

    @property
    def ledger(self) -> Ledger:
        return self.carrier.ledger

    @property
    def faults(self) -> Faults:
        return self.carrier.faults

    def phone_texts(self, number: str, body: str, *, media: int = 0, sid: str | None = None) -> Message:
        """Somebody texts the bot from this number."""
        return self.carrier.phone_texts(number, body, media=media, sid=sid)

    def go_away(self) -> None:
        """Nobody listens any more, open connections end; what was accepted is still carried out."""
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()
        self._thread.join(5)

    def come_back(self) -> None:
        """Listens again at the same address."""
        self._open(self.port)

    def stop(self) -> None:
        """Stops serving; what is on its way is dropped."""
        self.carrier.stop()
        self.go_away()


def start_standin(settings: StandinSettings, host: str = "127.0.0.1", port: int = 0) -> RunningStandin:
    """Starts a stand-in; OSError if the port is taken."""
    return RunningStandin(Carrier(settings), host, port or settings.port)
