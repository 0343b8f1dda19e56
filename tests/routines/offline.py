"""The planner as a phone plays it: by nothing but the documents of the pack, the wish and the answers."""

import json
from collections.abc import Iterator, Sequence
from itertools import chain, cycle, islice, pairwise
from typing import Any

from tests.screening import offline

STRONGEST_FIRST = ("exclude", "regress", "ask")
TOLD = {0: "moves", 1: "lengthens", 2: "strengthens", 3: "rests"}
Json = dict[str, Any]


class Phone:
    def __init__(self, pack: Json) -> None:
        told = {document["path"].partition("?")[0]: document["body"] for document in pack["documents"]}
        self.rules, self.questionnaire = json.loads(told["/v1/planner"]), json.loads(told["/v1/screening"])
        listed = [item["id"] for item in json.loads(told["/v1/exercises"])["items"]]
        self.exercises = {slug: json.loads(told[f"/v1/exercises/{slug}"]) for slug in listed}
        self.regions = {word["id"]: word["regions"] for word in json.loads(told["/v1/vocabulary"])["muscles"]}
        self.stages = {row["kind"]: row["stage"] for row in self.rules["stages"]}
        self.turns = {row["focus"]: row["turns"] for row in self.rules["turns"]}

    def plan(self, wish: Json) -> Json:
        return Planning(self, wish).decided()


