"""The plans that sessions follow, kept by content: what a session needs of one, ready to send and to count by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from api.domain.segment import WORK
from api.routines.service import Plan
from api.sessions import queries

PLANS_IN_MEMORY = 256


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


def keep(db: Connection, *, plan: Plan, now: datetime) -> KeptPlan:
    """Stores the plan unless it is there already."""
    if db.execute(queries.PLAN_KNOWN, {"digest": plan.digest}).one_or_none() is None:
        db.execute(queries.KEEP_PLAN, {"digest": plan.digest, "document": plan.document, "created_at": now})
        rows = [{"plan": plan.digest, "exercise": name, "place": n} for n, name in enumerate(plan.exercises)]
        db.execute(queries.KEEP_PLAN_EXERCISES, rows)
    return parsed(plan.document)


def kept(db: Connection, *, digest: str) -> KeptPlan:
    return parsed(db.execute(queries.PLAN_DOCUMENT, {"digest": digest}).scalar_one())


@lru_cache(maxsize=PLANS_IN_MEMORY)
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
