"""Serves the application with werkzeug's threaded server, for trying; in production gunicorn does."""

from __future__ import annotations

import logging

from werkzeug.serving import WSGIRequestHandler, make_server

from bot.runtime import Runtime
from bot.web.app import create_app


class QuietHandler(WSGIRequestHandler):
    """Keeps connections open, and addresses out of the log."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Who asked for what stands in the audit."""


def serve(rt: Runtime, host: str, port: int) -> None:
    """Serves until it is interrupted."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(host, port, create_app(rt), threaded=True, request_handler=QuietHandler)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
