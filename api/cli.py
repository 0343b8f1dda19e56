"""The command `unknot`, which `python3 -m api` hands over to."""

import argparse
import asyncio
import json
import os
import socket
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from api import development
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
    options = parser().parse_args(arguments)
    raise SystemExit(options.run(options))


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="unknot", description="Guided exercise routines for a knot in the upper back.")
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    add_serve(commands)
    add_development(commands)
    add_content(commands)
    add_database(commands)
    add_progress(commands)
    add_sweep(commands)
    return root


Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives the type no other name


def add_serve(commands: "Commands[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("serve", help="migrate the database and serve the API")
    command.add_argument("--host", help="address to listen on (UNKNOT_HOST)")
    command.add_argument("--port", help="port to listen on (UNKNOT_PORT)")
    command.add_argument("--workers", help="server processes, PostgreSQL only (UNKNOT_WORKERS)")
    command.add_argument("--database-url", help="sqlite:///file or postgresql://… (UNKNOT_DATABASE_URL)")
    command.set_defaults(run=serve)


def add_development(commands: "Commands[argparse.ArgumentParser]") -> None:
    test = commands.add_parser("test", help="everything that CI runs: the checks and all tests")
    test.set_defaults(run=lambda _: development.test())
    checks = commands.add_parser("check", help="lint, types, floors, content, migrations, OpenAPI document")
    checks.set_defaults(run=lambda _: development.check())
    document = commands.add_parser("openapi", help="print the OpenAPI document")
    document.set_defaults(run=print_openapi)


def add_content(commands: "Commands[argparse.ArgumentParser]") -> None:
    content = commands.add_parser("content", help="the exercises, routines and the rest in the content folder")
    actions = content.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("check", help="say what is wrong, with file, line, field and cure").set_defaults(
        run=check_content
    )
    actions.add_parser("schema", help="write the JSON Schema files for editors").set_defaults(run=write_schema)


def add_database(commands: "Commands[argparse.ArgumentParser]") -> None:
    database = commands.add_parser("db", help="the database's schema")
    actions = database.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("upgrade", help="bring it to the newest revision").set_defaults(run=upgrade_database)
    for name, act, purpose in (
        ("backup", backup, "copy it into a file, while it is served"),
        ("restore", restore, "fill an empty place from such a file"),
    ):
        action = actions.add_parser(name, help=purpose)
        action.add_argument("file", type=Path, metavar="FILE")
        action.set_defaults(run=move_database, act=act, name=name)


def add_progress(commands: "Commands[argparse.ArgumentParser]") -> None:
    progress = commands.add_parser("progress", help="what is kept of finished sessions")
    actions = progress.add_subparsers(required=True, metavar="ACTION")
    for name, repair, purpose in (
        ("check", False, "count everything anew and say whether it agrees"),
        ("rebuild", True, "count everything anew and keep that"),
    ):
        actions.add_parser(name, help=purpose).set_defaults(run=count_progress, repair=repair)


def add_sweep(commands: "Commands[argparse.ArgumentParser]") -> None:
    sweep = commands.add_parser("sweep", help="erase idle guests, drop what is out of date, tidy the files")
    sweep.add_argument(
        "--rewrite", action="store_true", help="rewrite the tables, so that no byte is left; writers wait meanwhile"
    )
    sweep.set_defaults(run=sweep_database)


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


def move_database(options: argparse.Namespace) -> int:
    with database_told():
        options.act(read_settings().database_url, options.file)
    print(f"database: {options.name} of {options.file} is done")
    return 0


def count_progress(options: argparse.Namespace) -> int:
    wrong = people_counted_wrong(read_settings().database_url, repair=options.repair)
    print(
        *(f"progress: {person} did not agree with the record" for person in wrong), sep="\n", end="\n" if wrong else ""
    )
    print(f"progress: {len(wrong)} people {'rebuilt' if options.repair else 'wrong'}")
    return 1 if wrong and not options.repair else 0


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
