"""Pages by time: when each telephone was last called"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index("ix_pages_requested_at", "pages", ["requested_at"])


def downgrade() -> None:
    op.drop_index("ix_pages_requested_at", "pages")
