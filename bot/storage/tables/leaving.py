"""What is to leave and what became of it: the outbox, the receipts, the lanes."""

from __future__ import annotations

from sqlalchemy import Index, Integer, LargeBinary, Table, Text, Uuid, text

from bot.storage.tables.base import Column, Instant, NullableColumn, metadata, of, row_id

outbox = Table(
    "outbox",
    metadata,
    row_id(),
    Column("dedupe_key", Text, unique=True),
    Column("kind", Text),  # page, reply, check_in, staff
    Column("channel", Text),
    Column("priority", Integer),  # 0 pages, 1 replies, 2 check-ins
    Column("to_sealed", LargeBinary),
    Column("body_sealed", LargeBinary),
    of("phone_id", "phones", nullable=True),
    of("text_id", "texts", nullable=True),
    of("page_id", "pages", nullable=True),
    Column("state", Text),
    Column("created_at", Instant),
    Column("due_at", Instant),
    Column("expires_at", Instant),
    Column("attempts", Integer),
    NullableColumn("first_try_at", Instant),
    NullableColumn("owner", Uuid),
    Column("failures", Integer, server_default=text("0")),  # errors after which the same text was tried again
    NullableColumn("lease_until", Instant),  # these three: the database's clock; every other instant is the bot's
    NullableColumn("first_requested_at", Instant),
    NullableColumn("requested_at", Instant),
    NullableColumn("sid", Text, unique=True),
    NullableColumn("provider_status", Text),
    Column("status_rank", Integer),
    NullableColumn("error_code", Integer),
    NullableColumn("accepted_at", Instant),
    NullableColumn("ended_at", Instant),
    Index(
        "ix_outbox_priority_due_at",
        "priority",
        "due_at",
        postgresql_where=text("state IN ('due', 'claimed', 'sending', 'unknown')"),
    ),
    Index("ix_outbox_text_id", "text_id"),
    Index("ix_outbox_page_id", "page_id"),
    Index(
        "ix_outbox_travelling_lease_until",
        "lease_until",
        postgresql_where=text("state IN ('accepted', 'sent')"),
    ),
)


receipts = Table(
    "receipts",
    metadata,
    row_id(),
    NullableColumn("outbox_id", Uuid),  # what the callback's address carried, known here or not
    Column("sid", Text),
    Column("status", Text),
    Column("rank", Integer),
    NullableColumn("error_code", Integer),
    Column("at", Instant),
    Index("uq_receipts_sid_status", "sid", "status", unique=True),
)


lanes = Table(
    "lanes",
    metadata,
    NullableColumn("name", Text, primary_key=True),
    NullableColumn("held_until", Instant),  # every instant here: the database's clock
    NullableColumn("held_for", Text),
    NullableColumn("free_at", Instant),  # when the number may send its next text
    NullableColumn("done_until", Instant),  # the sweep: inbound texts older than this are all kept
)
