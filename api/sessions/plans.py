"""The plans that sessions follow, kept by content: what a session needs of one, ready to send and to count by."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from api.domain.segment import WORK
from api.routines.service import Plan
from api.sessions import queries

PLANS_IN_MEMORY = 256
remembered: dict[str, "KeptPlan"] = {}


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """`document` is the timeline's JSON, `cautions` the JSON list of what is to be shown before the start.

    `steps` names every step's exercise, or None where the step is no work that counts.
    """

    document: bytes
    cautions: bytes
    exercises: tuple[str, ...]
    steps: Mapping[str, str | None]
    longest_ms: int


def keep(db: Connection, *, plan: Plan, now: datetime) -> None:
    """Stores a plan, unless somebody else does so at the same time."""
    db.execute(queries.KEEP_PLAN, {"digest": plan.digest, "document": plan.document, "created_at": now})
    rows = [{"plan": plan.digest, "exercise": name, "place": n} for n, name in enumerate(plan.exercises)]
    db.execute(queries.KEEP_PLAN_EXERCISES, rows)


def kept(db: Connection, *, digest: str) -> KeptPlan:
    return known(digest, lambda: db.execute(queries.PLAN_DOCUMENT, {"digest": digest}).scalar_one())


def known(digest: str, document: Callable[[], bytes]) -> KeptPlan:
    """A digest can only ever mean the same plan, so the document of one that is remembered is not asked for."""
    plan = remembered.get(digest)
    if plan is None:
        plan = parsed(document())
        if len(remembered) >= PLANS_IN_MEMORY:
            remembered.clear()
        remembered[digest] = plan
    return plan


def parsed(document: bytes) -> KeptPlan:
    timeline = json.loads(document)
    steps = [step for segment in timeline["segments"] for step in segment["steps"]]
    return KeptPlan(
        document=document,
        cautions=json.dumps(cautions_of(steps), ensure_ascii=False, separators=(",", ":")).encode(),
        exercises=tuple(dict.fromkeys(segment["exercise"] for segment in timeline["segments"])),
        steps=MappingProxyType({step["id"]: step.get("exercise") if step["kind"] in WORK else None for step in steps}),
        longest_ms=timeline["total_ms"]["high"],
    )


def cautions_of(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each caution of each exercise once, in the order in which they come up."""
    found = {
        (step.get("exercise"), caution["code"]): {"exercise": step.get("exercise"), **caution}
        for step in steps
        for caution in step.get("cautions", ())
    }
    return list(found.values())
