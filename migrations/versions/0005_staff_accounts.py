"""Staff accounts: one-time passwords, the last sign-in, failed tries by address; the audit by person"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("staff", sa.Column("must_change_password", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("staff", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "sign_in_tries",
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_sign_in_tries")),
    )
    op.create_index("ix_audit_who_at", "audit", ["who", "at"])
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])


def downgrade() -> None:
    op.drop_index("ix_staff_sessions_staff_id", table_name="staff_sessions")
    op.drop_index("ix_audit_who_at", table_name="audit")
    op.drop_table("sign_in_tries")
    for name in ("signed_in_at", "must_change_password"):
        op.drop_column("staff", name)
