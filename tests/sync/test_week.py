import httpx

from tests.sync.week import week


async def test_a_week_offline_is_read_by_a_second_phone(service: httpx.AsyncClient) -> None:
    told = [line async for line in week(service)]
    assert "No network: 14 sessions wait on the phone." in told
    assert "Back online: 0 wait, 14 are known to the server." in told
    assert "The second phone reads 14 sessions." in told
    assert sum(", completed, 6 min" in line for line in told) == 13
    assert sum(", stopped, 6 min" in line for line in told) == 1
    assert told[-2:] == ["Both phones show the same.", "Progress: 13 sessions, 7 days in a row."]
