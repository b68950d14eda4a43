"""Staff, their sessions, sign-ins and rota, the audit, the heartbeats."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Identity, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from bot.storage.tables.base import Column, Instant, NullableColumn, Words, metadata, of, row_id

staff = Table(
    "staff",
    metadata,
    row_id(),
    Column("username", Text, unique=True),
    Column("name_sealed", LargeBinary),
    NullableColumn("phone_hash", LargeBinary),
    NullableColumn("phone_sealed", LargeBinary),
    Column("role", Text),
    Column("password_hash", Text),
    Column("created_at", Instant),
    NullableColumn("disabled_at", Instant),
    NullableColumn("verified_at", Instant),
    NullableColumn("channels", Words),  # null: every channel reaches them; a landline has voice alone
    Column("failed_sign_ins", Integer),
    NullableColumn("sign_in_after", Instant),
    Column("must_change_password", Boolean, server_default="false"),  # a one-time password was set by somebody else
    NullableColumn("signed_in_at", Instant),
    Index("ix_staff_phone_hash", "phone_hash"),
)


staff_sessions = Table(
    "staff_sessions",
    metadata,
    row_id(),
    Column("token_hash", LargeBinary, unique=True),
    of("staff_id", "staff"),
    Column("started_at", Instant),
    Column("seen_at", Instant),
    NullableColumn("ended_at", Instant),
    Index("ix_staff_sessions_staff_id", "staff_id"),
)


sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    NullableColumn("address_hash", LargeBinary, primary_key=True),
    Column("failed", Integer),
    Column("last_at", Instant),
)


rota = Table(
    "rota",
    metadata,
    row_id(),
    of("staff_id", "staff"),
    Column("tier", Integer),
    NullableColumn("from_at", Instant),
    NullableColumn("to_at", Instant),
    Index("ix_rota_tier", "tier"),
)


rota_rules = Table(
    "rota_rules",
    metadata,
    row_id(),
    Column("kind", Text),  # rotation, override, holiday
    Column("rule", JSONB),
)


staff_checks = Table(
    "staff_checks",
    metadata,
    row_id(),
    of("staff_id", "staff"),
    Column("number_hash", LargeBinary),  # a new number has to be checked anew
    Column("channel", Text),
    Column("kind", Text),  # code, test
    Column("code_sealed", LargeBinary),
    Column("tries", Integer),
    Column("sent_at", Instant),
    NullableColumn("answered_at", Instant),
    Index("ix_staff_checks_staff_id_sent_at", "staff_id", "sent_at"),
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
    Index("ix_audit_who_at", "who", "at"),
)


heartbeats = Table(
    "heartbeats",
    metadata,
    NullableColumn("name", Text, primary_key=True),
    Column("at", Instant),
    NullableColumn("about", Text),  # what an audit found, in words of ours
)
