"""Many rows of one table, made the driver's own beforehand, for a later unit that others wait for."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Dialect, Table

from api.db.prepared import as_raised, begun, binder, bound_column, tell

Inserting = Callable[[Connection], None]


def inserting(db: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> Inserting:
    """What inserts the rows, all of which have the same names, in a unit on the same database; at least one."""
    names = list(rows[0])
    columns = [bound_column(binder(table.c[name].type, db.dialect), [row[name] for row in rows]) for name in names]
    copying = db.dialect.name == "postgresql"
    run = copy_in if copying else tell_each
    return partial(run, sql=written(table, names, db.dialect, copying=copying), rows=list(zip(*columns, strict=True)))


def written(table: Table, names: Sequence[str], dialect: Dialect, *, copying: bool) -> str:
    quoted = dialect.identifier_preparer.quote
    into = f"{quoted(table.name)} ({', '.join(map(quoted, names))})"
    if copying:
        return f"COPY {into} FROM STDIN"
    return f"INSERT INTO {into} VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - names of our own


def tell_each(db: Connection, *, sql: str, rows: list[Any]) -> None:
    tell(db, sql, rows)


def copy_in(db: Connection, *, sql: str, rows: list[Any]) -> None:
    """PostgreSQL takes rows several times as fast this way."""
    try:
        with begun(db).cursor().copy(sql) as copy:
            for row in rows:
                copy.write_row(row)
    except db.dialect.loaded_dbapi.Error as error:
        raise as_raised(db, sql, error) from error
