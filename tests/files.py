"""What stands in a database's files, byte for byte, whatever its tables say."""

from collections.abc import Collection
from pathlib import Path

from tests.databases import rows_of

FILES_OF_THIS_DATABASE = """
SELECT pg_read_binary_file(folder || '/' || name)
FROM (SELECT 'base/' || oid AS folder FROM pg_database WHERE datname = current_database()) AS here,
    LATERAL pg_ls_dir(folder) AS name
"""


def found(url: str, texts: Collection[str]) -> set[str]:
    """Those of the texts that stand in any file of the database; PostgreSQL's log is not searched."""
    content = content_of(url)
    return {each for each in texts if each.encode() in content}


def content_of(url: str) -> bytes:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    rows_of(url, "CHECKPOINT")
    return b"".join(content for (content,) in rows_of(url, FILES_OF_THIS_DATABASE))


def size_of_log(sqlite_url: str) -> int:
    return Path(f"{sqlite_url.removeprefix('sqlite:///')}-wal").stat().st_size
