"""Alarms about paging itself: nobody on call, nobody reached; each is logged, audited and put before a person."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.flows.effects import Due
from bot.planning.paging import PagePlan
from bot.runtime import Runtime
from bot.services import desk
from bot.storage.alerts import Alert
from bot.storage.audit import BOT, note
from bot.storage.database import Tx
from bot.storage.reminders import mark_unreached

log = structlog.get_logger()


def raise_for(tx: Tx, rt: Runtime, alert: Alert, plan: PagePlan, now: datetime) -> None:
    """What the plan could not do as the rota has it."""
    for skipped in plan.skipped:
        who = "nobody" if skipped.staff_id is None else str(skipped.staff_id)
        did = "skipped_tier" if skipped.staff_id is None else "skipped_member"
        note(
            tx, who=BOT, did=did, now=now, patient_id=alert.patient_id, alert_id=alert.id, about=f"{skipped.tier}:{who}"
        )
        log.warning(did, alert_id=str(alert.id), count=skipped.tier)
        today = now.astimezone(rt.content.clinic.zone).date()
        desk.put(tx, rt, "nobody_on_call", Due.NOW, f"{did}:{skipped.tier}:{who}:{today}", now)
    if (plan.unreached or plan.unreachable) and mark_unreached(tx, alert.id, now):
        did = "unreached" if plan.unreached else "nobody_to_page"
        note(tx, who=BOT, did=did, now=now, patient_id=alert.patient_id, alert_id=alert.id)
        log.error(did, alert_id=str(alert.id))
        key = f"alert:{alert.id}:{alert.round}"
        desk.put(tx, rt, "alert_unreached", Due.NOW, key, now, patient_id=alert.patient_id, phone_id=alert.phone_id)
