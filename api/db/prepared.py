"""Core statements compiled once and run by the driver, for the few that every session passes through.

SQLAlchemy's execution takes several times as long as SQLite does for the statement itself. What is kept of it: the
statement, its types, its transaction, its rows and its errors. What is given up: parameters that expand (`in_`), events
and result options; a statement that needs one of these is executed by the connection as usual.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Row, exc
from sqlalchemy.engine.result import result_tuple
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Parameters = Mapping[str, Any]
Processor = Callable[[Any], Any]


class Prepared:
    """A statement of Core; an INSERT or UPDATE without values of its own sets the columns that the parameters name."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self._forms: dict[tuple[str, ...], Form] = {}

    def one(self, db: Connection, parameters: Parameters) -> Row[Any]:
        """The first row; LookupError where there is none."""
        row = self.one_or_none(db, parameters)
        if row is None:
            raise LookupError("the statement gave no row")
        return row

    def one_or_none(self, db: Connection, parameters: Parameters) -> Row[Any] | None:
        return next(iter(self.all(db, parameters)), None)

    def all(self, db: Connection, parameters: Parameters) -> list[Row[Any]]:
        form = self._form(db.dialect, parameters)
        return form.rows(ask(db, form.sql, form.bound(parameters)))

    def run(self, db: Connection, parameters: Parameters) -> int:
        """How many rows it changed."""
        form = self._form(db.dialect, parameters)
        return tell(db, form.sql, [form.bound(parameters)])

    def run_each(self, db: Connection, rows: Sequence[Parameters]) -> None:
        """Once with each of these, all of which have the same names; at least one."""
        form = self._form(db.dialect, rows[0])
        tell(db, form.sql, form.bound_each(rows))

    def _form(self, dialect: Dialect, parameters: Parameters) -> "Form":
        key = (dialect.name, *parameters)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = Form(self.statement, list(parameters), dialect)
        return form


class Form:
    """A statement in one dialect for some parameters: its text, and what makes values the driver's own and back."""

    __slots__ = ("_binders", "_fixed", "_names", "_positional", "_readers", "_row", "sql")

    def __init__(self, statement: Any, names: list[str], dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=names)
        if compiled.post_compile_params:
            raise TypeError("a statement with parameters that expand cannot be prepared")
        columns = list(statement.exported_columns)
        binds = compiled.binds
        self.sql = str(compiled)
        self._positional = compiled.positiontup is not None
        self._fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
        self._names = compiled.positiontup or list(binds)
        self._binders = [(name, binder(binds[name].type, dialect)) for name in self._names]
        readers = ((place, processor(column.type, dialect)) for place, column in enumerate(columns))
        self._readers = [(place, read) for place, read in readers if read]
        self._row = result_tuple([column.key for column in columns])

    def bound(self, parameters: Parameters) -> Any:
        """The parameters as the driver takes them; KeyError where one is missing. NULL needs no processor."""
        values = {**self._fixed, **parameters}
        bound = [
            bind(value) if bind and (value := values[name]) is not None else values[name]
            for name, bind in self._binders
        ]
        return bound if self._positional else dict(zip(self._names, bound, strict=True))

    def bound_each(self, rows: Sequence[Parameters]) -> list[Any]:
        """Column by column, since most columns of many rows have one value in all of them."""
        if len(rows) == 1:
            return [self.bound(rows[0])]
        columns = [bound_column(bind, self._column(name, rows)) for name, bind in self._binders]
        bound = zip(*columns, strict=True)
        return list(bound) if self._positional else [dict(zip(self._names, row, strict=True)) for row in bound]

    def _column(self, name: str, rows: Sequence[Parameters]) -> list[Any]:
        return [self._fixed[name]] * len(rows) if name in self._fixed else [row[name] for row in rows]

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Row[Any]]:
        return [self._row(self._read(row)) for row in found]

    def _read(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, read in self._readers:
            if (value := values[place]) is not None:
                values[place] = read(value)
        return values


def bound_column(bind: Processor | None, values: list[Any]) -> list[Any]:
    if bind is None:
        return values
    first = values[0]
    if values.count(first) == len(values):
        return [None if first is None else bind(first)] * len(values)
    return [None if value is None else bind(value) for value in values]


def binder(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def processor(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def ask(db: Connection, sql: str, parameters: Any) -> list[Any]:
    driver = begun(db)
    try:
        found: list[Any] = driver.execute(sql, parameters).fetchall()
    except db.dialect.loaded_dbapi.Error as error:
        raise as_raised(db, sql, error) from error
    return found


def tell(db: Connection, sql: str, rows: list[Any]) -> int:
    cursor = begun(db).cursor()
    try:
        if len(rows) == 1:
            cursor.execute(sql, rows[0])
        else:
            cursor.executemany(sql, rows)
    except db.dialect.loaded_dbapi.Error as error:
        raise as_raised(db, sql, error) from error
    return int(cursor.rowcount)


def begun(db: Connection) -> Any:
    """The driver's connection, in the transaction that the connection's owner ends."""
    if not db.in_transaction():
        db.begin()
    return db.connection.driver_connection


def as_raised(db: Connection, sql: str, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy raises it, without values; a connection that is lost is given up as well."""
    lost = db.dialect.is_disconnect(error, db.connection.driver_connection, None)  # type: ignore[arg-type]  # as it calls it
    if lost:
        db.invalidate(error)
    return exc.DBAPIError.instance(
        sql,
        None,
        error,
        db.dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=db.dialect,
    )
