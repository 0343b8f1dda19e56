"""INSERT … ON CONFLICT, which both databases speak and SQLAlchemy offers once for each."""

from typing import Any

from sqlalchemy.dialects import postgresql


def upsert(table: Any) -> postgresql.Insert:
    """An insert with `on_conflict_do_update`, `on_conflict_do_nothing` and `excluded`, right on both databases.

    Name the rivals by `index_elements`, never by constraint. `rowcount` tells how many rows were written. The insert
    knows no connection, so it may be built once at import.
    """
    # SQLAlchemy's two dialects compile this construct alike; the store's tests hold it to that. Without the option,
    # PostgreSQL's rowcount would be -1.
    return postgresql.insert(table).execution_options(preserve_rowcount=True)
