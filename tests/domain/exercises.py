"""Valid exercises and routines of every shape, for tests that must hold for content nobody has written yet."""

from typing import Any

from hypothesis import strategies as st

from api.domain.dose import LEVELS
from api.domain.exercise import Exercise
from api.domain.routine import Routine
from api.domain.timeline import Timeline, compile_timeline
from tests.content.loaded import CONTENT

NECK, HANG, SHRUG, ROLLER, DOG = SEED = (
    "neck-side-bend-rotation",
    "pull-up-bar-hang",
    "shoulder-shrug-seated",
    "foam-roller-upper-back",
    "downward-facing-dog",
)
"""The article's own, in its order."""
WORDS = st.lists(
    st.sampled_from(["breathe", "lift", "the", "shoulder", "slowly", "and", "wait"]), min_size=1, max_size=14
)
OURS = {"by": "ours", "why": "a test"}


def english(words: list[str]) -> dict[str, str]:
    return {"en": " ".join(words) + "."}


@st.composite
def ranges(draw: st.DrawFn, most: int) -> dict[str, Any]:
    low, step, steps = draw(st.integers(1, most)), draw(st.integers(1, 5)), draw(st.integers(0, 4))
    return {"low": low, "high": low + step * steps, "step": step, **OURS}


def seconds(most: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.integers(1, most).map(lambda s: {"s": s, **OURS})


@st.composite
def steps_of(draw: st.DrawFn, phases: list[str]) -> list[dict[str, Any]]:
    steps = []
    for place, phase in enumerate(phases):
        words = draw(WORDS) + (["{side}"] if phase == "switch" else [])
        step = {"id": f"step-{place}", "phase": phase, "text": english(words), "by": "ours"}
        if draw(st.booleans()):
            step["cue"] = english(words[:4])
        steps.append(step)
    return steps


@st.composite
def exercises(draw: st.DrawFn) -> Exercise:
    """Any laterality, held or repeated, with up to three sets."""
    mode = draw(st.sampled_from(["both", "each_side", "spots"]))
    held = mode == "spots" or draw(st.booleans())
    phases = ["set_up"] * draw(st.integers(1, 3)) + ["move_in"] * draw(st.integers(0, 2))
    phases += ["hold"] if held else ["up", "top", "down"]
    phases += {"both": [], "each_side": ["switch"], "spots": ["search", "search_next"]}[mode]
    phases += ["release"] * draw(st.integers(0, 1))
    sets = 1 if mode == "spots" else draw(st.integers(1, 3))
    dosage: dict[str, Any] = {
        "sets": {"low": 1, "high": sets, "step": 1, **OURS},
        "rest_s": draw(seconds(60)),
        "tempo_s": {phase: draw(seconds(30)) for phase in ("set_up", "up", "top", "down", "search", "release")},
        ("hold_s" if held else "reps"): draw(ranges(40)),
    }
    if mode == "spots":
        dosage["spots"] = draw(ranges(4))
    laterality: dict[str, Any] = {"mode": mode}
    if mode == "each_side":
        laterality |= {"first": draw(st.sampled_from(["left", "right"])), "side_means": "moving_limb"}
    changed = {"dosage": dosage, "laterality": laterality, "steps": draw(steps_of(phases)), "cautions": cautions(draw)}
    base = CONTENT.exercises["pull-up-bar-hang"].model_dump(mode="json", exclude_none=True)
    return validated({**base, **changed, "id": f"random-{draw(st.integers(0, 3))}"})


def cautions(draw: st.DrawFn) -> list[dict[str, Any]]:
    moments = st.sampled_from(["before", "during", "after", {"step": "step-0"}])
    when = draw(st.lists(moments, min_size=1, max_size=3))
    severity = draw(st.sampled_from(["info", "warn"]))
    return [{"id": "careful", "severity": severity, "when": when, "text": english(draw(WORDS)), **OURS}]


def validated(members: dict[str, Any]) -> Exercise:
    return Exercise.model_validate(members, strict=False)


def routine_of(*chosen: Exercise) -> Routine:
    items = tuple({"exercise": exercise.id} for exercise in chosen)
    base = CONTENT.routines["seed-full"].model_dump(mode="json", exclude_none=True)
    return Routine.model_validate({**base, "items": items}, strict=False)


def compiled(*chosen: Exercise, level: int = LEVELS[0], ask_first: bool = False) -> Timeline:
    return compile_timeline(
        routine_of(*chosen),
        {exercise.id: exercise for exercise in chosen},
        CONTENT.vocabulary,
        level=level,
        language=CONTENT.languages["en"],
        ask_first=ask_first,
        content_version="0" * 12,
    )


any_timeline = st.builds(
    lambda chosen, level, ask_first: compiled(*{e.id: e for e in chosen}.values(), level=level, ask_first=ask_first),
    st.lists(st.one_of(exercises(), st.sampled_from(list(CONTENT.exercises.values()))), min_size=1, max_size=3),
    st.sampled_from(LEVELS),
    st.booleans(),
)
