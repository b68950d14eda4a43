"""What a patient hears about their alert: who has seen it, that nobody has called yet, how it ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.flows.effects import Due
from bot.runtime import Runtime
from bot.services import desk
from bot.services.alone import each_alone
from bot.services.party import get_party
from bot.services.plain import CANNOT_BE_SENT, say_plainly, words_or_plain
from bot.services.speaking import Voice, clock_time, say
from bot.storage import alerts, reminders
from bot.storage.alerts import Alert
from bot.storage.audit import BOT, note
from bot.storage.conversations import find_conversation
from bot.storage.database import Tx
from bot.storage.outbox import Kind
from bot.storage.sealing import SealError
from bot.vocabulary import AlertId

PAUSE = timedelta(minutes=5)  # between "call us" and "nobody answers": the second never comes with the first


def tell_patient(
    tx: Tx,
    rt: Runtime,
    alert: Alert,
    key: str,
    now: datetime,
    call_by: datetime | None = None,
    by: str | None = None,
) -> None:
    """One text to the phone that raised the alert; a phone that stopped texts gets none.

    :param by: the name of the member of staff of whom the text speaks.
    """
    if alert.patient_id is None or alert.phone_id is None:
        return
    about = f"alert:{alert.id}:{alert.round}:{key}"
    try:
        party = get_party(tx, alert.patient_id, alert.phone_id, now)
    except SealError:  # whoever takes the alert takes it all the same
        desk.put(tx, rt, CANNOT_BE_SENT, Due.NOW, about, now, phone_id=alert.phone_id, text_id=alert.text_id)
        say_plainly(tx, rt, alert.phone_id, about, now)
        return
    conversation = find_conversation(tx, alert.patient_id, alert.phone_id, rt.content.questions())
    if conversation is None or party.phone.opted_out_at is not None or party.patient.died_at is not None:
        return
    if party.texter is None:  # whoever raised it no longer texts for this patient: a person calls whoever does
        desk.put(tx, rt, "call_again", Due.NOW, about, now, patient_id=alert.patient_id, text_id=alert.text_id)
        return
    voice = Voice(rt.content, party, conversation.id, now, alert.level)
    fill = voice.parameters()
    fill |= {"seen": clock_time(now, party), "staff": by or ""}
    if call_by is not None:
        fill["when"] = clock_time(call_by, party)
    words = words_or_plain(tx, rt, voice, about, lambda: voice.messages.say(key, fill))
    say(tx, voice, words, dedupe_key=about, kind=Kind.REPLY)


def tell_waiting(rt: Runtime, limit: int = 50) -> int:
    """Patients whose alert nobody has taken: first to call the clinic, later that nobody answers and whom to call."""
    return _tell_still_waiting(rt, limit) + _tell_nobody_reached(rt, limit)


def _tell_still_waiting(rt: Runtime, limit: int) -> int:
    now, told = rt.now(), 0
    for level, minutes in rt.content.escalation.still_waiting_minutes.items():
        with rt.database.begin() as tx:
            waiting = reminders.list_still_waiting(tx, level, now - timedelta(minutes=minutes), limit)
        told += _tell_all(rt, waiting, "still_waiting", now)
    return told


def _tell_nobody_reached(rt: Runtime, limit: int) -> int:
    now, told = rt.now(), 0
    for level, minutes in rt.content.escalation.nobody_reached_minutes.items():
        before = now - timedelta(minutes=minutes)
        with rt.database.begin() as tx:
            waiting = reminders.list_nobody_reached(tx, level, before, now - PAUSE, limit)
        told += _tell_all(rt, waiting, "nobody_reached", now)
    return told


def _tell_all(rt: Runtime, waiting: list[AlertId], key: str, now: datetime) -> int:
    return each_alone(
        rt, key, waiting, lambda tx, a: _tell(tx, rt, a, key, now), lambda tx, a: _cannot_tell(tx, rt, a, key, now)
    )


def _tell(tx: Tx, rt: Runtime, alert_id: AlertId, key: str, now: datetime) -> None:
    alert = alerts.lock_alert(tx, alert_id)
    if reminders.mark_told(tx, alert_id, now, nobody=key == "nobody_reached"):
        note(tx, who=BOT, did=f"told_{key}", now=now, patient_id=alert.patient_id, alert_id=alert_id)
        tell_patient(tx, rt, alert, key, now)


def _cannot_tell(tx: Tx, rt: Runtime, alert_id: AlertId, key: str, now: datetime) -> None:
    """A person tells them."""
    reminders.mark_told(tx, alert_id, now, nobody=key == "nobody_reached")
    alert = alerts.get_alert(tx, alert_id)
    about = f"alert:{alert_id}:{alert.round}:{key}"
    desk.put(tx, rt, CANNOT_BE_SENT, Due.NOW, about, now, phone_id=alert.phone_id, text_id=alert.text_id)
