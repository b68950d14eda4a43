"""Who is looking at which alert just now"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "looking",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_looking_alert_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_looking_staff_id"),
        sa.PrimaryKeyConstraint("alert_id", "staff_id", name="pk_looking"),
    )


def downgrade() -> None:
    op.drop_table("looking")
