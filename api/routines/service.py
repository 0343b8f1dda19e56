"""Routines as content, and the plan that a session runs: the compiled timeline with its digest."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from api.catalogue.search import Index
from api.catalogue.service import (
    EVERYTHING,
    INDEXES_KEPT,
    Filters,
    check_words,
    evidence,
    named,
    plain,
    searchable,
    spoken,
    weighed,
)
from api.catalogue.shelf import Content
from api.domain.dose import LEVELS, Dose
from api.domain.errors import NotFound
from api.domain.exercise import Exercise, Space
from api.domain.finished import Played
from api.domain.ladder import rung_of, rungs
from api.domain.planned import PlannedRoutine, is_plan_id, planned_routine
from api.domain.progression import Course, course_of
from api.domain.routine import Item, Routine
from api.domain.segment import WORK
from api.domain.speech import Language
from api.domain.timeline import Outline, Timeline, compile_timeline
from api.domain.today import Offered
from api.domain.value import FALLBACK

PLANS_KEPT = 256
NOISES = ("silent", "low", "loud")
Data = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A timeline as it is served (`document`, canonical JSON), and the rung that it asks for of each exercise.

    `digest` is the SHA-256 of both in hexadecimal digits, so that it can only ever mean the one plan.
    """

    digest: str
    document: bytes
    outline: Outline
    exercises: tuple[str, ...]
    ladder: Mapping[str, Played]


def find_routine(content: Content, slug: str) -> Routine:
    """Raises NotFound."""
    routine = content.routines.get(slug)
    if routine is None:
        raise NotFound("There is no such routine.")
    return routine


def find_routines(content: Content, filters: Filters) -> list[Routine]:
    """In the order of the catalogue, with `q` the best match first. Raises WordUnknown.

    Some exercise has the muscle, and some the equipment; every one of them satisfies the rest.
    """
    check_words(content, filters)
    some = replace(EVERYTHING, muscle=filters.muscle), replace(EVERYTHING, equipment=filters.equipment)
    every = replace(filters, muscle=None, equipment=None)
    found = content.routines if filters.q is None else routine_index(content).found(filters.q)
    routines = [content.routines[slug] for slug in found]
    return [routine for routine in routines if suits(work(routine, content), some, every)]


def suits(exercises: Sequence[Exercise], some: Sequence[Filters], every: Filters) -> bool:
    """Whether each of `some` is satisfied by one of them, and `every` by all."""
    return all(any(map(one.passes, exercises)) for one in some) and all(map(every.passes, exercises))


def work(routine: Routine, content: Content) -> list[Exercise]:
    return [content.exercises[item.exercise] for item in routine.items]


@lru_cache(INDEXES_KEPT)
def routine_index(content: Content) -> Index:
    """By its own name and summary, and by all that its exercises are found by, in every language."""
    lines = {
        routine.id: [
            *weighed(4, routine.name),
            *weighed(1, routine.summary),
            *(
                (line, weight / 2)
                for exercise in work(routine, content)
                for line, weight in searchable(exercise, content)
            ),
        ]
        for routine in content.routines.values()
    }
    return Index(lines)


def find_guided(content: Content, name: str) -> Routine | PlannedRoutine:
    """A routine of the content, or what the id of a plan stands for. Raises NotFound."""
    if not is_plan_id(name):
        return find_routine(content, name)
    planned = planned_routine(name, content.exercises, content.vocabulary, content.planner)
    if planned is None:
        raise NotFound("There is no such plan.")
    return planned


def is_planned(content: Content, name: str) -> bool:
    """Whether it is the id of a planned routine of this content."""
    return planned_routine(name, content.exercises, content.vocabulary, content.planner) is not None


@lru_cache(PLANS_KEPT)
def plan_for(
    content: Content,
    name: str,
    *,
    level: int,
    language: str,
    ask_first: bool,
    items: tuple[str, ...] | None = None,
    asks: frozenset[str] = frozenset(),
    rungs: tuple[tuple[str, int], ...] = (),
) -> Plan:
    """The plan of a routine, or of a planned one, at a level. Equal arguments give the same object.

    `items` stand in for the routine's own, and `asks` names those of them to be asked about first; an exercise with one
    of the `rungs` gets the dose of that. Raises NotFound for an unknown name, KeyError for a language that the content
    lacks (see `languages_for`).
    """
    routine = find_guided(content, name)
    if items is not None:
        routine = routine.model_copy(update={"items": tuple(Item(exercise=name) for name in items)})
    timeline = compile_timeline(
        routine,
        content.exercises,
        content.vocabulary,
        level=level,
        language=content.languages[language],
        ask_first=ask_first,
        content_version=content.version,
        asks=asks,
        beside=None if content.languages[language].reviewed else content.languages[FALLBACK],
        doses={name: ladders(content)[name][rung] for name, rung in rungs},
    )
    document = timeline.document()
    exercises = tuple(dict.fromkeys(item.exercise for item in routine.items))
    ladder = {name: played(content, name, dict(rungs).get(name), timeline) for name in exercises}
    return Plan(digest_of(document, ladder), document, timeline.outline, exercises, ladder)


