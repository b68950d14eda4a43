"""Every table and index: what may exist at most once is a unique index. It holds no query."""

from __future__ import annotations

from functools import partial

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy import (
    Column as NullableColumn,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Column = partial(NullableColumn, nullable=False)
Instant = DateTime(timezone=True)
Words = ARRAY(Text)


def _id() -> NullableColumn[object]:
    return NullableColumn("id", Uuid, primary_key=True)


def _of(name: str, target: str, *, nullable: bool = False) -> NullableColumn[object]:
    return NullableColumn(name, Uuid, ForeignKey(f"{target}.id"), nullable=nullable)


patients = Table(
    "patients",
    metadata,
    _id(),
    Column("mrn_hash", LargeBinary, unique=True),
    Column("mrn_sealed", LargeBinary),
    Column("name_sealed", LargeBinary),
    Column("born_on_sealed", LargeBinary),
    Column("chart_sealed", LargeBinary),  # old deficits, anticoagulant, diabetes, allergies, emergency contact
    Column("language", Text),
    Column("time_zone", Text),
    Column("created_at", Instant),
    NullableColumn("died_at", Instant),
)

phones = Table(
    "phones",
    metadata,
    _id(),
    Column("number_hash", LargeBinary, unique=True),
    Column("number_sealed", LargeBinary),
    Column("created_at", Instant),
    NullableColumn("opted_out_at", Instant),
    NullableColumn("opted_out_how", Text),
    NullableColumn("greeted_unknown_at", Instant),
    NullableColumn("unusable_since", Instant),
)

texters = Table(
    "texters",
    metadata,
    _id(),
    _of("patient_id", "patients"),
    _of("phone_id", "phones"),
    Column("relation", Text),
    Column("name_sealed", LargeBinary),
    Column("is_first", Boolean),  # the one who gets the check-ins
    Index("uq_texters_patient_id_phone_id", "patient_id", "phone_id", unique=True),
    Index("ix_texters_phone_id", "phone_id"),
)

consents = Table(
    "consents",
    metadata,
    _id(),
    _of("patient_id", "patients"),
    Column("given_by", Text),
    Column("method", Text),
    Column("given_at", Instant),
    Column("wording", Text),
    Column("recorded_at", Instant),
    NullableColumn("withdrawn_at", Instant),
    Index("uq_consents_patient_id_given_at", "patient_id", "given_at", unique=True),
)

procedures = Table(
    "procedures",
    metadata,
    _id(),
    _of("patient_id", "patients"),
    Column("protocol", Text),
    Column("at", Instant),
    NullableColumn("level", Text),
    NullableColumn("side", Text),
    NullableColumn("sedation", Boolean),
    NullableColumn("provider", Text),
    NullableColumn("drug", Text),
    NullableColumn("dose_mg", Float),
    NullableColumn("baseline_pain", Integer),
    NullableColumn("block_pain", Integer),
    Column("created_at", Instant),
    Index("uq_procedures_patient_id_protocol_at", "patient_id", "protocol", "at", unique=True),
)

check_ins = Table(
    "check_ins",
    metadata,
    _id(),
    _of("procedure_id", "procedures"),
    Column("name", Text),
    Column("due_at", Instant),
    Column("closes_at", Instant),
    Column("state", Text),
    NullableColumn("sent_at", Instant),
    NullableColumn("ended_at", Instant),
    Index("uq_check_ins_procedure_id_name", "procedure_id", "name", unique=True),
    Index("ix_check_ins_due_at", "due_at", postgresql_where=text("state = 'planned'")),
    Index("ix_check_ins_closes_at", "closes_at", postgresql_where=text("state = 'sent'")),
)

conversations = Table(
    "conversations",
    metadata,
    _id(),
    _of("patient_id", "patients"),
    _of("phone_id", "phones"),
    Column("state", Text),
    _of("check_in_id", "check_ins", nullable=True),
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
    _id(),
    _of("phone_id", "phones"),
    _of("conversation_id", "conversations", nullable=True),
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
    _of("staff_id", "staff", nullable=True),
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
    _id(),
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
)

scores = Table(
    "scores",
    metadata,
    _id(),
    _of("procedure_id", "procedures"),
    _of("text_id", "texts"),
    Column("kind", Text),  # pain, relief
    Column("value", Integer),
    Column("day", Integer),
    Column("asked", Text),  # the question it answered
    Column("at", Instant),
    Index("uq_scores_text_id_kind", "text_id", "kind", unique=True),
    Index("ix_scores_procedure_id_at", "procedure_id", "at"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("dedupe_key", Text, unique=True),
    Column("kind", Text),  # page, reply, check_in, staff
    Column("channel", Text),
    Column("priority", Integer),  # 0 pages, 1 replies, 2 check-ins
    Column("to_sealed", LargeBinary),
    Column("body_sealed", LargeBinary),
    _of("phone_id", "phones", nullable=True),
    _of("text_id", "texts", nullable=True),
    _of("page_id", "pages", nullable=True),
    Column("state", Text),
    Column("created_at", Instant),
    Column("due_at", Instant),
    Column("expires_at", Instant),
    Column("attempts", Integer),
    NullableColumn("first_try_at", Instant),
    NullableColumn("owner", Uuid),
    NullableColumn("lease_until", Instant),  # the database's clock; every other instant is the bot's
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
)

alerts = Table(
    "alerts",
    metadata,
    _id(),
    _of("patient_id", "patients", nullable=True),
    _of("procedure_id", "procedures", nullable=True),
    _of("phone_id", "phones", nullable=True),
    _of("text_id", "texts", nullable=True),
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
    NullableColumn("patient_told_at", Instant),
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
    _id(),
    _of("alert_id", "alerts"),
    _of("staff_id", "staff", nullable=True),  # null: the clinic's fallback number
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
)

work_items = Table(
    "work_items",
    metadata,
    _id(),
    Column("dedupe_key", Text, unique=True),
    Column("kind", Text),
    _of("patient_id", "patients", nullable=True),
    _of("phone_id", "phones", nullable=True),
    _of("text_id", "texts", nullable=True),
    Column("created_at", Instant),
    Column("due_at", Instant),
    NullableColumn("claimed_by", Text),
    NullableColumn("done_at", Instant),
    NullableColumn("done_by", Text),
    NullableColumn("outcome", Text),
    Index("ix_work_items_due_at", "due_at", postgresql_where=text("done_at IS NULL")),
)

staff = Table(
    "staff",
    metadata,
    _id(),
    Column("username", Text, unique=True),
    Column("name_sealed", LargeBinary),
    NullableColumn("phone_hash", LargeBinary),
    NullableColumn("phone_sealed", LargeBinary),
    Column("role", Text),
    Column("password_hash", Text),
    Column("created_at", Instant),
    NullableColumn("disabled_at", Instant),
    NullableColumn("verified_at", Instant),
    Column("failed_sign_ins", Integer),
    NullableColumn("sign_in_after", Instant),
    Index("ix_staff_phone_hash", "phone_hash"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    _id(),
    Column("token_hash", LargeBinary, unique=True),
    _of("staff_id", "staff"),
    Column("started_at", Instant),
    Column("seen_at", Instant),
    NullableColumn("ended_at", Instant),
)

rota = Table(
    "rota",
    metadata,
    _id(),
    _of("staff_id", "staff"),
    Column("tier", Integer),
    NullableColumn("from_at", Instant),
    NullableColumn("to_at", Instant),
    Index("ix_rota_tier", "tier"),
)

audit = Table(
    "audit",
    metadata,
    NullableColumn("id", BigInteger, Identity(), primary_key=True),
    Column("at", Instant),
    Column("who", Text),  # a username, bot, or patient
    Column("did", Text),
    NullableColumn("patient_id", Uuid),
    NullableColumn("alert_id", Uuid),
    NullableColumn("about", Text),  # an id or a word of ours, never a patient's
    Index("ix_audit_patient_id_at", "patient_id", "at"),
    Index("ix_audit_alert_id_at", "alert_id", "at"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    NullableColumn("name", Text, primary_key=True),
    Column("at", Instant),
)
