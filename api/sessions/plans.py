"""The plans that sessions follow, kept by content: what a session needs of one, ready to send and to count by."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.domain.finished import Played
from api.domain.practice import ExerciseDone
from api.domain.segment import StepKind
from api.routines.service import Plan
from api.sessions import queries

COUNTED = {StepKind.HOLD: "held_s", StepKind.REPS: "reps"}
PLANS_IN_MEMORY = 256
remembered: dict[str, "KeptPlan"] = {}


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """What a record may say of a step: `counted` is `held_s` or `reps` where it is work, else None."""

    exercise: str | None
    side: str | None
    counted: str | None


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """`document` is the timeline's JSON, `cautions` the JSON list of what is to be shown before the start.

    `steps` has every step of the timeline by its id; `all_done` is what counts where no step was recorded. `ladder` has
    what it asks of each exercise; nothing of a plan that was kept before levels were.
    """

    document: bytes
    cautions: bytes
    exercises: tuple[str, ...]
    steps: Mapping[str, PlannedStep]
    longest_ms: int
    all_done: tuple[ExerciseDone, ...]
    ladder: Mapping[str, Played]


def keep(db: Connection, *, digest: str, plan: KeptPlan, now: datetime) -> None:
    """Stores a plan, unless somebody else does so at the same time."""
    ladder = {
        name: {"rung": on.rung, "top": on.top, "presses": on.presses, "steps": on.steps}
        for name, on in plan.ladder.items()
    }
    row = {"digest": digest, "document": plan.document, "ladder": ladder, "created_at": now}
    db.execute(queries.KEEP_PLAN, row)
    rows = [{"plan": digest, "exercise": name, "place": n} for n, name in enumerate(plan.exercises)]
    db.execute(queries.KEEP_PLAN_EXERCISES, rows)


def keep_missing(db: Connection, *, plans: Mapping[str, KeptPlan], now: datetime) -> None:
    """Stores those of the plans, by their digests, that are not there yet."""
    for digest in plans.keys() - queries.plans_kept(db, digests=plans):
        keep(db, digest=digest, plan=plans[digest], now=now)


def kept(db: Connection, *, digest: str) -> KeptPlan:
    """A digest can only ever mean the same plan, so one that is remembered is not asked for."""
    if plan := remembered.get(digest):
        return plan
    row = db.execute(queries.PLAN, {"digest": digest}).one()
    return remember(digest, row.document, {name: Played(**on) for name, on in (row.ladder or {}).items()})


def followed(db: Connection, *, user_id: UUID) -> Iterator[tuple[str, bytes]]:
    """Each plan of a person's sessions once: its digest, and its timeline's JSON."""
    for digest in db.execute(queries.PLANS_FOLLOWED, {"user_id": user_id}).scalars().all():
        yield digest, db.execute(queries.PLAN, {"digest": digest}).one().document


def known(plan: Plan) -> KeptPlan:
    """A plan that is about to be kept, or is."""
    return remembered.get(plan.digest) or remember(plan.digest, plan.document, plan.ladder)


def remember(digest: str, document: bytes, ladder: Mapping[str, Played]) -> KeptPlan:
    if len(remembered) >= PLANS_IN_MEMORY:
        remembered.clear()
    remembered[digest] = parsed(document, ladder)
    return remembered[digest]


def parsed(document: bytes, ladder: Mapping[str, Played]) -> KeptPlan:
    timeline = json.loads(document)
    steps = [step for segment in timeline["segments"] for step in segment["steps"]]
    exercises = tuple(dict.fromkeys(segment["exercise"] for segment in timeline["segments"]))
    return KeptPlan(
        document=document,
        cautions=json.dumps(cautions_of(steps), ensure_ascii=False, separators=(",", ":")).encode(),
        exercises=exercises,
        steps=MappingProxyType({step["id"]: planned(step) for step in steps}),
        longest_ms=timeline["total_ms"]["high"],
        all_done=tuple(map(ExerciseDone, exercises)),
        ladder=ladder,
    )


def planned(step: Mapping[str, Any]) -> PlannedStep:
    return PlannedStep(step.get("exercise"), step.get("side"), COUNTED.get(step["kind"]))


def cautions_of(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each caution of each exercise once, in the order in which they come up."""
    found: dict[tuple[str | None, str], dict[str, Any]] = {}
    for step in steps:
        for caution in step.get("cautions", ()):
            found.setdefault((step.get("exercise"), caution["code"]), {"exercise": step.get("exercise"), **caution})
    return list(found.values())
