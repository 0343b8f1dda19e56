"""Rules between files, and rules of good content, that no single model can hold. Pure functions over values."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from api.catalogue.findings import Fault
from api.catalogue.order import order_faults
from api.catalogue.shelf import Content
from api.catalogue.walking import Part, Path, english_of, has_field, texts, walk
from api.domain.caution import AtStep, Moment, Severity
from api.domain.dose import OURS, SEED
from api.domain.exercise import EachSide, Exercise, Kind, Phase, Step
from api.domain.routine import Routine
from api.domain.source import Sources
from api.domain.speech import SIDE, Language
from api.domain.value import FALLBACK
from api.domain.vocabulary import Vocabulary

WORDS_IN_A_SENTENCE = 15
WORDS_IN_A_CUE = 6
NEAR = 0.6  # as alike as a slip of the keys leaves a name
NECK_CAUTION = "never-roll-the-neck"
BRACED = re.compile(r"\{[^{}]*\}?|\}")
SENTENCE_END = re.compile(r"(?<=[.?!:])\s+")
HELD = {Kind.STATIC_STRETCH, Kind.ISOMETRIC, Kind.RELEASE, Kind.TRACTION}
REPEATED = {Kind.DYNAMIC}


def exercise_faults(exercise: Exercise, parts: Sequence[Part], content: Content) -> Iterator[Fault]:
    """Everything wrong with one exercise among the others; `parts` are all of it, gone through once."""
    yield from origin_faults(exercise, parts, content)
    yield from word_faults(exercise, content)
    yield from dose_faults(exercise)
    yield from phase_faults(exercise)
    yield from side_faults(exercise, parts, content)
    yield from caution_faults(exercise, content)
    yield from alternative_faults(exercise, content)
    yield from neck_faults(exercise, content)
    yield from fact_faults(exercise.id, parts, content)


def routine_faults(routine: Routine, parts: Sequence[Part], content: Content) -> Iterator[Fault]:
    """Everything wrong with one routine."""
    yield from origin_faults(routine, parts, content)
    for place, item in enumerate(routine.items):
        if item.exercise not in content.exercises:
            yield unknown(("items", place, "exercise"), item.exercise, content.exercises)
    yield from order_faults(routine, content)
    yield from fact_faults(routine.id, parts, content)


def unknown(path: Path, name: str, known: Iterable[str]) -> Fault:
    """An id that is nowhere; the cure names the nearest ones that there are."""
    near = ", ".join(get_close_matches(name, known, cutoff=NEAR) or sorted(known))
    return Fault(path, f"there is no `{name}`", f"Use one that there is: {near}.")


# Language


def sentence_faults(parts: Iterable[Part]) -> Iterator[Fault]:
    """No English sentence over 15 words: it is heard once, in an odd position."""
    for path, line in english_of(parts):
        yield from long_sentences(path, line, WORDS_IN_A_SENTENCE)


def long_sentences(path: Path, line: str, most: int) -> Iterator[Fault]:
    for sentence in SENTENCE_END.split(line):
        if len(sentence.split()) > most:
            problem = f"a sentence has {len(sentence.split())} words"
            yield Fault(path, problem, f"Say it in {most} at the most, or in two sentences.")


def side_faults(exercise: Exercise, parts: Iterable[Part], content: Content) -> Iterator[Fault]:
    """`{side}` and `{other}` only where one side is worked, and the opposite one never alone."""
    each_side = isinstance(exercise.laterality, EachSide)
    for path, line in english_of(parts):
        if stray := strays(line, content.languages.get(FALLBACK)):
            yield Fault(path, f"`{stray}` is no placeholder", "Only {side} and {other} are filled in.")
        names = {name for name, _ in SIDE.findall(line)}
        if names and not (each_side and path[0] == "steps"):
            yield Fault(path, "a side is named where none is worked", "Say it without {side} and {other}.")
        if "other" in names and "side" not in names:
            yield Fault(path, "{other} stands without {side}", "Name {side} in the same line.")
    if each_side:
        yield from second_side_faults(exercise)


def unfilled_faults(parts: Iterable[Part]) -> Iterator[Fault]:
    """Outside of exercises nothing is filled in."""
    for path, line in english_of(parts):
        if blanks := ", ".join(BRACED.findall(line)):
            yield Fault(path, f"`{blanks}` would be shown as it stands", "Say it without braces.")


def strays(line: str, language: Language | None) -> str:
    """What stands in braces and is neither a side nor one of the language's forms of it; empty when all is well."""
    forms = {None, *(language.side_forms if language else ())}
    sides = {blank[0] for blank in SIDE.finditer(line) if blank[2] in forms}
    return ", ".join(blank for blank in BRACED.findall(line) if blank not in sides)


