"""What needs a person: alerts, pages, work items."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from bot.storage.tables.base import Column, Instant, NullableColumn, Words, metadata, of, row_id

alerts = Table(
    "alerts",
    metadata,
    row_id(),
    of("patient_id", "patients", nullable=True),
    of("procedure_id", "procedures", nullable=True),
    of("phone_id", "phones", nullable=True),
    of("text_id", "texts", nullable=True),
    Column("level", Text),
    Column("flags", Words),
    Column("reason", Text),
    Column("code", Text),
    Column("opened_at", Instant),
    Column("policy", JSONB),
    Column("paging_from", Instant),  # where the policy's seconds are counted from
    Column("round", Integer),  # goes up when the alert pages anew
    NullableColumn("next_page_at", Instant),
    NullableColumn("first_paged_at", Instant),
    NullableColumn("acknowledged_at", Instant),
    NullableColumn("acknowledged_by", Text),
    NullableColumn("acknowledged_how", Text),
    NullableColumn("remind_at", Instant),  # taken: when its holder is reminded that it has no outcome
    NullableColumn("reopen_at", Instant),  # reminded: when it opens again
    NullableColumn("unreached_at", Instant),  # the first round of paging is over and nobody has it
    NullableColumn("patient_told_at", Instant),  # that nobody has called them yet
    NullableColumn("nobody_told_at", Instant),  # that nobody could be reached
    NullableColumn("closed_at", Instant),
    NullableColumn("closed_by", Text),
    NullableColumn("outcome", Text),
    NullableColumn("note_sealed", LargeBinary),
    Index("uq_alerts_open_code", "code", unique=True, postgresql_where=text("closed_at IS NULL")),
    Index("ix_alerts_patient_id_opened_at", "patient_id", "opened_at"),
    Index(
        "ix_alerts_next_page_at",
        "next_page_at",
        postgresql_where=text("acknowledged_at IS NULL AND closed_at IS NULL"),
    ),
    Index("ix_alerts_opened_at", "opened_at", postgresql_where=text("closed_at IS NULL")),
    Index("ix_alerts_remind_at", "remind_at", postgresql_where=text("remind_at IS NOT NULL")),
    Index("ix_alerts_reopen_at", "reopen_at", postgresql_where=text("reopen_at IS NOT NULL")),
)


alert_texts = Table(
    "alert_texts",
    metadata,
    NullableColumn("alert_id", Uuid, ForeignKey("alerts.id"), primary_key=True),
    NullableColumn("text_id", Uuid, ForeignKey("texts.id"), primary_key=True),
    Index("ix_alert_texts_text_id", "text_id"),
)


pages = Table(
    "pages",
    metadata,
    row_id(),
    of("alert_id", "alerts"),
    of("staff_id", "staff", nullable=True),  # null: the clinic's fallback number
    Column("number_hash", LargeBinary),
    Column("channel", Text),
    Column("round", Integer),
    Column("step", Integer),
    Column("loop", Integer),
    Column("reason", Text),
    Column("state", Text),
    Column("requested_at", Instant),
    NullableColumn("answered_at", Instant),
    Index(
        "uq_pages_order",
        "alert_id",
        "round",
        "loop",
        "step",
        "number_hash",
        "channel",
        unique=True,
    ),
    Index("ix_pages_requested_at", "requested_at"),
)


looking = Table(
    "looking",
    metadata,
    NullableColumn("alert_id", Uuid, ForeignKey("alerts.id"), primary_key=True),
    NullableColumn("staff_id", Uuid, ForeignKey("staff.id"), primary_key=True),
    Column("since_at", Instant),
    Column("seen_at", Instant),
)


work_items = Table(
    "work_items",
    metadata,
    row_id(),
    Column("dedupe_key", Text, unique=True),
    Column("kind", Text),
    of("patient_id", "patients", nullable=True),
    of("phone_id", "phones", nullable=True),
    of("text_id", "texts", nullable=True),
    Column("created_at", Instant),
    Column("due_at", Instant),
    NullableColumn("claimed_by", Text),
    NullableColumn("claimed_at", Instant),
    NullableColumn("raised_at", Instant),  # overdue: when on-call staff were told
    NullableColumn("done_at", Instant),
    NullableColumn("done_by", Text),
    NullableColumn("outcome", Text),
    Index("ix_work_items_due_at", "due_at", postgresql_where=text("done_at IS NULL")),
)
