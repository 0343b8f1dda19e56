"""What tables share: names for every constraint, one JSON column type, and what their rows are to a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

# Migrations, and a later spread over several machines, can drop and add again only what has a name.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMES
# No row is ever checked by pydantic; building what would check it costs each start some 30 ms.
SQLModel.model_config["defer_build"] = True


def person_key() -> Any:
    """`user_id` as the first column of a key: no row of a person is found, or outlives the account, without it."""
    return Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")


@dataclass(frozen=True, slots=True)
class Personal:
    """A part of what a person is given of their data: all columns but `user_id` and the withheld, each with its reason.

    `lists` are columns that hold words with spaces between them, `documents` those that hold JSON as text.
    """

    part: str
    tells: str
    withheld: Mapping[str, str]
    lists: frozenset[str]
    documents: frozenset[str]


def personal(
    part: str,
    tells: str,
    *,
    withheld: Mapping[str, str] | None = None,
    lists: Iterable[str] = (),
    documents: Iterable[str] = (),
) -> dict[str, Any]:
    """The end of a table's `__table_args__` where each row is one person's, whom the column `user_id` names.

    Such a table is exported as `part` and erased with the person; a table is this or `shared`, and a test asks.
    """
    kept_back = MappingProxyType(dict(withheld or {}))
    told = Personal(part, tells, kept_back, frozenset(lists), frozenset(documents))
    return {"info": {"personal": told}}


def shared(reason: str) -> dict[str, Any]:
    """The end of a table's `__table_args__` where no row says anything of a person, and why."""
    return {"info": {"shared": reason}}


class Json(TypeDecorator[Any]):
    """JSON on SQLite, JSONB on PostgreSQL; one class, so that a migration names it and imports it.

    `Field(sa_type=Json)`; None is stored as SQL NULL.
    """

    impl = JSON
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(none_as_null=True)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(JSON(none_as_null=True))

    def __repr__(self) -> str:
        return "Json()"