def second_side_faults(exercise: Exercise) -> Iterator[Fault]:
    switches = exercise.in_phase(Phase.SWITCH)
    if not switches or not all("{side}" in switch.text.in_language("en") for switch in switches):
        yield Fault(("steps",), "nothing says which side comes next", "Add a step of phase switch that names {side}.")


# Origins and names


def origin_faults(value: Exercise | Routine, parts: Iterable[Part], content: Content) -> Iterator[Fault]:
    """Every source is known, and each one used is listed with its place in `evidence`."""
    placed = {evidence.source for evidence in value.evidence}
    for place, evidence in enumerate(value.evidence):
        if evidence.source not in content.sources:
            yield unknown(("evidence", place, "source"), evidence.source, content.sources)
        yield from support_faults(value, place, evidence.supports)
    for path, part in parts:
        by = getattr(part, "by", None)
        if by and by != OURS and by not in placed:
            yield Fault((*path, "by"), f"`{by}` is not among the evidence", "Add it there, with its locator.")


def support_faults(value: Exercise | Routine, place: int, supports: tuple[str, ...]) -> Iterator[Fault]:
    """What a source supports is a field, or a step or caution by its id, of this very file."""
    for number, support in enumerate(supports):
        if not has_field(value, support):
            yield Fault(("evidence", place, "supports", number), f"there is no field `{support}`", "Check the path.")


def known_origin_faults(parts: Iterable[Part], content: Content) -> Iterator[Fault]:
    """What lists no evidence rests on known sources all the same."""
    for path, part in parts:
        by = getattr(part, "by", OURS)
        if by != OURS and by not in content.sources:
            yield unknown((*path, "by"), by, content.sources)


def word_faults(exercise: Exercise, content: Content) -> Iterator[Fault]:
    """Muscles, equipment, positions and tags are those of the vocabulary."""
    for path, word, known in used_words(exercise, content.vocabulary):
        if word not in known:
            yield unknown(path, word, known)


def used_words(exercise: Exercise, words: Vocabulary) -> Iterator[tuple[Path, str, Mapping[str, object]]]:
    """Each with its place and the words of which it should be one."""
    setting, tools = exercise.setting, exercise.setting.equipment
    yield ("setting", "start"), setting.start, words.positions
    for place, position in enumerate(setting.position):
        yield ("setting", "position", place), position, words.positions
    listed: dict[Path, tuple[str, ...]] = {("required",): tools.required, ("optional",): tools.optional}
    for tool, instead in tools.substitutes.items():
        yield ("setting", "equipment", "substitutes", tool), tool, words.equipment
        listed["substitutes", tool] = instead
    for path, names in listed.items():
        for place, name in enumerate(names):
            yield ("setting", "equipment", *path, place), name, words.equipment
    for way, part in walk(exercise.muscles):
        if muscle := getattr(part, "muscle", None):
            yield ("muscles", *way, "muscle"), muscle, words.muscles
    for place, contraindication in enumerate(exercise.contraindications):
        yield ("contraindications", place, "tag"), contraindication.tag, words.contraindications


def substitutes(exercise: Exercise) -> tuple[str, ...]:
    pairs = exercise.setting.equipment.substitutes.items()
    return tuple(word for tool, instead in pairs for word in (tool, *instead))


# The work


def dose_faults(exercise: Exercise) -> Iterator[Fault]:
    """What is held has seconds, what is repeated has repetitions."""
    if exercise.kind in HELD and not exercise.dosage.hold_s:
        yield Fault(("dosage",), f"a {exercise.kind.value} is held, and has no hold", "Add `hold_s`.")
    if exercise.kind in REPEATED and not exercise.dosage.reps:
        yield Fault(("dosage",), f"a {exercise.kind.value} exercise has no repetitions", "Add `reps`.")


def phase_faults(exercise: Exercise) -> Iterator[Fault]:
    """The steps are those that the dose and the laterality need, each id once, cues short."""
    yield from unfit_phases(exercise)
    ids = [step.id for step in exercise.steps]
    for place, step in enumerate(exercise.steps):
        if step.id in ids[:place]:
            yield Fault(("steps", place, "id"), f"the step `{step.id}` is there twice", "Give it another id.")
        yield from cue_faults(place, step)


