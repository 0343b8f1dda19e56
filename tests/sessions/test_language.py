"""The language of a session: the nearest reviewed one, or exactly the one that the start names."""

import httpx

from tests.content.languages import CODE
from tests.factories import open_guest, start


async def test_an_unreviewed_language_is_spoken_when_named_and_never_by_habit(speaking: httpx.AsyncClient) -> None:
    guest = await open_guest(speaking, language=CODE)
    usual = await start(speaking, guest)
    assert (usual["language"], usual["timeline"]["language_reviewed"]) == ("en", True)
    named = await start(speaking, guest, language=CODE)
    assert (named["language"], named["timeline"]["language"]) == (CODE, CODE)
    assert named["timeline"]["language_reviewed"] is False
    stops = [caution for caution in named["cautions"] if caution["severity"] == "stop"]
    assert stops
    assert all(caution["english"] for caution in stops)
    assert not [caution for caution in usual["cautions"] if "english" in caution]
