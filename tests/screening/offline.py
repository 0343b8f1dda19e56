"""The rule as a phone applies it: nothing but the served questionnaire and the answers."""

from typing import Any

EFFECTS = ("exclude", "regress", "ask", "caution", "allow")
SAFE = {"allow", "caution"}
Json = dict[str, Any]


def apply(
    questionnaire: Json, answers: dict[str, str], red_flags: list[str], *, held: bool = False
) -> dict[str, tuple[str, str | None]]:
    """By exercise: the effect, and what stands in for it. Where the answers are `held`, what loads is asked about."""
    rules = {rule["exercise"]: rule for rule in questionnaire["rules"]}
    stated = [q["red_flag"] for q in questionnaire["questions"] if q.get("red_flag") and answers.get(q["id"]) == "yes"]
    if red_flags or stated:
        return dict.fromkeys(rules, ("exclude", None))
    reasons = {name: reasons_for(questionnaire, rule, answers) for name, rule in rules.items()}
    for name, rule in rules.items():
        reasons[name] += [("ask", None)] if held and rule["loads"] else []
    effects = {
        name: min((effect for effect, _ in found), key=EFFECTS.index, default="allow")
        for name, found in reasons.items()
    }
    offers = {name: offered(rules[name], effects[name], reasons[name]) for name in rules}
    return {name: (effects[name], stand_in(name, offers, effects)) for name in rules}


def reasons_for(questionnaire: Json, rule: Json, answers: dict[str, str]) -> list[tuple[str, str | None]]:
    asked = {tag: question["id"] for question in questionnaire["questions"] for tag in question["tags"]}
    found: list[tuple[str, str | None]] = []
    for each in rule["contraindications"]:
        answer = answers.get(asked[each["tag"]])
        if answer != "no":
            found.append((each["effect"] if answer == "yes" else "ask", each.get("alternative")))
    asking = [q["id"] for q in questionnaire["questions"] if q["asks_first"] and answers.get(q["id"]) != "no"]
    return [*found, *(("ask", None) for _ in asking)]


def offered(rule: Json, effect: str, reasons: list[tuple[str, str | None]]) -> list[str]:
    easier = rule.get("easier") if effect == "regress" else None
    named = [alternative or easier for decided, alternative in reasons if decided == effect]
    return [name for name in named if name] if all(named) else []


def stand_in(name: str, offers: dict[str, list[str]], effects: dict[str, str]) -> str | None:
    reached = [name]
    for current in reached:
        reached.extend(other for other in offers[current] if other not in reached)
    accepted = [SAFE, {"ask"}] if effects[name] == "regress" else [SAFE]
    return next((other for good in accepted for other in reached[1:] if effects[other] in good), None)