def unfit_phases(exercise: Exercise) -> Iterator[Fault]:
    needed = {Phase.SET_UP} | ({Phase.HOLD} if exercise.dosage.hold_s else {Phase.UP, Phase.TOP, Phase.DOWN})
    if exercise.dosage.spots:
        needed |= {Phase.SEARCH, Phase.SEARCH_NEXT}
    if isinstance(exercise.laterality, EachSide):
        needed |= {Phase.SWITCH}
    for phase in sorted(needed):
        if not exercise.in_phase(phase):
            yield Fault(("steps",), f"no step belongs to the phase {phase.value}", "Add one.")
    for place, step in enumerate(exercise.steps):
        if step.phase not in needed | {Phase.MOVE_IN, Phase.RELEASE}:
            yield Fault(("steps", place, "phase"), f"{step.phase.value} does not fit this exercise", "Choose another.")
        elif step.phase in (Phase.HOLD, Phase.TOP) and exercise.in_phase(step.phase)[0] is not step:
            yield Fault(("steps", place, "phase"), f"{step.phase.value} is there twice", "Make it one step.")


def cue_faults(place: int, step: Step) -> Iterator[Fault]:
    for language, cue in step.cue.root.items() if step.cue else ():
        if len(cue.split()) > WORDS_IN_A_CUE:
            problem = f"the cue has {len(cue.split())} words"
            yield Fault(("steps", place, "cue", language), problem, f"Say it in {WORDS_IN_A_CUE} at the most.")


# Safety


def caution_faults(exercise: Exercise, content: Content) -> Iterator[Fault]:
    """Cautions hang on steps that exist, once each, and name red flags of the card."""
    steps = {step.id: step for step in exercise.steps}
    flags = {flag.code: flag for flag in content.red_flags.items}
    ids = [caution.id for caution in exercise.cautions]
    for place, caution in enumerate(exercise.cautions):
        path: Path = ("cautions", place)
        if caution.id in ids[:place]:
            yield Fault((*path, "id"), f"the caution `{caution.id}` is there twice", "Give it another id.")
        if caution.red_flag and caution.red_flag not in flags:
            yield unknown((*path, "red_flag"), caution.red_flag, flags)
        if caution.must_acknowledge and Moment.BEFORE not in caution.when:
            yield Fault((*path, "when"), "it is to be acknowledged with busy hands", "Show it `before` too.")
        for number, when in enumerate(caution.when):
            if isinstance(when, AtStep) and when.step not in steps:
                yield unknown((*path, "when", number, "step"), when.step, steps)


def alternative_faults(exercise: Exercise, content: Content) -> Iterator[Fault]:
    """Whatever is offered instead exists, is another exercise, and is not ruled out by the same state."""
    for member, other in (("easier", exercise.easier), ("harder", exercise.harder)):
        if other and (other not in content.exercises or other == exercise.id):
            yield unknown((member,), other, content.exercises)
    yield from one_way_faults(exercise, content)
    for place, contraindication in enumerate(exercise.contraindications):
        path: Path = ("contraindications", place, "alternative")
        name = contraindication.alternative
        if not name:
            continue
        if name not in content.exercises or name == exercise.id:
            yield unknown(path, name, content.exercises)
        elif content.exercises[name].excluded_by(contraindication.tag):
            yield Fault(path, f"`{name}` is excluded by {contraindication.tag} too", "Offer another, or none.")


def one_way_faults(exercise: Exercise, content: Content) -> Iterator[Fault]:
    """A step down leads back up unless another one does, and going down comes to an end."""
    for member, back in (("easier", "harder"), ("harder", "easier")):
        other = content.exercises.get(getattr(exercise, member) or "")
        if other and not getattr(other, back):
            yield Fault((member,), f"`{other.id}` names nothing {back}", f"Say there `{back}: {exercise.id}`.")
    seen, below = {exercise.id}, exercise.easier
    while below and below in content.exercises:
        if below in seen:
            yield Fault(("easier",), "going down comes round in a circle", "Break it at one place.")
            return
        seen.add(below)
        below = content.exercises[below].easier


