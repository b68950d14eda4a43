"""Paging: reminders, the unreached alarm, rota rules, checks of staff numbers, claims of work items"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def upgrade() -> None:
    for name in ("remind_at", "reopen_at", "unreached_at", "nobody_told_at"):
        op.add_column("alerts", _instant(name))
    # What was taken before this version and has no outcome is reminded of like the rest.
    op.execute(
        "UPDATE alerts SET remind_at = acknowledged_at + interval '15 minutes' "
        "WHERE acknowledged_at IS NOT NULL AND closed_at IS NULL"
    )
    for name in ("remind_at", "reopen_at"):
        op.create_index(f"ix_alerts_{name}", "alerts", [name], postgresql_where=sa.text(f"{name} IS NOT NULL"))
    for name in ("claimed_at", "raised_at"):
        op.add_column("work_items", _instant(name))
    op.add_column("staff", sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column("heartbeats", sa.Column("about", sa.Text(), nullable=True))
    op.create_table(
        "rota_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_rules")),
    )
    op.create_table(
        "staff_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        _instant("answered_at"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_checks_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_checks")),
    )
    op.create_index("ix_staff_checks_staff_id_sent_at", "staff_checks", ["staff_id", "sent_at"])


def downgrade() -> None:
    op.drop_table("staff_checks")
    op.drop_table("rota_rules")
    op.drop_column("heartbeats", "about")
    op.drop_column("staff", "channels")
    for name in ("claimed_at", "raised_at"):
        op.drop_column("work_items", name)
    for name in ("remind_at", "reopen_at"):
        op.drop_index(f"ix_alerts_{name}", "alerts")
    for name in ("remind_at", "reopen_at", "unreached_at", "nobody_told_at"):
        op.drop_column("alerts", name)
