"""The words that the command `unknot` takes. What each of them does is in `api.cli`, under the name in `run`."""

import argparse
from pathlib import Path


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
    command.set_defaults(run="serve")


def add_development(commands: "Commands[argparse.ArgumentParser]") -> None:
    test = commands.add_parser("test", help="everything that CI runs: the checks and all tests")
    test.set_defaults(run="test")
    checks = commands.add_parser("check", help="lint, types, floors, content, migrations, OpenAPI document")
    checks.set_defaults(run="check")
    document = commands.add_parser("openapi", help="print the OpenAPI document")
    document.set_defaults(run="openapi")


def add_content(commands: "Commands[argparse.ArgumentParser]") -> None:
    content = commands.add_parser("content", help="the exercises, routines and the rest in the content folder")
    actions = content.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("check", help="say what is wrong, with file, line, field and cure").set_defaults(
        run="content check"
    )
    actions.add_parser("schema", help="write the JSON Schema files for editors").set_defaults(run="content schema")


def add_database(commands: "Commands[argparse.ArgumentParser]") -> None:
    database = commands.add_parser("db", help="the database's schema")
    actions = database.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("upgrade", help="bring it to the newest revision").set_defaults(run="db upgrade")
    for name, purpose in (
        ("backup", "copy it into a file, while it is served"),
        ("restore", "fill an empty place from such a file"),
    ):
        action = actions.add_parser(name, help=purpose)
        action.add_argument("file", type=Path, metavar="FILE")
        action.set_defaults(run=f"db {name}")


def add_progress(commands: "Commands[argparse.ArgumentParser]") -> None:
    progress = commands.add_parser("progress", help="what is kept of finished sessions")
    actions = progress.add_subparsers(required=True, metavar="ACTION")
    for name, purpose in (
        ("check", "count everything anew and say whether it agrees"),
        ("rebuild", "count everything anew and keep that"),
    ):
        actions.add_parser(name, help=purpose).set_defaults(run=f"progress {name}")


def add_sweep(commands: "Commands[argparse.ArgumentParser]") -> None:
    sweep = commands.add_parser("sweep", help="erase idle guests, drop what is out of date, tidy the files")
    sweep.add_argument(
        "--rewrite", action="store_true", help="rewrite the tables, so that no byte is left; writers wait meanwhile"
    )
    sweep.set_defaults(run="sweep")
