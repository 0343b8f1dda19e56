"""Handing the rows of one person over to another, table by table."""

from uuid import UUID

from sqlalchemy import Connection, Table, literal, select

from api.db.upsert import upsert


def hand_over(db: Connection, table: Table, *, source: UUID, target: UUID, revision: int) -> None:
    """Copies the source's rows to the target, who keeps the own row where both have one under the same key.

    Those that carry a revision come with this one, so that the target's devices hear of them. The source's rows go
    with the account.
    """
    given = {"user_id": target, "revision": revision}
    columns = [literal(given[c.key], c.type) if c.key in given else c for c in table.columns]
    theirs = select(*columns).where(table.c.user_id == source)
    db.execute(upsert(table).from_select(table.columns.keys(), theirs).on_conflict_do_nothing())
