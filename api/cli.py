"""The command `unknot`, which `python3 -m api` hands over to."""

import argparse
import asyncio
import json
import os
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from api import development
from api.arguments import parser
from api.catalogue import editors
from api.catalogue.content import Content, ContentBroken, check, gaps, load_content
from api.db.backup import backup, restore
from api.db.engines import UnknownAddress, engine_for, held, store_for
from api.db.failures import is_weather, original
from api.db.revision import MigrationError, is_needed, revision
from api.domain.errors import Unavailable
from api.main import WrongRevision, check_revision, create_app, store_limits
from api.privacy.sweeping import scrub, sweep
from api.serving import run_server
from api.sessions.recount import agree, people
from api.settings import Settings
from api.web.logs import configure
from api.web.problems import english_titles

EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - recognised, not chosen
NOWHERE = ("192.0.2.1", 9)
"""An address outside that nobody has (RFC 5737)."""


def main(arguments: Sequence[str] | None = None) -> None:
    run(parser().parse_args(arguments))


def run(options: argparse.Namespace) -> None:
    raise SystemExit(COMMANDS[options.run](options))


def serve(options: argparse.Namespace) -> int:
    given = {"host": options.host, "port": options.port, "workers": options.workers}
    given["database_url"] = options.database_url
    # Worker processes read the environment, so that is where the options go.
    os.environ.update({f"UNKNOT_{name.upper()}": value for name, value in given.items() if value is not None})
    settings = read_settings()
    configure(settings.log_level, settings.log_format)
    content = read_content(settings)
    with database_told():
        lease = held(settings.database_url)
        prepare_database(settings)
    with lease:
        announce(settings)
        run_server(settings, content)
    return 0


def read_settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        lines = (
            "  " + (f"UNKNOT_{str(row['loc'][0]).upper()}: " if row["loc"] else "") + row["msg"]
            for row in error.errors()
        )
        raise SystemExit("unknot: some settings cannot be used:\n" + "\n".join(lines)) from None


def read_content(settings: Settings) -> Content:
    try:
        return load_content(settings.content_dir, english_titles())
    except ContentBroken as broken:
        raise SystemExit(f"unknot: the content cannot be served:\n{broken}") from None


def prepare_database(settings: Settings) -> None:
    engine = engine_for(settings.database_url)
    if settings.migrate and not is_needed(engine):
        upgrade(engine)
    check_revision(settings.database_url)


def upgrade(engine: Engine) -> None:
    from api.db import migrations  # noqa: PLC0415 - Alembic takes long to import, and most starts need none of it

    migrations.upgrade(engine)


@contextmanager
def database_told() -> Iterator[None]:
    """What keeps a database from being used ends the command with one line; our own bugs keep their traceback."""
    try:
        yield
    except (UnknownAddress, Unavailable, WrongRevision, MigrationError) as error:
        raise SystemExit(f"unknot: the database cannot be used: {error}") from None
    except DBAPIError as error:
        if error.statement is not None and not is_weather(error):
            raise
        reason = str(original(error)).partition("\n")[0]
        raise SystemExit(f"unknot: the database cannot be used: {reason}") from None


def announce(settings: Settings) -> None:
    host = "127.0.0.1" if settings.host in EVERYWHERE else settings.host
    here = f"http://{host}:{settings.port}"
    print(f"Unknot answers on {here}/v1\nTry it out on    {here}/docs")
    if settings.host in EVERYWHERE:
        print(f"From a phone     http://{own_address()}:{settings.port}/v1")
    else:
        print(f"From a phone     start it with --host 0.0.0.0, then http://<this machine's address>:{settings.port}/v1")
    sys.stdout.flush()


def own_address() -> str:
    """The one that this machine has where its packets go out; none is sent, and no name is looked up for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
        try:
            way_out.connect(NOWHERE)
        except OSError:
            return "<this machine's address>"
        address: str = way_out.getsockname()[0]
        return address


def print_openapi(_: argparse.Namespace) -> int:
    settings = read_settings()
    print(json.dumps(create_app(settings, read_content(settings)).openapi(), indent=1, sort_keys=True))
    return 0


def check_content(_: argparse.Namespace) -> int:
    folder, titles = read_settings().content_dir, english_titles()
    findings = check(folder, titles)
    untranslated = [] if findings else gaps(folder, titles)
    print(*findings, *untranslated, sep="\n", end="\n" if findings or untranslated else "")
    print(f"content: {len(findings)} findings" if findings else "content: in order")
    if untranslated:
        print(f"content: {len(untranslated)} times English stands in for a language that nobody has reviewed")
    return 1 if findings else 0


def write_schema(_: argparse.Namespace) -> int:
    print(*editors.write_schema(read_settings().content_dir), sep="\n")
    return 0


def upgrade_database(_: argparse.Namespace) -> int:
    with database_told():
        engine = engine_for(read_settings().database_url)
        upgrade(engine)
        print(f"database: at revision {revision(engine)}")
    return 0


def back_up_database(options: argparse.Namespace) -> int:
    with database_told():
        backup(read_settings().database_url, options.file)
    print(f"database: backup of {options.file} is done")
    return 0


def restore_database(options: argparse.Namespace) -> int:
    with database_told():
        restore(read_settings().database_url, options.file)
    print(f"database: restore of {options.file} is done")
    return 0


def check_progress(_: argparse.Namespace) -> int:
    wrong = people_told(repair=False)
    print(f"progress: {wrong} people wrong")
    return 1 if wrong else 0


def rebuild_progress(_: argparse.Namespace) -> int:
    print(f"progress: {people_told(repair=True)} people rebuilt")
    return 0


def people_told(*, repair: bool) -> int:
    wrong = people_counted_wrong(read_settings().database_url, repair=repair)
    for person in wrong:
        print(f"progress: {person} did not agree with the record")
    return len(wrong)


def people_counted_wrong(database_url: str, *, repair: bool) -> list[UUID]:
    with database_told():
        check_revision(database_url)
        engine = engine_for(database_url)
        return [person for person in people(engine) if not agree(engine, user_id=person, repair=repair)]


def sweep_database(options: argparse.Namespace) -> int:
    settings = read_settings()
    with database_told():
        check_revision(settings.database_url)
        swept = asyncio.run(swept_now(settings, rewrite=options.rewrite))
    print(*[f"sweep: {number} {kind}" for kind, number in swept.items()] or ["sweep: nothing was due"], sep="\n")
    return 0


async def swept_now(settings: Settings, *, rewrite: bool) -> Counter[str]:
    """Raises Unavailable, also where somebody still reads what the files are to lose."""
    store = store_for(settings.database_url, limits=store_limits(settings))
    await store.open()
    try:
        swept = await sweep(store, idle=timedelta(days=settings.guest_idle_days), now=datetime.now(UTC))
        if not await scrub(store, rewrite=rewrite):
            raise Unavailable("The files are being read; sweep again.")
    finally:
        await store.close()
    return swept


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "serve": serve,
    "test": lambda _: development.test(),
    "check": lambda _: development.check(),
    "openapi": print_openapi,
    "content check": check_content,
    "content schema": write_schema,
    "db upgrade": upgrade_database,
    "db backup": back_up_database,
    "db restore": restore_database,
    "progress check": check_progress,
    "progress rebuild": rebuild_progress,
    "sweep": sweep_database,
}
"""By what `api.arguments` calls them."""
