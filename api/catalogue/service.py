"""What can be asked of the catalogue: one exercise, some of them, each told in one language as plain data."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from api.catalogue import figures
from api.catalogue.search import Index, Line
from api.catalogue.shelf import Content
from api.catalogue.times import guided_ms
from api.domain.caution import Caution, RedFlag, RedFlagCard, Severity
from api.domain.dose import LEVELS, Sourced
from api.domain.errors import NotFound
from api.domain.exercise import Exercise, MuscleUse, Side, Step
from api.domain.questionnaire import Question, Questionnaire
from api.domain.speech import Language
from api.domain.value import FALLBACK, Text

INDEXES_KEPT = 4
Data = dict[str, Any]

AS_WRITTEN = (
    *("status", "origin", "loads", "warm_up", "laterality", "dosage", "cautions"),
    *("readings", "easier", "harder", "review"),
)


class LanguageUnknown(NotFound):
    code = "language-unknown"
    title = "The content is not there in this language"
    cure = "Leave `lang` out, or name a language that the detail lists."


class WordUnknown(NotFound):
    code = "word-unknown"
    title = "The vocabulary has no such word"
    cure = "Use a word that the detail lists."


@dataclass(frozen=True, slots=True)
class Filters:
    """What an exercise has to satisfy, all at once; None and False ask for nothing."""

    muscle: str | None = None
    equipment: str | None = None
    position: str | None = None
    kind: str | None = None
    no_floor: bool = False
    quiet: bool = False
    avoid: str | None = None
    q: str | None = None

    def passes(self, exercise: Exercise) -> bool:
        """Whether the exercise satisfies all but `q`."""
        setting, tools = exercise.setting, exercise.setting.equipment
        return (
            (self.muscle is None or self.muscle in (use.muscle for use in exercise.uses()))
            and (self.equipment is None or self.equipment in (*tools.required, *tools.optional))
            and (self.position is None or self.position in setting.position)
            and (self.kind is None or self.kind == exercise.kind)
            and not (self.no_floor and setting.space.needs_floor)
            and not (self.quiet and setting.space.noise != "silent")
            and (self.avoid is None or self.avoid not in (c.tag for c in exercise.contraindications))
        )


EVERYTHING = Filters()


def languages_for(content: Content, wanted: str | None) -> tuple[str, ...]:
    """The wanted language alone; without one all reviewed languages. Raises LanguageUnknown."""
    if wanted is None:
        return tuple(language.id for language in content.languages.values() if language.reviewed)
    if wanted not in content.languages:
        raise LanguageUnknown(f"There is: {', '.join(content.languages)}.")
    return (wanted,)


def find_exercise(content: Content, slug: str) -> Exercise:
    """Raises NotFound."""
    exercise = content.exercises.get(slug)
    if exercise is None:
        raise NotFound("There is no such exercise.")
    return exercise


def find_exercises(content: Content, filters: Filters) -> list[Exercise]:
    """In the order of the catalogue, with `q` the best match first.

    Raises WordUnknown for a word that no exercise could ever have.
    """
    check_words(content, filters)
    found = content.exercises if filters.q is None else exercise_index(content).found(filters.q)
    return [content.exercises[slug] for slug in found if filters.passes(content.exercises[slug])]


def check_words(content: Content, filters: Filters) -> None:
    """Raises WordUnknown, listing the words that there are."""
    words = content.vocabulary
    asked = asdict(filters)
    for name, known in (
        ("muscle", words.muscles),
        ("equipment", words.equipment),
        ("position", words.positions),
        ("avoid", words.contraindications),
    ):
        if asked[name] is not None and asked[name] not in known:
            raise WordUnknown(f"`{name}` is one of: {', '.join(known)}.")


@lru_cache(INDEXES_KEPT)
def exercise_index(content: Content) -> Index:
    """By name, alias, muscle, equipment, and then region, position and kind, in every language."""
    return Index({e.id: [*searchable(e, content)] for e in content.exercises.values()})


def searchable(exercise: Exercise, content: Content) -> Iterator[Line]:
    """The lines by which it is found, with what finding it by them is worth."""
    words, tools = content.vocabulary, exercise.setting.equipment
    muscles = [words.muscles[use.muscle] for use in exercise.uses()]
    yield from weighed(4, exercise.name)
    yield from ((line, 3) for names in exercise.aliases.names.values() for line in names)
    yield from weighed(2, *(muscle.name for muscle in muscles))
    yield from weighed(2, *(words.equipment[tool].name for tool in (*tools.required, *tools.optional)))
    yield from weighed(1, *(words.regions[region].name for muscle in muscles for region in muscle.regions))
    yield from weighed(1, *(words.positions[position].name for position in exercise.setting.position))
    yield from weighed(1, words.codes.kind[exercise.kind].name)


def weighed(weight: float, *texts: Text) -> Iterator[Line]:
    return ((line, weight) for text in texts for line in text.root.values())


def summary(exercise: Exercise, content: Content, code: str) -> Data:
    """What a list says of an exercise."""
    language, words = content.languages[code], content.vocabulary
    setting = exercise.setting
    return {
        "id": exercise.id,
        "version": exercise.version,
        "name": language.said(exercise.name),
        "aliases": list(exercise.aliases.names.get(code, ())),
        "summary": language.said(exercise.summary),
        "kind": exercise.kind,
        "positions": [named(p, words.positions[p].name, language) for p in setting.position],
        "equipment": [named(tool, words.equipment[tool].name, language) for tool in setting.equipment.required],
        "space": setting.space.model_dump(mode="json"),
        "muscles": [named(u.muscle, words.muscles[u.muscle].name, language) for u in exercise.muscles.target],
        "laterality": exercise.laterality.mode,
        "figure": figures.thumbnail(exercise, content),
        "review": exercise.review.status,
    }


def whole(exercise: Exercise, content: Content, code: str) -> Data:
    """Everything that the catalogue knows of an exercise."""
    language, words = content.languages[code], content.vocabulary
    tools = exercise.setting.equipment
    told = plain(exercise, language)
    return summary(exercise, content, code) | {
        **{name: told[name] for name in AS_WRITTEN},
        "start": named(exercise.setting.start, words.positions[exercise.setting.start].name, language),
        "equipment_optional": [named(tool, words.equipment[tool].name, language) for tool in tools.optional],
        "equipment_substitutes": {tool: list(instead) for tool, instead in tools.substitutes.items()},
        "lasts_ms": [guided_ms(content, exercise.id, level, code) for level in LEVELS],
        "muscles": [
            *(muscle(use, "target", content, language) for use in exercise.muscles.target),
            *(muscle(use, "secondary", content, language) for use in exercise.muscles.secondary),
        ],
        "steps": [step_of(step, exercise, language) for step in exercise.steps],
        "contraindications": [
            {**plain(c, language), **told_twice("name", words.contraindications[c.tag].name, language)}
            for c in exercise.contraindications
        ],
        "evidence": evidence(exercise.evidence, content),
        "figures": figures.told(exercise, content, language),
        **spoken(content, code),
    }


def spoken(content: Content, code: str) -> Data:
    """Which language this is told in, and which content it tells."""
    translation = content.languages[code].translation
    return {"language": code, "translation": translation, "content_version": content.version}


def told_twice(member: str, text: Text, language: Language) -> Data:
    """What must not be misunderstood, with the English beside it where nobody has reviewed the language."""
    return {member: language.said(text), "english": language.english_beside(text)}


def named(word: str, name: Text, language: Language) -> Data:
    return {"id": word, "name": language.said(name)}


def muscle(use: MuscleUse, role: str, content: Content, language: Language) -> Data:
    name = language.said(content.vocabulary.muscles[use.muscle].name)
    return {"id": use.muscle, "name": name, "role": role, **origin(use)}


def origin(sourced: Sourced) -> Data:
    return {"by": sourced.by, "why": sourced.why, "facts": list(sourced.facts)}


def step_of(step: Step, exercise: Exercise, language: Language) -> Data:
    """The step for the first side, and for the second one where the two differ."""
    first, second = said_for(step, exercise.sides[0], language), said_for(step, exercise.sides[-1], language)
    own: Data = {"id": step.id, "phase": step.phase, "by": step.by, "facts": list(step.facts)}
    own["order_flexible"] = step.order_flexible
    return own | first | ({"second_side": second} if second != first else {})


def said_for(step: Step, side: Side | None, language: Language) -> Data:
    cue = language.said(step.cue, side) if step.cue else None
    return {"text": language.said(step.text, side), "cue": cue}


def evidence(entries: Any, content: Content) -> list[Data]:
    """Each entry with its source in full."""
    return [
        {
            "source": content.sources[entry.source].model_dump(mode="json"),
            "locator": entry.locator,
            "supports": list(entry.supports),
        }
        for entry in entries
    ]


def plain(value: Any, language: Language) -> Any:
    """A value as JSON data, each text in the language or, where it is not translated, in English."""
    match value:
        case str() | int() | None:
            return value
        case Text():
            return language.said(value)
        case dict():
            return {key: plain(child, language) for key, child in value.items()}
        case tuple() | list():
            return [plain(child, language) for child in value]
        case _ if hasattr(value, "__pydantic_fields__"):
            told = {name: plain(getattr(value, name), language) for name in type(value).model_fields}
            return told | english_beside(value, language)
        case _:
            return value


def english_beside(value: Any, language: Language) -> Data:
    """The English member of what must not be misunderstood, where nobody has reviewed the language."""
    match value:
        case Caution(severity=Severity.STOP) | RedFlag() | Question():
            return {"english": language.english_beside(value.text)}
        case Questionnaire() if introduction := language.english_beside(value.introduction):
            return {"english": {"introduction": introduction, "anything_new": value.anything_new.root[FALLBACK]}}
        case RedFlagCard() if introduction := language.english_beside(value.introduction):
            care = {name: getattr(value.care, name).root[FALLBACK] for name in type(value.care).model_fields}
            return {"english": {"introduction": introduction, "care": care}}
        case _:
            return {}
