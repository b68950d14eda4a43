"""Alerts: opened with the text that raised them and paged until a person answers; taking.py ends them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from bot.failpoints import Failpoint, failpoint
from bot.flows.effects import Due
from bot.planning.paging import AlertClock, PageOrder, PagePlan, PageState, Policy, next_pages
from bot.planning.throttle import without_crowding
from bot.runtime import Runtime
from bot.services import alarms, desk, paging
from bot.services.alone import each_alone
from bot.services.party import Party
from bot.storage import alerts
from bot.storage.alerts import Alert
from bot.storage.audit import BOT, note
from bot.storage.database import Tx
from bot.storage.pages import change_state, keep_page, last_calls, list_records
from bot.storage.phones import Phone
from bot.storage.rota import list_on_duty
from bot.storage.staff import list_staff
from bot.vocabulary import AlertId, Flag, Level, PageId, TextId

FAILED_WAIT = timedelta(seconds=10)
LETTERS, DIGITS = "ABCDEFGHJKMNPQRTUVWXY", "23456789"  # nothing that is mistaken for something else
FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Cause:
    """Where an alert comes from: a patient's party, or a phone that nobody knows."""

    party: Party | None
    phone: Phone | None
    text_id: TextId | None


def raise_alert(
    tx: Tx, rt: Runtime, cause: Cause, *, level: Level, flags: tuple[Flag, ...], reason: str, now: datetime
) -> AlertId:
    """Opens an alert and writes its first pages, or adds to an open one of the same patient.

    The same flags are folded into an open alert. A new flag is added to one that nobody has taken yet,
    and pages anew where the level rises; once somebody has taken it, a new flag is a new alert.
    """
    for alert in _open_alerts(tx, cause):
        known = set(flags) <= set(alert.flags) and (bool(flags) or not alert.flags)
        taken = alert.acknowledged_at is not None
        rises = level.rank > alert.level.rank
        if taken and (rises or not known):
            continue
        _add(tx, rt, alert, cause, level if rises else None, flags, now)
        return alert.id
    return _open(tx, rt, cause, level, flags, reason, now)


def _open_alerts(tx: Tx, cause: Cause) -> list[Alert]:
    if cause.party is not None:
        return alerts.list_open_alerts_of(tx, cause.party.patient.id)
    return [] if cause.phone is None else alerts.list_open_alerts_at(tx, cause.phone.id)


def _add(
    tx: Tx,
    rt: Runtime,
    alert: Alert,
    cause: Cause,
    risen: Level | None,
    flags: tuple[Flag, ...],
    now: datetime,
) -> None:
    union = tuple(dict.fromkeys((*alert.flags, *flags)))
    policy = None if risen is None else rt.content.escalation.policies[risen].model_dump(mode="json")
    alerts.raise_alert(tx, alert.id, risen or alert.level, union, policy, now)
    if cause.text_id is not None:
        alerts.add_text(tx, alert.id, cause.text_id)
    note(tx, who=BOT, did="added_to_alert", now=now, patient_id=alert.patient_id, alert_id=alert.id)
    if risen is not None:
        page_alert(tx, rt, alert.id, now)


def _open(
    tx: Tx, rt: Runtime, cause: Cause, level: Level, flags: tuple[Flag, ...], reason: str, now: datetime
) -> AlertId:
    party = cause.party
    alert = Alert(
        id=AlertId(uuid4()),
        patient_id=None if party is None else party.patient.id,
        procedure_id=None if party is None or party.procedure is None else party.procedure.id,
        phone_id=party.phone.id if party is not None else (cause.phone.id if cause.phone else None),
        text_id=cause.text_id,
        level=level,
        flags=flags,
        reason=reason,
        code=_new_code(alerts.list_open_codes(tx)),
        opened_at=now,
        policy=rt.content.escalation.policies[level].model_dump(mode="json"),
        paging_from=now,
        round=0,
    )
    alerts.keep_alert(tx, alert)
    if cause.text_id is not None:
        alerts.add_text(tx, alert.id, cause.text_id)
    note(tx, who=BOT, did=f"opened_{level}", now=now, patient_id=alert.patient_id, alert_id=alert.id)
    page_alert(tx, rt, alert.id, now)
    failpoint(Failpoint.ALERT_OPENED)
    return alert.id


