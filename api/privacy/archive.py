"""All of a person's data as one archive: each part as JSON and as CSV, the plans they followed, and a schema."""

import csv
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from io import TextIOWrapper
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol, cast
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pydantic_core import to_json
from sqlalchemy import Column, Connection

from api.privacy.parts import Part, Rows, all_parts
from api.sessions import plans

Cell = Callable[[Any], Any]
IN_MEMORY = 1024 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r")
READ_ME = """Your data in Unknot
===================

This is everything that Unknot keeps about you, as it was on {at} (UTC).

Each part is there twice: under json/ for programs, exact, and under csv/ for a spreadsheet. Instants are in UTC. In the
CSV files an empty cell means that nothing is there, what has parts of its own is written as JSON, and a text that a
spreadsheet would take for a formula begins with an apostrophe. schema.json describes every member of the JSON files
(JSON Schema 2020-12). plans/ holds the exercises as they were shown to you in your sessions.

{parts}

Not in here, and why:
{withheld}
"""


class Sink(Protocol):
    """What takes bytes one after another, until it is told that they break off."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...

    def break_off(self) -> None: ...


def write(db: Connection, file: Sink, *, user_id: UUID, now: datetime) -> None:
    """Holds a few rows at a time, however many there are."""
    with ZipFile(cast("IO[bytes]", file), "w") as archive:
        try:
            fill(archive, db, user_id, now)
        except BaseException:
            # The library would end the archive as if it were whole.
            file.break_off()
            raise


def fill(archive: ZipFile, db: Connection, user_id: UUID, now: datetime) -> None:
    parts = all_parts()
    with entry(archive, "README.txt", now) as text:
        text.write(read_me(parts, now).encode())
    with entry(archive, "schema.json", now) as schema:
        schema.write(json.dumps(schema_of(parts), indent=1).encode())
    for part in parts:
        write_part(archive, part, part.batches(db, user_id), now)
    for digest, document in plans.followed(db, user_id=user_id):
        with entry(archive, f"plans/{digest}.json", now) as plan:
            plan.write(document)


def entry(archive: ZipFile, name: str, now: datetime) -> IO[bytes]:
    about = ZipInfo(name, date_time=now.timetuple()[:6])
    about.compress_type = ZIP_DEFLATED
    about.external_attr = 0o600 << 16
    return archive.open(about, "w", force_zip64=True)


def read_me(parts: list[Part], now: datetime) -> str:
    told = "\n".join(f"{part.name}: {part.told.tells}" for part in parts)
    withheld = "\n".join(f"{part.name}, {name}: {why}" for part in parts for name, why in part.told.withheld.items())
    return READ_ME.format(at=f"{now:%Y-%m-%d %H:%M}", parts=told, withheld=withheld)


def schema_of(parts: list[Part]) -> dict[str, Any]:
    """Of one object that would have every part; each file holds the array under its name."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A person's data in Unknot",
        "type": "object",
        "properties": {part.name: part.schema() for part in parts},
    }


def write_part(archive: ZipFile, part: Part, batches: Iterable[Rows], now: datetime) -> None:
    """Both files of a part, by reading its rows once: an archive takes one file after the other."""
    with SpooledTemporaryFile(IN_MEMORY) as aside:
        text = TextIOWrapper(aside, encoding="utf-8", newline="")
        table = csv.writer(text)
        table.writerow([column.key for column in part.given])
        cells = [cell_of(part, column) for column in part.given]
        with entry(archive, f"json/{part.name}.json", now) as rows:
            before = b"["
            for batch in batches:
                rows.write(before + b",".join(b"\n" + to_json(row) for row in batch))
                before = b","
                table.writerows([cell(row[name]) for name, cell in cells] for row in batch)
            rows.write(b"[]\n" if before == b"[" else b"\n]\n")
        text.flush()
        aside.seek(0)
        with entry(archive, f"csv/{part.name}.csv", now) as lines:
            copyfileobj(aside, lines)
        text.detach()


def cell_of(part: Part, column: Column[Any]) -> tuple[str, Cell]:
    """The column's name, and what writes a value of it."""
    return column.key, CELLS.get(part.kind_of(column), told)


def told(value: Any) -> Any:
    return None if value is None else to_json(value).decode()


def plain(value: Any) -> Any:
    return None if value is None else str(value)


def text_of(value: Any) -> Any:
    return f"'{value}" if value and value.startswith(FORMULA) else value


def instant_of(value: Any) -> Any:
    return None if value is None else value.isoformat().replace("+00:00", "Z")


CELLS: dict[type, Cell] = {str: text_of, datetime: instant_of, UUID: plain, date: plain, int: plain, float: plain}
