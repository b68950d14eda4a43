"""For load balancers and Prometheus: alive, ready, and a few numbers; nothing about any patient."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.services import health
from bot.storage.database import DatabaseAway
from bot.web.here import runtime

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/live")
def live() -> Response:
    """The process serves, whatever else is gone."""
    return jsonify(alive=True)


@blueprint.get("/health/ready")
def ready() -> tuple[Response, int]:
    """Database and a worker's heartbeat are there; the audit is shown, and never takes a process out of service."""
    try:
        seen = health.look(runtime())
    except DatabaseAway:
        return jsonify(ready=False, database=False, worker=False), 503
    body = jsonify(ready=seen.worker_alive, database=True, worker=seen.worker_alive, audit=seen.audit)
    return body, 200 if seen.worker_alive else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Gauges read from the database at this moment, so that every web process says the same."""
    registry = CollectorRegistry()
    seen = health.look(runtime())
    _gauge(registry, "bot_worker_heartbeat_age_seconds", "Since the last worker's heartbeat", seen.worker_age_s)
    _gauge(registry, "bot_audit_age_seconds", "Since the last audit", seen.audit_age_s)
    _gauge(registry, "bot_audit_clean", "Whether the last audit counts and found nothing", seen.audit == "clean")
    _gauge(
        registry,
        "bot_oldest_unacknowledged_alert_seconds",
        "How long the oldest alert has waited for a person",
        seen.oldest_unacknowledged_s,
    )
    _gauge(registry, "bot_unreached_alerts", "Alerts that nobody has after everybody was paged", seen.unreached)
    _gauge(registry, "bot_open_work_items", "Work items that nobody has done", seen.open_items)
    waiting = Gauge("bot_outbox_waiting", "Rows that have not left", ["state"], registry=registry)
    for state, count in seen.waiting.items():
        waiting.labels(state).set(count)
    return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")


def _gauge(registry: CollectorRegistry, name: str, words: str, value: float | None) -> None:
    Gauge(name, words, registry=registry).set(float("nan") if value is None else value)
