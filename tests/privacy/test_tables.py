"""No table is forgotten: each says what it is to a person, and so is exported and erased, or why it is neither."""

import pytest
from sqlalchemy import LargeBinary, Table

from api.db.columns import Personal
from api.metadata import metadata

PEOPLE = "account"
CURE = "end its __table_args__ with personal(...) or shared(...) of api/db/columns"

pytestmark = pytest.mark.check


def personal_tables() -> list[tuple[Table, Personal]]:
    return [(table, table.info["personal"]) for table in metadata.sorted_tables if "personal" in table.info]


def test_every_table_says_whether_its_rows_are_a_persons() -> None:
    silent = [name for name, table in metadata.tables.items() if len({"personal", "shared"} & table.info.keys()) != 1]
    assert silent == [], f"{silent}: {CURE}"


def test_only_what_is_shared_names_nobody() -> None:
    for name, table in metadata.tables.items():
        assert ("user_id" in table.c or name == PEOPLE) == ("personal" in table.info), f"{name}: {CURE}"


def test_whatever_hangs_on_an_account_is_personal() -> None:
    for name, table in metadata.tables.items():
        of_people = any(key.column.table.name == PEOPLE for key in table.foreign_keys)
        assert not of_people or "personal" in table.info, f"{name}: {CURE}"


def test_what_is_withheld_is_there_and_has_a_reason_and_no_digest_is_given_out() -> None:
    for table, personal in personal_tables():
        assert personal.withheld.keys() | personal.lists <= set(table.c.keys()), table.name
        assert all(personal.withheld.values()), table.name
        binary = {column.key for column in table.c if isinstance(column.type, LargeBinary)}
        assert binary <= personal.withheld.keys(), table.name


def test_every_part_has_a_name_of_its_own_and_says_what_it_is() -> None:
    parts = [personal.part for _, personal in personal_tables()]
    assert len(set(parts)) == len(parts)
    assert all(personal.tells.endswith(".") for _, personal in personal_tables())