def _new_code(taken: set[str]) -> str:
    """Four characters, letters and digits mixed so that it is no word; random, and not in use."""
    while True:
        code = "".join(secrets.choice(alphabet) for alphabet in (LETTERS, DIGITS, LETTERS, DIGITS))
        if code not in taken:
            return code


def page_alert(tx: Tx, rt: Runtime, alert_id: AlertId, now: datetime) -> int:
    """Writes the pages that are due now and when to look again; how many were written."""
    alert = alerts.lock_alert(tx, alert_id)
    plan = next_pages(
        AlertClock(alert.paging_from, alert.acknowledged_at, alert.closed_at, Policy.from_dict(alert.policy)),
        list_records(tx, alert.id, alert.round),
        list_on_duty(tx, now),
        [person.member for person in list_staff(tx)],
        rt.content.clinic.fallback_phone,
        now,
    )
    written = sum(_put(tx, rt, alert, order, now) for order in _spread(tx, rt, plan, now))
    alarms.raise_for(tx, rt, alert, plan, now)
    alerts.plan_next_page(tx, alert.id, plan.next_at)
    if written:
        tx.wake()
    return written


def _spread(tx: Tx, rt: Runtime, plan: PagePlan, now: datetime) -> tuple[PageOrder, ...]:
    """The orders without calls that would only find the line busy; those are ordered at a later look."""
    apart = timedelta(seconds=rt.content.escalation.repeat_calls_apart_s)
    repeated = any(order.reason == "repeat" for order in plan.due)
    return without_crowding(plan.due, last_calls(tx, now - apart) if repeated else {}, apart, now)


def _put(tx: Tx, rt: Runtime, alert: Alert, order: PageOrder, now: datetime) -> bool:
    page_id = keep_page(tx, alert.id, alert.round, order, now)
    if page_id is None:
        return False
    paging.put_page(tx, rt, alert, page_id, order, now)
    note(
        tx,
        who=BOT,
        did=f"paged_{order.channel}",
        now=now,
        patient_id=alert.patient_id,
        alert_id=alert.id,
        about=str(order.target.staff_id or FALLBACK),
    )
    return True


def page_due(rt: Runtime, limit: int = 100) -> int:
    """Pages for every alert whose time has come; one alert's failure does not hold up the next."""
    with rt.database.begin() as tx:
        due = alerts.list_due(tx, rt.now(), limit)
    if not due:
        return 0
    count = each_alone(rt, "page", due, lambda tx, a: _page_due(tx, rt, a), lambda tx, a: _page_failed(tx, rt, a))
    failpoint(Failpoint.PAGES_WRITTEN)
    return count


def _page_due(tx: Tx, rt: Runtime, alert_id: AlertId) -> None:
    page_alert(tx, rt, alert_id, rt.now())
    failpoint(Failpoint.PAGE_PLANNED)


def _page_failed(tx: Tx, rt: Runtime, alert_id: AlertId) -> None:
    """It is tried again in a moment, and the work list says so meanwhile."""
    now = rt.now()
    alerts.plan_next_page(tx, alert_id, now + FAILED_WAIT)
    desk.put(tx, rt, "alert_unreached", Due.NOW, f"alert:{alert_id}:failed", now)


def note_fate(tx: Tx, page_id: PageId, state: PageState, now: datetime) -> None:
    """What became of a page; a failed one makes the plan be looked at again at once."""
    alert_id = change_state(tx, page_id, state)
    if alert_id is None:
        return
    if state in (PageState.ACCEPTED, PageState.CONFIRMED):
        alerts.note_first_page(tx, alert_id, now)
    if state is PageState.FAILED:
        alerts.look_again(tx, alert_id, now)
        tx.wake()