def neck_faults(exercise: Exercise, content: Content) -> Iterator[Fault]:
    """Pressing on the neck strains its vertebrae (F54, F55): no roller or ball is ever aimed at it."""
    if exercise.kind is not Kind.RELEASE and not presses(exercise, content):
        return
    carried = [c for c in exercise.cautions if c.id == NECK_CAUTION and c.severity is Severity.STOP]
    if not any(caution.shown(moment) for caution in carried for moment in caution.when if moment == "before"):
        cure = f"Add the stop caution `{NECK_CAUTION}`, shown before."
        yield Fault(("cautions",), "a release exercise does not forbid rolling the neck", cure)
    words = content.vocabulary
    for use in exercise.uses():
        if use.muscle in words.muscles and "neck" in words.muscles[use.muscle].regions:
            yield Fault(("muscles",), f"pressure is aimed at the neck ({use.muscle})", "Take that muscle out.")
    for place, step in enumerate(exercise.steps):
        yield from neck_words(place, step, content)


def presses(exercise: Exercise, content: Content) -> bool:
    tools = (*exercise.setting.equipment.required, *exercise.setting.equipment.optional, *substitutes(exercise))
    return any(tool in content.vocabulary.equipment and content.vocabulary.equipment[tool].presses for tool in tools)


def neck_words(place: int, step: Step, content: Content) -> Iterator[Fault]:
    neck = content.vocabulary.regions["neck"].name.root if "neck" in content.vocabulary.regions else {}
    for path, line in texts(step):
        word = neck.get(str(path[-1]), "neck").lower()
        if word in line.lower():
            cure = "Name the upper back or the shoulder blades; the caution speaks of the neck."
            yield Fault(("steps", place, *path), "a step aims pressure at the neck", cure)


# The article's facts


def fact_faults(carrier: str, parts: Iterable[Part], content: Content) -> Iterator[Fault]:
    """The facts of the article are carried exactly where `facts.yaml` says; a caution may repeat one anywhere."""
    due = {fact.id for fact in content.facts.facts if fact.carried_by == carrier}
    carried = dict(facts_in(parts))
    for fact in sorted(due - set(carried.values())):
        yield Fault((), f"{fact} is carried by no step, dose or caution", "Name it under `facts` where it belongs.")
    repeatable = {fact.id for fact in content.facts.facts}
    for path, fact in carried.items():
        if fact not in due | (repeatable if path[0] == "cautions" else set()):
            yield Fault(path, f"{fact} does not belong to this {SEED} content", "facts.yaml says what does.")


def facts_in(parts: Iterable[Part]) -> Iterator[tuple[Path, str]]:
    for path, part in parts:
        if path and path[-1] == "facts" and isinstance(part, tuple):
            yield from (((*path, place), fact) for place, fact in enumerate(part))


def frame_faults(content: Content) -> Iterator[Fault]:
    """Each fact is there once, and what carries it exists, as does the source of all."""
    if content.facts.source not in content.sources:
        yield unknown(("source",), content.facts.source, content.sources)
    seen: set[str] = set()
    for place, fact in enumerate(content.facts.facts):
        if fact.id in seen:
            yield Fault(("facts", place, "id"), f"{fact.id} is there twice", "Keep one of them.")
        if fact.carried_by not in content.exercises and fact.carried_by not in content.routines:
            yield unknown(("facts", place, "carried_by"), fact.carried_by, {**content.exercises, **content.routines})
        seen.add(fact.id)


def vocabulary_faults(content: Content) -> Iterator[Fault]:
    """Muscles run through regions that exist."""
    words = content.vocabulary
    for name, muscle in words.muscles.items():
        for place, region in enumerate(muscle.regions):
            if region not in words.regions:
                yield unknown(("muscles", name, "regions", place), region, words.regions)


def source_faults(sources: Sources) -> Iterator[Fault]:
    """Each source stands there once, under one id."""
    for name in ("id", "url", "doi"):
        seen: set[str] = set()
        for place, source in enumerate(sources.sources):
            value = getattr(source, name)
            if value in seen:
                yield Fault(("sources", place, name), f"`{value}` is there twice", "Keep one entry, and use its id.")
            seen |= {value} if value else set()


def review_faults(content: Content) -> Iterator[Fault]:
    """The content as a whole counts as read once everything in it was."""
    reviews = [exercise.review for exercise in content.exercises.values()]
    reviews += [routine.review for routine in content.routines.values()]
    reviews.append(content.red_flags.review)
    if content.review.status == "reviewed" and any(review.status != "reviewed" for review in reviews):
        yield Fault(("review", "status"), "not everything was reviewed", "Say `unreviewed` until all of it was.")
