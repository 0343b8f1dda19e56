"""The language of a session: the nearest reviewed one, or exactly the one that the start names."""

import json

import httpx

from api.routines.schemas import Timeline
from api.routines.service import plan_for
from tests.content.languages import CODE
from tests.content.loaded import CONTENT
from tests.factories import ROUTINE, open_guest, start


async def test_an_unreviewed_language_is_spoken_when_named_and_never_by_habit(speaking: httpx.AsyncClient) -> None:
    guest = await open_guest(speaking, language=CODE)
    usual = await start(speaking, guest)
    assert (usual["language"], usual["timeline"]["translation"]) == ("en", "source")
    named = await start(speaking, guest, language=CODE)
    assert (named["language"], named["timeline"]["language"]) == (CODE, CODE)
    assert named["timeline"]["translation"] == "machine"
    stops = [caution for caution in named["cautions"] if caution["severity"] == "stop"]
    assert stops
    assert all(caution["english"] for caution in stops)
    assert not [caution for caution in usual["cautions"] if "english" in caution]


def test_a_timeline_stored_before_it_said_how_it_was_translated_still_fits() -> None:
    stored = json.loads(plan_for(CONTENT, ROUTINE, level=0, language="en", ask_first=True).document)
    assert stored.pop("translation") == "source"
    assert Timeline.model_validate({**stored, "language_reviewed": True}).translation is None
