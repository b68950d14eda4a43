"""First tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("alert_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_alert_id_at", "audit", ["alert_id", "at"], unique=False)
    op.create_index("ix_audit_patient_id_at", "audit", ["patient_id", "at"], unique=False)
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mrn_hash", sa.LargeBinary(), nullable=False),
        sa.Column("mrn_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("born_on_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("chart_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("died_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
        sa.UniqueConstraint("mrn_hash", name=op.f("uq_patients_mrn_hash")),
    )
    op.create_table(
        "phones",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opted_out_how", sa.Text(), nullable=True),
        sa.Column("greeted_unknown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unusable_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phones")),
        sa.UniqueConstraint("number_hash", name=op.f("uq_phones_number_hash")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("sign_in_after", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    op.create_index("ix_staff_phone_hash", "staff", ["phone_hash"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_consents_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("uq_consents_patient_id_given_at", "consents", ["patient_id", "given_at"], unique=True)
    op.create_table(
        "procedures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("side", sa.Text(), nullable=True),
        sa.Column("sedation", sa.Boolean(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("drug", sa.Text(), nullable=True),
        sa.Column("dose_mg", sa.Float(), nullable=True),
        sa.Column("baseline_pain", sa.Integer(), nullable=True),
        sa.Column("block_pain", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_procedures_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedures")),
    )
    op.create_index("uq_procedures_patient_id_protocol_at", "procedures", ["patient_id", "protocol", "at"], unique=True)
    op.create_table(
        "rota",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_rota_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota")),
    )
    op.create_index("ix_rota_tier", "rota", ["tier"], unique=False)
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_table(
        "texters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_texters_patient_id")),
        sa.ForeignKeyConstraint(["phone_id"], ["phones.id"], name=op.f("fk_texters_phone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_texters")),
    )
    op.create_index("ix_texters_phone_id", "texters", ["phone_id"], unique=False)
    op.create_index("uq_texters_patient_id_phone_id", "texters", ["patient_id", "phone_id"], unique=True)
    op.create_table(
        "check_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("procedure_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name=op.f("fk_check_ins_procedure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
    )
    op.create_index(
        "ix_check_ins_closes_at",
        "check_ins",
        ["closes_at"],
        unique=False,
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.create_index(
        "ix_check_ins_due_at",
        "check_ins",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index("uq_check_ins_procedure_id_name", "check_ins", ["procedure_id", "name"], unique=True)
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("clarify", sa.Text(), nullable=True),
        sa.Column("clarify_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clarify_flag_word", sa.Boolean(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_conversations_check_in_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_conversations_patient_id")),
        sa.ForeignKeyConstraint(["phone_id"], ["phones.id"], name=op.f("fk_conversations_phone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(
        "ix_conversations_clarify_due_at",
        "conversations",
        ["clarify_due_at"],
        unique=False,
        postgresql_where=sa.text("clarify_due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_conversations_remind_at",
        "conversations",
        ["remind_at"],
        unique=False,
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )
    op.create_index(
        "uq_conversations_open_question_phone_id",
        "conversations",
        ["phone_id"],
        unique=True,
        postgresql_where=sa.text("question_id IS NOT NULL"),
    )
    op.create_index("uq_conversations_patient_id_phone_id", "conversations", ["patient_id", "phone_id"], unique=True)
    op.create_table(
        "texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("words_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sid", sa.Text(), nullable=True),
        sa.Column("media", sa.Integer(), nullable=False),
        sa.Column("opt_out_type", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_texts_conversation_id")),
        sa.ForeignKeyConstraint(["phone_id"], ["phones.id"], name=op.f("fk_texts_phone_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_texts_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_texts")),
        sa.UniqueConstraint("sid", name=op.f("uq_texts_sid")),
    )
    op.create_index("ix_texts_conversation_id_at", "texts", ["conversation_id", "at"], unique=False)
    op.create_index("ix_texts_phone_id_at", "texts", ["phone_id", "at"], unique=False)
    op.create_index(
        "ix_texts_unanswered_at",
        "texts",
        ["at"],
        unique=False,
        postgresql_where=sa.text("direction = 'in' AND answered_at IS NULL"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("procedure_id", sa.Uuid(), nullable=True),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("paging_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("next_page_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_paged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("acknowledged_how", sa.Text(), nullable=True),
        sa.Column("patient_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_alerts_patient_id")),
        sa.ForeignKeyConstraint(["phone_id"], ["phones.id"], name=op.f("fk_alerts_phone_id")),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name=op.f("fk_alerts_procedure_id")),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_alerts_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "ix_alerts_next_page_at",
        "alerts",
        ["next_page_at"],
        unique=False,
        postgresql_where=sa.text("acknowledged_at IS NULL AND closed_at IS NULL"),
    )
    op.create_index(
        "ix_alerts_opened_at",
        "alerts",
        ["opened_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_alerts_patient_id_opened_at", "alerts", ["patient_id", "opened_at"], unique=False)
    op.create_index(
        "uq_alerts_open_code", "alerts", ["code"], unique=True, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("intents", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("pain", sa.Integer(), nullable=True),
        sa.Column("relief", sa.Integer(), nullable=True),
        sa.Column("temperature_c", sa.Float(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("clarify", sa.Text(), nullable=True),
        sa.Column("flag_word", sa.Boolean(), nullable=False),
        sa.Column("evidence_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content_version", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_findings_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("text_id", name=op.f("uq_findings_text_id")),
    )
    op.create_table(
        "scores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("procedure_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedures.id"], name=op.f("fk_scores_procedure_id")),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_scores_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
    )
    op.create_index("ix_scores_procedure_id_at", "scores", ["procedure_id", "at"], unique=False)
    op.create_index("uq_scores_text_id_kind", "scores", ["text_id", "kind"], unique=True)
    op.create_table(
        "work_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_work_items_patient_id")),
        sa.ForeignKeyConstraint(["phone_id"], ["phones.id"], name=op.f("fk_work_items_phone_id")),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_work_items_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_items")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_work_items_dedupe_key")),
    )
    op.create_index(
        "ix_work_items_due_at",
        "work_items",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "alert_texts",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_texts_alert_id")),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_alert_texts_text_id")),
        sa.PrimaryKeyConstraint("alert_id", "text_id", name=op.f("pk_alert_texts")),
    )
    op.create_index("ix_alert_texts_text_id", "alert_texts", ["text_id"], unique=False)
    op.create_table(
        "pages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("loop", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_pages_alert_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_pages_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
    )
    op.create_index(
        "uq_pages_order",
        "pages",
        ["alert_id", "round", "loop", "step", "number_hash", "channel"],
        unique=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("to_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.Column("page_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sid", sa.Text(), nullable=True),
        sa.Column("provider_status", sa.Text(), nullable=True),
        sa.Column("status_rank", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_outbox_page_id")),
        sa.ForeignKeyConstraint(["phone_id"], ["phones.id"], name=op.f("fk_outbox_phone_id")),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_outbox_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
        sa.UniqueConstraint("sid", name=op.f("uq_outbox_sid")),
    )
    op.create_index("ix_outbox_page_id", "outbox", ["page_id"], unique=False)
    op.create_index(
        "ix_outbox_priority_due_at",
        "outbox",
        ["priority", "due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('due', 'claimed', 'sending', 'unknown')"),
    )
    op.create_index("ix_outbox_text_id", "outbox", ["text_id"], unique=False)


def downgrade() -> None:

    op.drop_index("ix_outbox_text_id", table_name="outbox")
    op.drop_index(
        "ix_outbox_priority_due_at",
        table_name="outbox",
        postgresql_where=sa.text("state IN ('due', 'claimed', 'sending', 'unknown')"),
    )
    op.drop_index("ix_outbox_page_id", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("uq_pages_order", table_name="pages")
    op.drop_table("pages")
    op.drop_index("ix_alert_texts_text_id", table_name="alert_texts")
    op.drop_table("alert_texts")
    op.drop_index("ix_work_items_due_at", table_name="work_items", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_table("work_items")
    op.drop_index("uq_scores_text_id_kind", table_name="scores")
    op.drop_index("ix_scores_procedure_id_at", table_name="scores")
    op.drop_table("scores")
    op.drop_table("findings")
    op.drop_index("uq_alerts_open_code", table_name="alerts", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index("ix_alerts_patient_id_opened_at", table_name="alerts")
    op.drop_index("ix_alerts_opened_at", table_name="alerts", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index(
        "ix_alerts_next_page_at",
        table_name="alerts",
        postgresql_where=sa.text("acknowledged_at IS NULL AND closed_at IS NULL"),
    )
    op.drop_table("alerts")
    op.drop_index(
        "ix_texts_unanswered_at",
        table_name="texts",
        postgresql_where=sa.text("direction = 'in' AND answered_at IS NULL"),
    )
    op.drop_index("ix_texts_phone_id_at", table_name="texts")
    op.drop_index("ix_texts_conversation_id_at", table_name="texts")
    op.drop_table("texts")
    op.drop_index("uq_conversations_patient_id_phone_id", table_name="conversations")
    op.drop_index(
        "uq_conversations_open_question_phone_id",
        table_name="conversations",
        postgresql_where=sa.text("question_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_conversations_remind_at",
        table_name="conversations",
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_conversations_clarify_due_at",
        table_name="conversations",
        postgresql_where=sa.text("clarify_due_at IS NOT NULL"),
    )
    op.drop_table("conversations")
    op.drop_index("uq_check_ins_procedure_id_name", table_name="check_ins")
    op.drop_index("ix_check_ins_due_at", table_name="check_ins", postgresql_where=sa.text("state = 'planned'"))
    op.drop_index("ix_check_ins_closes_at", table_name="check_ins", postgresql_where=sa.text("state = 'sent'"))
    op.drop_table("check_ins")
    op.drop_index("uq_texters_patient_id_phone_id", table_name="texters")
    op.drop_index("ix_texters_phone_id", table_name="texters")
    op.drop_table("texters")
    op.drop_table("staff_sessions")
    op.drop_index("ix_rota_tier", table_name="rota")
    op.drop_table("rota")
    op.drop_index("uq_procedures_patient_id_protocol_at", table_name="procedures")
    op.drop_table("procedures")
    op.drop_index("uq_consents_patient_id_given_at", table_name="consents")
    op.drop_table("consents")
    op.drop_index("ix_staff_phone_hash", table_name="staff")
    op.drop_table("staff")
    op.drop_table("phones")
    op.drop_table("patients")
    op.drop_table("heartbeats")
    op.drop_index("ix_audit_patient_id_at", table_name="audit")
    op.drop_index("ix_audit_alert_id_at", table_name="audit")
    op.drop_table("audit")
