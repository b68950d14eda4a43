"""A person takes an alert, keeps it, or closes it with an outcome; one that is taken and forgotten opens again."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.failpoints import Failpoint, failpoint
from bot.flows.effects import Due
from bot.runtime import Runtime
from bot.services import desk, paging
from bot.services.alerts import FALLBACK, page_alert
from bot.services.alone import each_alone
from bot.services.telling import tell_patient
from bot.storage import alerts, reminders
from bot.storage.alerts import Alert
from bot.storage.audit import BOT, note
from bot.storage.database import Tx
from bot.storage.pages import drop_waiting_pages
from bot.storage.staff import StaffMember, find_staff
from bot.storage.work_items import finish_keyed
from bot.vocabulary import AlertId


def acknowledge(tx: Tx, rt: Runtime, alert_id: AlertId, staff: StaffMember | None, how: str, now: datetime) -> bool:
    """A person takes the alert: pages stop, the others and the patient are told. False: somebody was first.

    :param staff: who takes it; None for whoever answers the clinic's fallback number.
    :param how: text, voice or web.
    """
    by = FALLBACK if staff is None else staff.username
    if not alerts.acknowledge(tx, alert_id, by, how, now, _remind_at(rt, now)):
        return False
    alert = alerts.get_alert(tx, alert_id)
    note(tx, who=by, did="acknowledged", now=now, patient_id=alert.patient_id, alert_id=alert_id, about=how)
    drop_waiting_pages(tx, alert_id, now)
    finish_keyed(tx, f"alert:{alert_id}:{alert.round}:alert_unreached", by, "acknowledged", now)
    paging.tell_others(tx, rt, alert, by, None if staff is None else staff.id, now)
    minutes = rt.content.escalation.call_back_minutes[alert.level]
    call_by = now + timedelta(minutes=minutes)
    if staff is None:
        tell_patient(tx, rt, alert, "acknowledged", now, call_by)
    else:
        tell_patient(tx, rt, alert, "acknowledged_by", now, call_by, staff.name)
    failpoint(Failpoint.ALERT_TAKEN)
    tx.wake()
    return True


def keep(tx: Tx, rt: Runtime, alert: Alert, staff: StaffMember | None, now: datetime) -> bool:
    """Whoever holds the alert is still at it: the reminder is put off. False: they do not hold it."""
    by = FALLBACK if staff is None else staff.username
    if alert.acknowledged_by != by or not reminders.plan_reminder(tx, alert.id, _remind_at(rt, now)):
        return False
    note(tx, who=by, did="kept", now=now, patient_id=alert.patient_id, alert_id=alert.id)
    return True


def close(tx: Tx, rt: Runtime, alert_id: AlertId, by: str, outcome: str, note_words: str, now: datetime) -> bool:
    """A person closes the alert with an outcome of config/outcomes.yaml, and the patient hears what comes next.

    False: it was closed before. An outcome that asks for another call leaves a work item.
    """
    chosen = rt.content.outcomes.outcomes[outcome]
    alert = alerts.lock_alert(tx, alert_id)
    if not alerts.close(tx, alert_id, by, outcome, note_words, now):
        return False
    note(tx, who=by, did="closed", now=now, patient_id=alert.patient_id, alert_id=alert_id, about=outcome)
    drop_waiting_pages(tx, alert_id, now)
    tell_patient(tx, rt, alert, chosen.told, now)
    if chosen.again:
        _ask_for_a_call(tx, rt, alert, now)
    return True


def remind_holders(rt: Runtime, limit: int = 50) -> int:
    """One text to whoever took an alert and wrote down no outcome; the clock of its opening again starts."""
    now = rt.now()
    reopen_at = now + timedelta(minutes=rt.content.escalation.reopen_after_minutes)
    with rt.database.begin() as tx:
        forgotten = reminders.list_to_remind(tx, now, limit)
    return each_alone(
        rt,
        "remind",
        forgotten,
        lambda tx, a: _remind(tx, rt, a, reopen_at, now),
        lambda tx, a: reminders.mark_reminded(tx, a, now),  # who cannot be reminded counts as reminded in vain
    )


def _remind(tx: Tx, rt: Runtime, alert_id: AlertId, reopen_at: datetime, now: datetime) -> None:
    alert = alerts.lock_alert(tx, alert_id)
    if reminders.mark_reminded(tx, alert_id, reopen_at):
        paging.remind(tx, rt, alert, _number_of(tx, rt, alert), now)
        note(tx, who=BOT, did="reminded", now=now, patient_id=alert.patient_id, alert_id=alert_id)
        tx.wake()


def reopen_forgotten(rt: Runtime, limit: int = 50) -> int:
    """Alerts whose holder was reminded in vain open again: everybody is paged anew from the first step."""
    now = rt.now()
    with rt.database.begin() as tx:
        forgotten = reminders.list_to_reopen(tx, now, limit)
    return each_alone(
        rt,
        "reopen",
        forgotten,
        lambda tx, a: _reopen(tx, rt, a, now),
        lambda tx, a: reminders.reopen(tx, a, now),  # it opens all the same, and is paged with what is due
    )


def _reopen(tx: Tx, rt: Runtime, alert_id: AlertId, now: datetime) -> None:
    alert = alerts.lock_alert(tx, alert_id)
    if reminders.reopen(tx, alert_id, now):
        about = alert.acknowledged_by
        note(tx, who=BOT, did="reopened", now=now, patient_id=alert.patient_id, alert_id=alert_id, about=about)
        page_alert(tx, rt, alert_id, now)


def _ask_for_a_call(tx: Tx, rt: Runtime, alert: Alert, now: datetime) -> None:
    desk.put(
        tx,
        rt,
        "call_again",
        Due.IN_AN_HOUR,
        f"alert:{alert.id}",
        now,
        patient_id=alert.patient_id,
        phone_id=alert.phone_id,
        text_id=alert.text_id,
    )


def _remind_at(rt: Runtime, now: datetime) -> datetime:
    return now + timedelta(minutes=rt.content.escalation.remind_after_minutes)


def _number_of(tx: Tx, rt: Runtime, alert: Alert) -> str | None:
    """The telephone of whoever holds the alert."""
    if alert.acknowledged_by == FALLBACK:
        return rt.content.clinic.fallback_phone
    holder = find_staff(tx, alert.acknowledged_by or "")
    return None if holder is None or holder.disabled_at is not None else holder.phone
