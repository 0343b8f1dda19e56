"""What people type finds what they mean, the best first."""

import httpx
import pytest

from api.catalogue.search import Index, in_common, places, words
from tests.catalogue.apps import client, served
from tests.content.loaded import CONTENT

SHELF = Index(
    {
        "row": [("Band row", 4), ("Rhomboids", 2), ("a resistance band", 2)],
        "band-pull": [("Pull-apart with a band", 4), ("Rear deltoid", 2)],
        "lev": [("Levator scapulae stretch", 4), ("Schulterblattheber dehnen", 4), ("Nackendehnung", 3)],
        "roller": [("Foam roller", 4), ("Faszienrolle für den Rücken", 4), ("フォームローラー 背中", 4)],
        "roll": [("Ball roll", 4), ("a foam roller", 2)],
    }
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("levator", ["lev"]),
        ("levater", ["lev"]),
        ("lavator scapula", ["lev"]),
        ("fome roller", ["roller", "roll"]),
        ("foam roller", ["roller", "roll"]),
        ("rollr", ["roller", "roll"]),
        ("band", ["row", "band-pull"]),
        ("band deltoid", ["band-pull"]),
        ("ROW BAND", ["row"]),
        ("rucken", ["roller"]),
        ("nackendehnug", ["lev"]),
        ("背中", ["roller"]),
        ("中背", ["roller"]),
        ("stretch for levator", ["lev"]),
        ("levator zebra", []),
        ("xy", []),
        ("?!", []),
        ("", []),
    ],
)
def test_words_are_found_best_first_with_typos_forgiven(query: str, found: list[str]) -> None:
    assert SHELF.found(query) == found


def test_the_thing_called_exactly_so_comes_before_what_has_the_words_too() -> None:
    index = Index({"long": [("Wall slide with a band", 4)], "short": [("Wall slide", 4)]})
    assert index.found("wall slide") == ["short", "long"]


def test_a_known_word_is_no_typo_of_another() -> None:
    index = Index({"hang": [("Dead hang", 4)], "hand": [("Hand circles", 4)]})
    assert index.found("hand") == ["hand"]
    assert index.found("hans") == ["hang", "hand"]


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [("levater", "levator", 6), ("fome", "foam", 3), ("abc", "", 0), ("aaa", "aa", 2), ("abc", "cba", 1)],
)
def test_letters_in_common_are_counted_in_their_order(one: str, other: str, common: int) -> None:
    assert in_common(places(one), len(one), other) == common


def test_words_lose_case_and_accents() -> None:
    assert words("Fließend, ÉTIRER (épaule)") == ["fliessend", "etirer", "epaule"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("q=fome+roller", "foam-roller-upper-back"),
        ("q=side+bend+rotatoin", "neck-side-bend-rotation"),
        ("q=dead+hang", "pull-up-bar-hang"),
        ("q=seated+shruging&position=sit", "shoulder-shrug-seated"),
    ],
)
async def test_the_best_exercise_comes_first(query: str, first: str) -> None:
    async with client(served()) as api:
        items = (await api.get(f"/v1/exercises?{query}")).json()["items"]
    assert items[0]["id"] == first


@pytest.mark.parametrize(
    ("query", "status", "has"),
    [
        ("q=full+rutine", 200, True),
        ("q=downwrad+dog", 200, True),
        ("q=levater", 200, True),
        ("q=zebra", 200, False),
        ("muscle=rhomboids", 200, True),
        ("equipment=pull_up_bar&muscle=scalenes", 200, True),
        ("no_floor=true", 200, False),
        ("quiet=true", 200, False),
        ("position=sit", 200, False),
        ("avoid=glaucoma", 200, False),
        ("avoid=glaucoma&q=downward", 200, False),
        ("muscle=biceps", 404, False),
        ("avoid=knee", 404, False),
        ("quiet=1", 422, False),
        ("q=", 422, False),
        ("kind=release", 422, False),
    ],
)
async def test_routines_are_filtered_by_what_they_are_made_of(query: str, status: int, *, has: bool) -> None:
    async with client(served()) as api:
        answer: httpx.Response = await api.get(f"/v1/routines?{query}")
    assert answer.status_code == status
    if status == 200:
        assert ("seed-full" in [item["id"] for item in answer.json()["items"]]) is has
        assert answer.json()["content_version"] == CONTENT.version
