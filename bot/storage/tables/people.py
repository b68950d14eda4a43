"""Who is followed: patients, their phones and texters, consents, procedures and check-ins."""

from __future__ import annotations

from sqlalchemy import Boolean, Float, Index, Integer, LargeBinary, Table, Text, text

from bot.storage.tables.base import Column, Instant, NullableColumn, metadata, of, row_id

patients = Table(
    "patients",
    metadata,
    row_id(),
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
    row_id(),
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
    row_id(),
    of("patient_id", "patients"),
    of("phone_id", "phones"),
    Column("relation", Text),
    Column("name_sealed", LargeBinary),
    Column("is_first", Boolean),  # the one who gets the check-ins
    NullableColumn("ended_at", Instant),  # from then on the phone is a stranger's to this patient
    Index("uq_texters_patient_id_phone_id", "patient_id", "phone_id", unique=True),
    Index("ix_texters_phone_id", "phone_id"),
)


consents = Table(
    "consents",
    metadata,
    row_id(),
    of("patient_id", "patients"),
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
    row_id(),
    of("patient_id", "patients"),
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
    row_id(),
    of("procedure_id", "procedures"),
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
