"""Rules of the safety questionnaire among the other files. Pure functions over values."""

from collections.abc import Iterator

from api.catalogue.findings import Fault
from api.catalogue.lint import unknown
from api.catalogue.shelf import Content
from api.catalogue.walking import Path
from api.domain.exercise import Exercise
from api.domain.questionnaire import Question

QUESTION_MARKS = ("?", "\uff1f", "\u061f")  # Latin, full width, Arabic


def unasked_faults(exercise: Exercise, content: Content) -> Iterator[Fault]:
    """Every state that speaks against an exercise is asked about."""
    asked = {tag for question in content.screening.questions for tag in question.tags}
    for place, contraindication in enumerate(exercise.contraindications):
        if contraindication.tag not in asked:
            cure = "Add the tag to a question of screening.yaml."
            yield Fault(("contraindications", place, "tag"), f"no question asks for {contraindication.tag}", cure)


def screening_faults(content: Content) -> Iterator[Fault]:
    """Questions are each asked once, and stand for words and signs that exist."""
    seen: set[str] = set()
    for place, question in enumerate(content.screening.questions):
        path: Path = ("questions", place)
        if question.id in seen:
            yield Fault((*path, "id"), f"{question.id} is there twice", "Keep one of them.")
        yield from question_faults(path, question, content)
        for number, tag in enumerate(question.tags):
            if tag in seen:
                yield Fault((*path, "tags", number), f"{tag} is asked twice", "Ask for it in one question.")
        seen.update({question.id, *question.tags})


def question_faults(path: Path, question: Question, content: Content) -> Iterator[Fault]:
    flags = {flag.code: flag for flag in content.red_flags.items}
    for number, tag in enumerate(question.tags):
        if tag not in content.vocabulary.contraindications:
            yield unknown((*path, "tags", number), tag, content.vocabulary.contraindications)
    if question.red_flag and question.red_flag not in flags:
        yield unknown((*path, "red_flag"), question.red_flag, flags)
    for language, line in question.text.root.items():
        if not line.endswith(QUESTION_MARKS):
            yield Fault((*path, "text", language), "this is no question", "End it with a question mark.")
