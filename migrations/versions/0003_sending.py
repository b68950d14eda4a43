"""Receipts as they came, lanes that may be held, and what a row of unknown end is looked up by"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
TRAVELLING = sa.text("state IN ('accepted', 'sent')")


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=True),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
    op.create_index("uq_receipts_sid_status", "receipts", ["sid", "status"], unique=True)
    op.create_table(
        "lanes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_for", sa.Text(), nullable=True),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lanes")),
    )
    op.add_column("outbox", sa.Column("failures", sa.Integer(), server_default="0", nullable=False))
    op.add_column("outbox", sa.Column("first_requested_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_outbox_travelling_lease_until", "outbox", ["lease_until"], postgresql_where=TRAVELLING)
    op.execute("UPDATE outbox SET lease_until = now() WHERE state = 'accepted' AND lease_until IS NULL")


def downgrade() -> None:
    op.drop_index("ix_outbox_travelling_lease_until", table_name="outbox", postgresql_where=TRAVELLING)
    op.execute("UPDATE outbox SET state = 'accepted' WHERE state = 'sent'")
    for name in ("requested_at", "first_requested_at", "failures"):
        op.drop_column("outbox", name)
    op.drop_table("lanes")
    op.drop_index("uq_receipts_sid_status", table_name="receipts")
    op.drop_table("receipts")