def digest_of(document: bytes, ladder: Mapping[str, Played]) -> str:
    told = json.dumps({name: asdict(on) for name, on in ladder.items()}, sort_keys=True)
    return hashlib.sha256(document + told.encode()).hexdigest()


@lru_cache(INDEXES_KEPT)
def offered(content: Content) -> Offered:
    """What there is for everybody; the rules of the content see to it that it is there."""
    gentle = content.routines[content.planner.gentle.routine]
    beginners = next(routine.id for routine in content.routines.values() if routine.recommended_first)
    per_day = gentle.frequency.amount.per_day if gentle.frequency.amount else None
    return Offered(beginners, gentle.id, per_day.high if per_day else 1)


@lru_cache(INDEXES_KEPT)
def ladders(content: Content) -> Mapping[str, tuple[Dose, ...]]:
    """The doses of each exercise from the lowest rung up."""
    return {name: rungs(exercise) for name, exercise in content.exercises.items()}


@lru_cache(INDEXES_KEPT)
def courses(content: Content) -> Mapping[str, Course]:
    return {name: course_of(exercise) for name, exercise in content.exercises.items()}


def played(content: Content, exercise: str, rung: int | None, timeline: Timeline) -> Played:
    """Where a plan stands on an exercise's ladder: at the rung, or where it is none at the one of the level."""
    ladder, on = ladders(content)[exercise], courses(content)[exercise]
    dose = content.exercises[exercise].dosage.at(timeline.level)
    needed = (segment for segment in timeline.segments if segment.exercise == exercise and not segment.optional)
    work = sum(step.kind in WORK for segment in needed for step in segment.steps)
    return Played(rung_of(dose, ladder) if rung is None else rung, on.top, on.presses, work)


def summary(routine: Routine, content: Content, code: str) -> Data:
    """What a list says of a routine; the totals are those of level 0 at its shortest and level 4 at its longest."""
    language = content.languages[code]
    shortest, longest = (
        plan_for(content, routine.id, level=level, language=code, ask_first=True).outline.total_ms
        for level in (LEVELS[0], LEVELS[-1])
    )
    return {
        "id": routine.id,
        "version": routine.version,
        "name": language.said(routine.name),
        "summary": language.said(routine.summary),
        "reference": routine.reference,
        "recommended_first": routine.recommended_first,
        "exercises": [item.exercise for item in routine.items],
        "total_ms": {"low": shortest.low, "high": longest.high},
        "review": routine.review.status,
        **needs(routine, content, language),
    }


def needs(routine: Routine, content: Content, language: Language) -> Data:
    """What follows from its exercises: equipment, positions, and what the place must allow."""
    words = content.vocabulary
    settings = [exercise.setting for exercise in work(routine, content)]
    tools = dict.fromkeys(tool for setting in settings for tool in setting.equipment.required)
    positions = dict.fromkeys(setting.position[0] for setting in settings)
    return {
        "equipment": [named(tool, words.equipment[tool].name, language) for tool in tools],
        "positions": [named(position, words.positions[position].name, language) for position in positions],
        "space": space([setting.space for setting in settings]),
    }


def space(spaces: Sequence[Space]) -> Data:
    return {
        "floor": any(space.needs_floor for space in spaces),
        "bed": any(space.bed for space in spaces),
        "wall": any(space.wall for space in spaces),
        "noise": max((space.noise for space in spaces), key=NOISES.index),
        "privacy": "private" if any(space.privacy == "private" for space in spaces) else "public",
    }


def whole(routine: Routine, content: Content, code: str) -> Data:
    """Everything about a routine, the red-flag card included."""
    language = content.languages[code]
    told = plain(routine, language)
    kept = ("status", "origin", "introduction", "order", "frequency", "pauses", "readings", "review")
    return summary(routine, content, code) | {
        **{name: told[name] for name in kept},
        "items": [
            {"place": place, "exercise": item.exercise, "name": language.said(content.exercises[item.exercise].name)}
            for place, item in enumerate(routine.items, start=1)
        ],
        "totals": [totals(routine, content, code, level) for level in LEVELS],
        "red_flags": plain(content.red_flags, language),
        "evidence": evidence(routine.evidence, content),
        **spoken(content, code),
    }


def totals(routine: Routine, content: Content, code: str, level: int) -> Data:
    total = plan_for(content, routine.id, level=level, language=code, ask_first=True).outline.total_ms
    return {"level": level, "low_ms": total.low, "high_ms": total.high}
