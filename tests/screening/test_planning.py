"""What a session's plan is made of, for content that ours does not have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from api.catalogue.shelf import Content
from api.domain.caution import Contraindication, Effect
from api.domain.errors import Refusal
from api.domain.questionnaire import Answer
from api.domain.routine import Item
from api.domain.speech import TranslationState
from api.domain.standing import UNKNOWN, Answered, Hold, Standing
from api.domain.timeline import Timeline
from api.routines.service import plan_for
from api.screening.refusals import ScreeningStop
from api.sessions.planning import Asked, Planned, plan_in
from api.sessions.refusals import NoSafeForm, RoutineUnknown
from tests.content.loaded import CONTENT
from tests.domain.exercises import DOG, HANG, SHRUG

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def routine_of(*names: str) -> Content:
    """A routine of these, in a catalogue where the dog gives way to the shrug, except for an injured back."""
    items = tuple(Item(exercise=name) for name in names)
    routine = CONTENT.routines["seed-full"].model_copy(update={"items": items})
    ruled = {
        DOG: (excluded("wrist_pain", SHRUG), excluded("acute_back_injury", None)),
        HANG: (excluded("grip_weakness", SHRUG),),
        SHRUG: (),
    }
    exercises = {
        name: CONTENT.exercises[name].model_copy(update={"contraindications": found}) for name, found in ruled.items()
    }
    return replace(CONTENT, routines={routine.id: routine}, exercises=exercises)


def excluded(tag: str, alternative: str | None) -> Contraindication:
    return Contraindication(tag=tag, effect=Effect.EXCLUDE, alternative=alternative, by="ours", why="a test")


def answered(*yes: str, at: datetime = NOW) -> Standing:
    answers = {q.id: Answer.YES if q.id in yes else Answer.NO for q in CONTENT.screening.questions}
    return Standing(Answered("1.0.0", answers, (), at))


def found_for(
    content: Content, wanted: Asked, standing: Standing, *, asked: str | None = None, usual: str = "en"
) -> Planned | Refusal:
    return plan_in(content, wanted, asked=asked, usual=usual, standing=standing, now=NOW, day=NOW.date(), levels=dict)


def planned(content: Content, standing: Standing, level: int = 4) -> Planned:
    found = found_for(content, Asked("seed-full", level), standing)
    assert isinstance(found, Planned)
    return found


def refused(content: Content, routine: str, standing: Standing) -> Refusal:
    found = found_for(content, Asked(routine, 0), standing)
    assert isinstance(found, Refusal)
    return found


def test_a_swap_takes_the_place_of_what_is_excluded() -> None:
    found = planned(routine_of(DOG, HANG), answered("wrist-or-grip"))
    assert found.plan.exercises == (SHRUG,)
    first, second = found.changes
    assert (first["planned"], first["exercise"], first["name"]) == (DOG, SHRUG, "Seated shoulder shrug")
    assert (second["planned"], second["exercise"], second["covered_by"]) == (HANG, None, SHRUG)


def test_where_nothing_is_safe_no_session_starts() -> None:
    assert isinstance(refused(routine_of(DOG), "seed-full", answered("back-injury")), NoSafeForm)


def test_a_lock_refuses_before_anything_else_is_looked_at() -> None:
    stop = refused(routine_of(DOG), "seed-full", Standing(locked_at=NOW))
    assert isinstance(stop, ScreeningStop)
    assert stop.state["care"]


def test_there_is_no_plan_for_an_unknown_routine() -> None:
    assert isinstance(refused(CONTENT, "neck-circles", UNKNOWN), RoutineUnknown)


def test_who_was_never_asked_gets_the_public_plan() -> None:
    found = planned(CONTENT, UNKNOWN)
    public = plan_for(CONTENT, "seed-full", level=0, language="en", ask_first=True)
    assert (found.plan.document, found.plan.digest) == (public.document, public.digest)
    assert (found.held_because, found.changes) == (Hold.NO_SCREENING, [])


def test_expired_answers_still_exclude_and_what_loads_is_asked_about() -> None:
    found = planned(routine_of(DOG, HANG, SHRUG), answered("back-injury", at=NOW - timedelta(days=29)))
    assert found.held_because is Hold.EXPIRED
    assert found.plan.exercises == (HANG, SHRUG)
    assert {item["planned"]: item["effect"] for item in found.changes} == {DOG: "exclude", HANG: "ask"}
    steps = Timeline.model_validate_json(found.plan.document).steps()
    asked = {s.exercise for s in steps for c in s.cautions if c.code == "ask-first"}
    assert asked == {HANG}


def test_an_unreviewed_language_is_spoken_only_when_the_start_names_it() -> None:
    draft = CONTENT.languages["en"].model_copy(update={"id": "qaa", "translation": TranslationState.MACHINE})
    content = replace(CONTENT, languages={**CONTENT.languages, "qaa": draft})
    spoken = [
        found.plan.outline.language
        for asked, usual in (("qaa", "en"), (None, "qaa"), ("qaa-x-home", "qaa"))
        if isinstance(found := found_for(content, Asked("seed-full", 0), answered(), asked=asked, usual=usual), Planned)
    ]
    assert spoken == ["qaa", "en", "en"]
