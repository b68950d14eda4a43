"""PostgreSQL: rows stay here, dataclasses leave; one file per noun. The only home of SQLAlchemy."""
