"""Serves the application with werkzeug's threaded server, for trying; in production gunicorn does."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType, TracebackType

from werkzeug.serving import WSGIRequestHandler, make_server

from bot.runtime import Runtime
from bot.web.app import create_app
from bot.web.gunicorn_settings import graceful_timeout


class QuietHandler(WSGIRequestHandler):
    """Keeps connections open, and addresses out of the log."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Who asked for what stands in the audit."""


class OpenRequests:
    """Counts what is being answered. Connections do not count: a browser keeps its own open for as long as it likes."""

    def __init__(self) -> None:
        self._count, self._changed = 0, threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._count += 1

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait_until_answered(self, seconds: float) -> bool:
        """Whether all of them were, within that time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)


def serve(rt: Runtime, host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT; what is being answered is answered first."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    answering = OpenRequests()

    class Handler(QuietHandler):
        def run_wsgi(self) -> None:
            with answering:
                super().run_wsgi()

    server = make_server(host, port, create_app(rt), threaded=True, request_handler=Handler)

    def _stop(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()  # it waits for the loop that this thread runs

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    server.serve_forever()
    answering.wait_until_answered(graceful_timeout)
