"""What every table is made of: one metadata, names for constraints, columns that are never null by default."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa
from sqlalchemy import DateTime, ForeignKey, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NullableColumn = sa.Column
Column = partial(NullableColumn, nullable=False)
Instant = DateTime(timezone=True)
Words = ARRAY(Text)


def row_id() -> sa.Column[object]:
    """A UUID that the application makes: sealed values are bound to it before the row exists."""
    return NullableColumn("id", Uuid, primary_key=True)


def of(name: str, target: str, *, nullable: bool = False) -> sa.Column[object]:
    """A reference to a row of another table."""
    return NullableColumn(name, Uuid, ForeignKey(f"{target}.id"), nullable=nullable)
