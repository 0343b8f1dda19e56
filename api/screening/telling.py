"""Screenings told in one language as plain data: texts stand beside their codes."""

from datetime import datetime
from typing import Any

from api.catalogue.service import plain, spoken, summary, told_twice
from api.catalogue.shelf import Content
from api.domain.adaptation import AdaptedItem
from api.domain.screening import CareAdvice, Permission, Reason, Screening
from api.domain.standing import Standing, hold, is_valid, valid_until
from api.screening.service import Kept, screening_of

Data = dict[str, Any]


def questionnaire(content: Content, code: str) -> Data:
    """The questions with everything that a phone needs to apply the answers by itself."""
    language = content.languages[code]
    told: Data = plain(content.screening, language)
    return told | {
        "red_flags": plain(content.red_flags, language),
        "rules": [
            {
                "exercise": exercise.id,
                "loads": bool(exercise.loads),
                "easier": exercise.easier,
                "contraindications": plain(exercise.contraindications, language),
            }
            for exercise in content.exercises.values()
        ],
        **spoken(content, code),
    }


def result(content: Content, screening: Screening, code: str) -> Data:
    """What the answers permit, exercise by exercise."""
    return {
        "outcome": screening.outcome,
        "care": care(content, screening.care, code),
        "unanswered": screening.unanswered,
        "exercises": [permission(content, found, code) for found in screening.permissions.values()],
        **spoken(content, code),
    }


def mine(content: Content, kept: Kept, now: datetime, code: str) -> Data:
    """A person's screening: what was answered, whether it counts, and what it permits."""
    answered = kept.answered
    return {
        **result(content, screening_of(content, kept.standing, now), code),
        **for_me(content, kept.standing, now, code),
        "version": answered.version,
        "answers": answered.answers,
        "red_flags": answered.red_flags,
        "answered_at": answered.answered_at,
        "received_at": kept.received_at,
        "confirmed_at": kept.standing.confirmed_at,
        "valid": is_valid(kept.standing, content.screening, now),
        "valid_until": valid_until(kept.standing, content.screening),
        "revision": kept.revision,
        "server_time": now,
    }


def for_me(content: Content, standing: Standing, now: datetime, code: str) -> Data:
    """What everything made for one person begins with."""
    screening = screening_of(content, standing, now)
    return {
        "outcome": screening.outcome,
        "care": care(content, screening.care, code),
        "held_because": hold(standing, content.screening, now),
        "locked": standing.is_locked,
        **spoken(content, code),
    }


def exercises_for_me(content: Content, standing: Standing, now: datetime, code: str) -> Data:
    """Every exercise as the list has it, with what it is for this person."""
    permissions = screening_of(content, standing, now).permissions
    items = [
        summary(exercise, content, code) | permission(content, permissions[name], code)
        for name, exercise in content.exercises.items()
    ]
    return {**for_me(content, standing, now, code), "items": items}


def permission(content: Content, found: Permission, code: str) -> Data:
    return {
        "exercise": found.exercise,
        "effect": found.effect,
        "alternative": found.alternative,
        "reasons": [reason(content, each, code) for each in found.reasons],
    }


def reason(content: Content, found: Reason, code: str) -> Data:
    word, language = content.vocabulary.contraindications.get(found.tag or ""), content.languages[code]
    return {
        "effect": found.effect,
        "question": found.question,
        "answer": found.answer,
        "tag": found.tag,
        **(told_twice("name", word.name, language) if word else {}),
        "red_flag": found.red_flag,
        "by": found.by,
        "why": found.why,
    }


def care(content: Content, advice: CareAdvice | None, code: str) -> Data | None:
    if advice is None:
        return None
    text, language = getattr(content.red_flags.care, advice.urgency), content.languages[code]
    return {"urgency": advice.urgency, **told_twice("text", text, language), "signs": list(advice.signs)}


def item(content: Content, found: AdaptedItem, place: int, code: str) -> Data:
    """One item of an adapted routine, whatever became of it."""
    language = content.languages[code]
    done = content.exercises[found.exercise] if found.exercise else None
    return {
        "place": place,
        "planned": found.planned,
        "exercise": found.exercise,
        "name": language.said((done or content.exercises[found.planned]).name),
        "effect": found.permission.effect,
        "ask_first": found.asks_first,
        "covered_by": found.covered_by,
        "alternative": found.permission.alternative,
        "reasons": [reason(content, each, code) for each in found.permission.reasons],
        "stand_in_reasons": [reason(content, each, code) for each in found.stand_in.reasons] if found.stand_in else [],
    }
