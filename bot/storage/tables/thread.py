"""What is said: conversations, texts, what was read in them, scores."""

from __future__ import annotations

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid, text

from bot.storage.tables.base import Column, Instant, NullableColumn, Words, metadata, of, row_id

conversations = Table(
    "conversations",
    metadata,
    row_id(),
    of("patient_id", "patients"),
    of("phone_id", "phones"),
    Column("state", Text),
    of("check_in_id", "check_ins", nullable=True),
    NullableColumn("question", Text),  # the protocol's question that stands open, or waits behind a clarifying one
    NullableColumn("question_id", Uuid),  # made anew for each asking; a reply is bound to it
    NullableColumn("asked_at", Instant),
    Column("answered", Words),  # questions of this check-in that have their answer
    NullableColumn("clarify", Text),
    NullableColumn("clarify_due_at", Instant),
    Column("clarify_flag_word", Boolean),
    NullableColumn("remind_at", Instant),
    Column("updated_at", Instant),
    Index("uq_conversations_patient_id_phone_id", "patient_id", "phone_id", unique=True),
    Index(
        "uq_conversations_open_question_phone_id",
        "phone_id",
        unique=True,
        postgresql_where=text("question_id IS NOT NULL"),
    ),
    Index("ix_conversations_remind_at", "remind_at", postgresql_where=text("remind_at IS NOT NULL")),
    Index(
        "ix_conversations_clarify_due_at",
        "clarify_due_at",
        postgresql_where=text("clarify_due_at IS NOT NULL"),
    ),
)


texts = Table(
    "texts",
    metadata,
    row_id(),
    of("phone_id", "phones"),
    of("conversation_id", "conversations", nullable=True),
    Column("direction", Text),  # in, out
    Column("kind", Text),
    Column("words_sealed", LargeBinary),
    Column("words_hash", LargeBinary),
    Column("at", Instant),
    NullableColumn("sid", Text, unique=True),
    Column("media", Integer),
    NullableColumn("opt_out_type", Text),
    NullableColumn("answered_at", Instant),  # inbound: sorted, and everything that follows written
    Column("attempts", Integer),
    NullableColumn("retry_at", Instant),
    NullableColumn("question_id", Uuid),
    of("staff_id", "staff", nullable=True),
    Index("ix_texts_conversation_id_at", "conversation_id", "at"),
    Index("ix_texts_phone_id_at", "phone_id", "at"),
    Index(
        "ix_texts_unanswered_at",
        "at",
        postgresql_where=text("direction = 'in' AND answered_at IS NULL"),
    ),
)


findings = Table(
    "findings",
    metadata,
    row_id(),
    NullableColumn("text_id", Uuid, ForeignKey("texts.id"), nullable=False, unique=True),
    Column("level", Text),
    Column("flags", Words),
    Column("intents", Words),
    NullableColumn("pain", Integer),
    NullableColumn("relief", Integer),
    NullableColumn("temperature_c", Float),
    Column("language", Text),
    NullableColumn("answer", Text),
    NullableColumn("clarify", Text),
    Column("flag_word", Boolean),
    Column("evidence_sealed", LargeBinary),
    Column("content_version", Text),
    Column("at", Instant),
    NullableColumn("asked", Text),  # the question it was read against; null before that was kept
)


corrections = Table(
    "corrections",
    metadata,
    row_id(),
    of("text_id", "texts"),
    Column("level", Text),
    NullableColumn("flag", Text),  # what it was about, where staff said so
    Column("reason_sealed", LargeBinary),
    of("staff_id", "staff"),
    Column("at", Instant),
    NullableColumn("looked_at", Instant),  # by whoever keeps the lexicon
    NullableColumn("looked_by", Text),
    Index("ix_corrections_text_id_at", "text_id", "at"),
)


scores = Table(
    "scores",
    metadata,
    row_id(),
    of("procedure_id", "procedures"),
    of("text_id", "texts"),
    Column("kind", Text),  # pain, relief
    Column("value", Integer),
    Column("day", Integer),
    Column("asked", Text),  # the question it answered
    Column("at", Instant),
    Index("uq_scores_text_id_kind", "text_id", "kind", unique=True),
    Index("ix_scores_procedure_id_at", "procedure_id", "at"),
)
