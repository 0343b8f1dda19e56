"""JSON Schema files, published beside the content, so that an editor helps while a file is written."""

import json
from pathlib import Path

from pydantic import BaseModel

from api.domain.caution import RedFlagCard
from api.domain.exercise import Exercise
from api.domain.planner import Planner
from api.domain.questionnaire import Questionnaire
from api.domain.routine import Routine
from api.domain.source import Sources
from api.domain.speech import Language
from api.domain.translation import Translation
from api.domain.vocabulary import Facts, Vocabulary
from api.drawing.pose import Pose

MODELS: dict[str, type[BaseModel]] = {
    "exercise.json": Exercise,
    "routine.json": Routine,
    "pose.json": Pose,
    "language.json": Language,
    "translation.json": Translation,
    "vocabulary.json": Vocabulary,
    "sources.json": Sources,
    "facts.json": Facts,
    "red-flags.json": RedFlagCard,
    "screening.json": Questionnaire,
    "planner.json": Planner,
}


def json_schema() -> dict[str, str]:
    """Each schema file by name, as the text that belongs in it."""
    return {name: json.dumps(described(model), indent=2) + "\n" for name, model in MODELS.items()}


def described(model: type[BaseModel]) -> dict[str, object]:
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **model.model_json_schema(mode="validation")}


def write_schema(directory: Path) -> list[Path]:
    """Writes `schema/*.json` below the content folder; the paths written."""
    folder = directory / "schema"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in json_schema().items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written
