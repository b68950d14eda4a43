"""Logs: one JSON object a line on standard error, ids and our own words only."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

# What may be logged: ids, counts and words of ours. Whatever else a call passes is left out, so that a
# patient's words cannot get there by carelessness.
ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "error",
        "duty",
        "owner",
        "code",
        "seconds",
        "count",
        "state",
        "kind",
        "sid_known",
    }
)


def _only_allowed(_logger: object, _name: str, entry: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in entry.items() if key in ALLOWED or key.endswith("_id")}


def set_up_logs(level: str) -> None:
    """For a process that serves; tests and commands stay silent below warnings."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