class Planning:
    """One wish."""

    def __init__(self, phone: Phone, wish: Json) -> None:
        self.phone, self.wish, self.rules = phone, wish, phone.rules
        self.answers, self.signs = wish["screening"]["answers"], wish["screening"]["red_flags"]
        self.open = {q["id"] for q in phone.questionnaire["questions"]} - self.answers.keys()
        told = offline.apply(phone.questionnaire, self.answers, self.signs, held=bool(self.open))
        self.effects = {name: effect for name, (effect, _) in told.items()}
        self.alternatives = {name: other for name, (_, other) in told.items()}
        self.budget_ms = wish["max_minutes"] * 60_000
        pain = wish.get("pain_now", 0)
        self.gentle = wish["focus"] == "calm" or pain >= self.rules["gentle_from"]["pain"]
        held = {"screening-incomplete": bool(self.open), "pain": pain >= self.rules["lowest_from"]["pain"]}
        self.held = [code for code, applies in held.items() if applies]

    def decided(self) -> Json:
        if self.signs or any(q.get("red_flag") and self.yes(q["id"]) for q in self.phone.questionnaire["questions"]):
            return {"refused": "red-flag"}
        served = {name: e for name, e in self.phone.exercises.items() if e["status"] != "retired"}
        unsafe = {name: code for name, e in served.items() if (code := self.why_unsafe(name, e))}
        safe = {name: e for name, e in served.items() if name not in unsafe}
        unfit = {name: code for name, e in safe.items() if (code := self.why_unfit(e))}
        possible = {name: e for name, e in safe.items() if name not in unfit}
        self.stand_ins = {self.alternatives[name] for name in unsafe}
        picked = self.pick(list(possible.values()))
        plan = {"unsafe": unsafe, "unfit": unfit}
        if picked:
            items = [(e["id"], self.why_picked(e, first=place == 0)) for place, e in enumerate(picked)]
            level = self.level(picked)
            return {**plan, "items": items, "level": level, "held": self.held, "ms": self.total_ms(picked, level)}
        return {**plan, "refused": self.why_refused(safe.values(), possible.values())}

    def yes(self, question: str) -> bool:
        return bool(self.answers.get(question) == "yes")

    # Safe

    def why_unsafe(self, name: str, exercise: Json) -> str | None:
        against = [*self.against(exercise)]
        for effect in STRONGEST_FIRST:
            if effect in {found for found, _ in against}:
                asked = "ask-first" if any(answered for _, answered in against) else "open-question"
                return {"exclude": "excluded", "regress": "easier-first", "ask": asked}[effect]
        return "not-gentle" if self.gentle and name not in self.rules["gentle"]["exercises"] else None

    def against(self, exercise: Json) -> Iterator[tuple[str, bool]]:
        """Each reason that keeps it from being planned, and whether it was answered yes."""
        by_tag: dict[str, list[str]] = {}
        for each in exercise["contraindications"]:
            by_tag.setdefault(each["tag"], []).append(each["effect"])
        for question in self.phone.questionnaire["questions"]:
            effects = [effect for tag in question["tags"] for effect in by_tag.get(tag, ())]
            if self.yes(question["id"]):
                yield from ((effect, True) for effect in effects if effect != "caution")
                yield from [("ask", True)] if question["asks_first"] else []
            elif question["id"] in self.open:
                yield from (("ask", False) for tag in question["tags"] if {*by_tag.get(tag, ())} - {"caution"})
        if self.open and exercise["loads"]:
            yield "ask", False

    # Possible

    def why_unfit(self, exercise: Json) -> str | None:
        limits, space, at_hand = self.wish["limits"], exercise["space"], {*self.wish["equipment"]}
        substitutes = exercise["equipment_substitutes"]
        tools = [{tool["id"], *substitutes.get(tool["id"], ())} for tool in exercise["equipment"]]
        against = {
            "equipment": any(at_hand.isdisjoint(each) for each in tools),
            "hang": "cannot_hang" in limits and "hang" in exercise["loads"],
            "standing": "seated" in limits and "sit" not in [each["id"] for each in exercise["positions"]],
            "floor": "no_floor" in limits and space["floor"] and not (space["bed"] and "bed" in at_hand),
            "wall": "no_wall" in limits and space["wall"],
            "noise": "quiet" in limits and space["noise"] != "silent",
            "private": "in_public" in limits and space["privacy"] != "public",
        }
        return next((code for code, applies in against.items() if applies), None)

    # Picked and ordered

    def pick(self, possible: Sequence[Json]) -> list[Json]:
        picked: list[Json] = []
        turns = chain([0], cycle(self.phone.turns["calm" if self.gentle else self.wish["focus"]]))
        for stage in islice(turns, self.rules["most"]["exercises"]):
            left = [e for e in possible if (picked or e["warm_up"]) and not self.is_form_of_one(e, picked)]
            left.sort(key=lambda e: (self.stage(e) != stage, self.is_long(e), -self.points(e, picked)))
            found = next((e for e in left if self.goes([*picked, e])), None)
            if found is None:
                break
            picked.append(found)
        return self.ordered(picked)

    def stage(self, exercise: Json) -> int:
        return 0 if exercise["warm_up"] else self.phone.stages[exercise["kind"]]

    def is_long(self, exercise: Json) -> bool:
        return bool(self.rules["large_share"] * exercise["lasts_ms"][0] > self.budget_ms)

    def is_form_of_one(self, exercise: Json, picked: Sequence[Json]) -> bool:
        def forms(one: Json) -> set[str | None]:
            return {one["id"], one.get("easier"), one.get("harder")}

        alike = [other for other in picked if self.stage(other) == self.stage(exercise)]
        return any(exercise["id"] in forms(other) or other["id"] in forms(exercise) for other in alike)

    def points(self, exercise: Json, picked: Sequence[Json]) -> int:
        known = {muscle for other in picked for muscle in muscles(other, "target")}
        space, sides = exercise["space"], self.wish["side"] != "both" and exercise["laterality"]["mode"] == "each_side"
        applies = {
            "target": self.aims_at(exercise, "target"),
            "secondary": self.aims_at(exercise, "secondary"),
            "new": not known.issuperset(muscles(exercise, "target")),
            "each_side": sides,
            "stands_in": exercise["id"] in self.stand_ins,
            "up": not (space["floor"] or space["bed"]),
            "not_simply_allowed": self.effects[exercise["id"]] != "allow",
        }
        return int(sum(self.rules["points"][name] for name, does in applies.items() if does))

    def aims_at(self, exercise: Json, role: str) -> bool:
        return any(self.wish["region"] in self.phone.regions[muscle] for muscle in muscles(exercise, role))

    def goes(self, picked: Sequence[Json]) -> bool:
        order = self.ordered(picked)
        return bool(order) and self.total_ms(order, 0) <= self.budget_ms

    def ordered(self, picked: Sequence[Json]) -> list[Json]:
        def further(begun: list[Json], left: list[Json]) -> list[Json]:
            if not left:
                return begun
            tried = (e for e in left if self.keeps_rules([*begun, e]))
            whole = (further([*begun, e], [other for other in left if other is not e]) for e in tried)
            return next(filter(None, whole), [])

        return further([], sorted(picked, key=self.stage))

    def keeps_rules(self, order: Sequence[Json]) -> bool:
        neck = [self.loads_neck(e) for e in order]
        down = [e["space"]["floor"] or e["space"]["bed"] for e in order]
        ways_down = sum(after and not before for before, after in pairwise([False, *down]))
        twice = any(before and after for before, after in pairwise(neck))
        return bool(order[0]["warm_up"] and not order[0]["loads"] and not twice and ways_down <= 1)

    def loads_neck(self, exercise: Json) -> bool:
        aimed = any("neck" in self.phone.regions[muscle] for muscle in muscles(exercise, "target"))
        return aimed and exercise["kind"] in self.rules["neck_kinds"]

    # Timed and told

    def total_ms(self, order: Sequence[Json], level: int) -> int:
        return int(sum(e["lasts_ms"][level] for e in order) + self.rules["between_ms"] * (len(order) - 1))

    def level(self, order: Sequence[Json]) -> int:
        fitting = [level for level in range(5) if self.total_ms(order, level) <= self.budget_ms]
        return 0 if self.held else max(fitting, default=0)

    def why_picked(self, exercise: Json, *, first: bool) -> list[str]:
        main = "releases" if exercise["kind"] == "release" else TOLD[self.stage(exercise)]
        also = {
            "gentle": self.gentle,
            "sore-place": self.aims_at(exercise, "target"),
            "each-side": self.wish["side"] != "both" and exercise["laterality"]["mode"] == "each_side",
            "stands-in": exercise["id"] in self.stand_ins,
            "with-care": self.effects[exercise["id"]] == "caution",
        }
        return ["warm-up" if first else main, *(code for code, applies in also.items() if applies)]

    def why_refused(self, safe: Any, possible: Any) -> str:
        if not any(e["warm_up"] for e in safe):
            return "no-safe-routine"
        return "too-short" if any(e["warm_up"] for e in possible) else "nothing-possible"


def muscles(exercise: Json, role: str) -> list[str]:
    return [each["id"] for each in exercise["muscles"] if each["role"] == role]
