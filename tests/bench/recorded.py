"""What a phone records of the bench's routine when all of it was done: each hold held, each repetition made."""

import json
from functools import cache
from typing import Any

from api.catalogue.content import load_content
from api.domain.segment import StepKind
from api.domain.value import FALLBACK
from api.routines.service import plan_for
from api.settings import Settings
from tests.factories import ROUTINE

Step = dict[str, Any]


@cache
def steps_done() -> tuple[Step, ...]:
    """As a record has them on the wire."""
    content = load_content(Settings().content_dir)
    plan = plan_for(content, ROUTINE, level=0, language=FALLBACK, ask_first=False)
    planned = [step for segment in json.loads(plan.document)["segments"] for step in segment["steps"]]
    return tuple(done(step) for step in planned if step["kind"] in {StepKind.HOLD, StepKind.REPS})


def done(step: Step) -> Step:
    dose = step["dose"]
    counted = {"held_s": dose["hold_s"]} if step["kind"] == StepKind.HOLD else {"reps": dose["reps"]}
    return {"step": step["id"], "result": "done", **counted}
