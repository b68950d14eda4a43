"""Every table and index: what may exist at most once is a unique index. It holds no query."""

from __future__ import annotations

from bot.storage.tables.alerting import alert_texts, alerts, looking, pages, work_items
from bot.storage.tables.base import metadata
from bot.storage.tables.house import (
    audit,
    heartbeats,
    rota,
    rota_rules,
    sign_in_tries,
    staff,
    staff_checks,
    staff_sessions,
)
from bot.storage.tables.leaving import lanes, outbox, receipts
from bot.storage.tables.people import check_ins, consents, patients, phones, procedures, texters
from bot.storage.tables.thread import conversations, corrections, findings, scores, texts

__all__ = [
    "alert_texts",
    "alerts",
    "audit",
    "check_ins",
    "consents",
    "conversations",
    "corrections",
    "findings",
    "heartbeats",
    "lanes",
    "looking",
    "metadata",
    "outbox",
    "pages",
    "patients",
    "phones",
    "procedures",
    "receipts",
    "rota",
    "rota_rules",
    "scores",
    "sign_in_tries",
    "staff",
    "staff_checks",
    "staff_sessions",
    "texters",
    "texts",
    "work_items",
]
