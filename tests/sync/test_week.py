"""The week as a reader plays it: the command itself, against a server of its own, on both databases."""

from pathlib import Path

from tests.servers import Server
from tests.sync.week import tell


def test_a_week_offline_is_told_session_by_session_and_read_by_a_second_phone(
    fresh_database_url: str, tmp_path: Path
) -> None:
    server = Server(tmp_path, fresh_database_url)
    server.start()
    try:
        told = tell(server.url)
    finally:
        server.stop()
    before, after = told.index("The second phone, from nothing:"), told.index("Both phones show the same.")
    played, seen = told[:before], told[before:after]
    assert "No network: 14 sessions and 3 more things wait on the phone." in played
    assert sum(line.endswith(" applied") for line in played) == 14
    assert "The same sent once more: 14 duplicate." in played
    assert "What else waited was sent: 0 left." in played
    assert sum(", pain from 2 to 1" in line for line in played) == sum(", pain -1" in line for line in seen) == 13
    assert sum(": stopped, 6 min" in line for line in seen) == 1
    assert sum(line.startswith("  level of ") for line in seen) == 5
    assert {"  account: 6 sessions a week, zone UTC", "  rating: 2, next_morning"} < {*seen}
    assert any("level-raised of neck-side-bend-rotation to rung 1" in line for line in seen)
    assert told[after + 1].startswith("Progress: 13 sessions, 7 days in a row")
