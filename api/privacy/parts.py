"""The parts of a person's data, asked of the tables themselves: what the person is given, and what goes with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Column, Connection, LargeBinary, Table, delete, select, tuple_
from sqlmodel import SQLModel

from api.db.columns import Json, Personal

Rows = list[dict[str, Any]]
OWNER = "user_id"
ROWS_AT_ONCE = 200
SCHEMAS: dict[type, dict[str, Any]] = {
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table that are a person's."""

    table: Table
    told: Personal

    @property
    def name(self) -> str:
        return self.told.part

    @property
    def owner(self) -> Column[Any]:
        return self.table.c[OWNER] if self.names_owner else self.table.c.id

    @property
    def names_owner(self) -> bool:
        """False of the account, which is the person."""
        return OWNER in self.table.c

    @property
    def given(self) -> list[Column[Any]]:
        return [column for column in self.table.c if column.key != OWNER and column.key not in self.told.withheld]

    @property
    def signs_in(self) -> bool:
        """Whether somebody can be known by it: by the digest of a secret, or by what is unique over all people."""
        key = list(self.table.primary_key.columns)
        secret = any(isinstance(column.type, LargeBinary) for column in key)
        return self.names_owner and (secret or key[0].key != OWNER)

    def batches(self, db: Connection, user_id: UUID) -> Iterator[Rows]:
        """The rows by name, as the person is given them, a few at a time."""
        query = select(*self.given).where(self.owner == user_id).order_by(*self.table.primary_key.columns)
        names = [column.key for column in self.given]
        for found in db.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).partitions():
            rows = [dict(zip(names, row, strict=True)) for row in found]
            for name in self.told.lists:
                for members in rows:
                    members[name] = members[name].split()
            for name in self.told.documents:
                for members in rows:
                    members[name] = from_json(members[name])
            yield rows

    def erase(self, db: Connection, user_id: UUID, at_most: int) -> int:
        """Deletes so many of the person's rows; how many there were."""
        key = self.table.primary_key.columns
        some = select(*key).where(self.owner == user_id).limit(at_most)
        return db.execute(delete(self.table).where(self.owner == user_id, tuple_(*key).in_(some))).rowcount

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the rows."""
        members = {column.key: self.schema_of(column) for column in self.given}
        row = {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}
        return {"description": self.told.tells, "type": "array", "items": row}

    def kind_of(self, column: Column[Any]) -> type:
        """Of a value as the person is given it; `dict` where it has parts of its own."""
        has_parts = column.key in self.told.lists | self.told.documents or isinstance(column.type, Json)
        return dict if has_parts else kind_of(column)

    def schema_of(self, column: Column[Any]) -> dict[str, Any]:
        if column.key in self.told.lists:
            return {"type": "array", "items": {"type": "string"}}
        if column.key in self.told.documents:
            return {"type": "object"}
        if isinstance(column.type, Json):
            return {}
        schema = SCHEMAS[kind_of(column)]
        return {**schema, "type": [schema["type"], "null"]} if column.nullable else schema


def kind_of(column: Column[Any]) -> type:
    return getattr(column.type, "impl_instance", column.type).python_type


def all_parts() -> list[Part]:
    """Of every table that is there, an account before what hangs on it."""
    tables = SQLModel.metadata.sorted_tables
    return [Part(table, table.info["personal"]) for table in tables if "personal" in table.info]


def erasing_order() -> list[Part]:
    """First whatever signs in, then what refers before what is referred to, last the account."""
    children_first = all_parts()[::-1]
    signing_in = [part for part in children_first if part.signs_in]
    return [*signing_in, *(part for part in children_first if part not in signing_in)]
