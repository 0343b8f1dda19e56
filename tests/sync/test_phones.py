"""Two phones and a server end in the same state, whatever gets lost, repeated, delayed or killed on the way.

`python -m tests.sync` searches at size.
"""

from datetime import timedelta

from tests.sync.network import Fate
from tests.sync.search import search
from tests.sync.server import serving
from tests.sync.story import moved
from tests.sync.twin import check_twin
from tests.sync.world import HOLDS, World, check, settle


def test_two_phones_and_one_that_is_always_online_end_in_the_same_state(fresh_database_url: str) -> None:
    search(fresh_database_url, examples=3, steps=12)


async def test_an_older_record_that_is_delivered_late_changes_nothing(fresh_database_url: str) -> None:
    async with serving(fresh_database_url) as server:
        world = await World.open(server, 100, [timedelta(0)] * 2)
        phone, network = world.phones[0], world.networks[0]
        start = world.start(timedelta(0), 0, None)
        phone.begin(start)
        for minutes, fate in ((3, Fate.TWICE), (6, Fate.THROUGH)):
            at = moved(start["started_at"], timedelta(minutes=minutes))
            steps = [{"step": HOLDS[1], "held_s": minutes, "result": "done"}]
            phone.add(start["id"], "record", {"steps": steps, "recorded_at": at})
            network.fates.append(fate)
            await phone.sync()
        assert len(network.late) == 1
        await settle(world)
        await check(world)
        await check_twin(world)
        assert phone.kept["sessions"][start["id"]]["record"]["steps"][0]["held_s"] == 6
