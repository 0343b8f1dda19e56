"""All of a person's data as one archive: each part as JSON and as CSV, the plans they followed, and a schema."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from io import TextIOWrapper
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pydantic_core import to_json, to_jsonable_python
from sqlalchemy import Connection

from api.privacy.parts import Part, all_parts
from api.sessions import plans

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


def write(db: Connection, file: IO[bytes], *, user_id: UUID, now: datetime) -> None:
    """Holds a few rows at a time, however many there are."""
    parts = all_parts()
    with ZipFile(file, "w") as archive:
        with entry(archive, "README.txt", now) as text:
            text.write(read_me(parts, now).encode())
        with entry(archive, "schema.json", now) as schema:
            schema.write(json.dumps(schema_of(parts), indent=1).encode())
        for part in parts:
            with entry(archive, f"json/{part.name}.json", now) as rows:
                write_json(rows, part.rows(db, user_id))
            with entry(archive, f"csv/{part.name}.csv", now) as rows:
                write_csv(rows, part, part.rows(db, user_id))
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


def write_json(file: IO[bytes], rows: Iterator[dict[str, Any]]) -> None:
    before = b"["
    for row in rows:
        file.write(before + b"\n" + to_json(row))
        before = b","
    file.write(b"[]\n" if before == b"[" else b"\n]\n")


def write_csv(file: IO[bytes], part: Part, rows: Iterator[dict[str, Any]]) -> None:
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow([column.key for column in part.given])
    writer.writerows([cell(value) for value in row.values()] for row in rows)
    text.detach()


def cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if value is None or isinstance(value, int):
        return value
    told = to_jsonable_python(value)
    return json.dumps(told, ensure_ascii=False) if isinstance(told, dict | list) else told
