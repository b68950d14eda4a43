"""The audit: looks at everything that must move, writes down what it found, and pings the switch only when clean."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.gateways.watchdog import ping
from bot.planning.audit_rules import Problem, Seen, find_problems, in_short
from bot.runtime import Runtime
from bot.services.health import AUDIT, STALE_AFTER, worker_age
from bot.storage import auditing
from bot.storage.audit import beat

log = structlog.get_logger()

SECOND_LOOK_S = 10.0  # real seconds; longer than a worker needs after the clock was moved (CONTRACT.md, "Times")


def look(rt: Runtime) -> frozenset[Problem]:
    """What does not move at this instant.

    :raises DatabaseAway: there is no database.
    """
    now = rt.now()
    with rt.database.begin() as tx:
        seen = Seen(
            worker_age=worker_age(tx, now),
            alerts=auditing.list_audited_alerts(tx),
            unsorted=auditing.list_unsorted(tx),
            unsent_pages=auditing.list_unsent_pages(tx, now),
            unraised_items=auditing.list_unraised_items(tx, now),
        )
    return find_problems(seen, now, STALE_AFTER)


def audit(rt: Runtime, wait: Callable[[float], object]) -> frozenset[Problem]:
    """One audit. What a first look finds counts only if a second one finds it still: a worker may be at it.

    :param wait: True means that the process is to stop.
    :raises DatabaseAway: there is no database, so nothing is proved and nothing is pinged.
    """
    problems = look(rt)
    if problems:
        if wait(SECOND_LOOK_S) is True:
            return problems  # told to stop: half an audit says nothing
        problems &= look(rt)
    with rt.database.begin() as tx:
        beat(tx, AUDIT, rt.now(), in_short(problems))
    for problem in sorted(problems, key=lambda p: (p.trouble, p.about)):
        log.error("audit_found", kind=problem.trouble.value, about_id=problem.about)
    if not problems and rt.settings.watchdog_url and not ping(rt.settings.watchdog_url):
        log.warning("watchdog_not_reached")
    return problems
