"""The worker: a clock for a few duties, each safe from the others' failures. It decides nothing."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.runtime import Runtime, pause
from bot.services import (
    alerts,
    conversations,
    desk,
    health,
    numbers,
    outbox,
    reconciling,
    sweeping,
    taking,
    telling,
    texts,
)
from bot.storage.database import DatabaseAway, hear

log = structlog.get_logger()

Duty = Callable[[Runtime], object]


@dataclass(frozen=True, slots=True)
class Periodic:
    """A duty and how often it is done, in seconds of real time (CONTRACT.md, "Times")."""

    name: str
    every_s: float
    duty: Duty
    at_once: int = 1  # rounds that may overlap, so that one slow request does not hold up the next page


DUTIES = (
    Periodic("pages_due", 0.5, alerts.page_due),
    Periodic("pages_out", 0.5, partial(outbox.deliver_waiting, pages=True), at_once=4),
    Periodic("texts_out", 0.5, partial(outbox.deliver_waiting, pages=False)),
    Periodic("texts_waiting", 1.0, texts.answer_waiting),
    Periodic("check_ins", 1.0, conversations.start_due),
    Periodic("overdue", 1.0, conversations.pass_overdue),
    Periodic("unanswered", 5.0, conversations.expire_unanswered),
    Periodic("patients_waiting", 2.0, telling.tell_waiting),
    Periodic("reminders", 2.0, taking.remind_holders),
    Periodic("forgotten", 0.5, taking.reopen_forgotten),
    Periodic("overdue_items", 5.0, desk.raise_overdue),
    Periodic("test_pages", 30.0, numbers.test_monthly),
    Periodic("unknown_ends", 2.0, reconciling.reconcile),
    Periodic("silent", 5.0, reconciling.fetch_silent),
    Periodic("sweep", 1.0, sweeping.sweep_inbound),
    Periodic("heartbeat", 2.0, health.beat),
)


def do_safely(rt: Runtime, periodic: Periodic) -> None:
    """Does a duty once; its failure is logged and the next round tries again, the others go on."""
    try:
        periodic.duty(rt)
    except DatabaseAway as error:
        log.warning("duty_without_database", duty=periodic.name, error=str(error))
    except Exception as error:  # noqa: BLE001 - one duty's bug must not stop the others
        log.error("duty_failed", duty=periodic.name, error=type(error).__name__)


def run(rt: Runtime) -> None:
    """Runs until SIGTERM or SIGINT; what is being done is finished first."""
    stop = threading.Event()

    def _stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    run_until(rt, stop)


def run_until(rt: Runtime, stop: threading.Event) -> None:
    """Runs every duty on its clock, and the pages at once when a transaction wakes the worker."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(sum(periodic.at_once for periodic in DUTIES))},
        job_defaults={"coalesce": True, "misfire_grace_time": None},
    )
    for periodic in DUTIES:
        scheduler.add_job(
            do_safely,
            "interval",
            args=[rt, periodic],
            id=periodic.name,
            seconds=periodic.every_s,
            max_instances=periodic.at_once,
        )
    do_safely(rt, Periodic("heartbeat", 0, health.beat))
    scheduler.start()
    log.info("worker_started", owner=str(rt.owner))
    try:
        while not stop.is_set():
            _listen(rt, stop)
    finally:
        rt.stopping.set()
        scheduler.shutdown(wait=True)
        log.info("worker_stopped", owner=str(rt.owner))


def _listen(rt: Runtime, stop: threading.Event) -> None:
    """Sends pages the moment that a commit wakes us; polling stands behind it."""
    woken = (Periodic("pages_due", 0, alerts.page_due), DUTIES[1])
    try:
        with rt.database.listening() as connection:
            while not stop.is_set():
                if hear(connection, 0.5):
                    for periodic in woken:
                        do_safely(rt, periodic)
    except DatabaseAway:  # polling goes on; the connection is made anew
        pause(1.0)
