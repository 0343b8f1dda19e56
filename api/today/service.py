"""What a person does now, read from a few rows."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from api.accounts.service import read_settings
from api.catalogue.shelf import Content
from api.domain.planned import is_plan_id
from api.domain.practice import local_date
from api.domain.screening import CareAdvice
from api.domain.standing import hold
from api.domain.today import Today, decide, lock_of
from api.domain.trend import is_unrelieved
from api.progress import pain
from api.progress import service as progress
from api.routines.service import is_planned, offered
from api.screening.service import read_standing, screening_of
from api.sessions.situation import situation


@dataclass(frozen=True, slots=True)
class Told:
    """The answer, the person's own day that it is for, and the care that a lock calls for."""

    today: date
    answer: Today
    care: CareAdvice | None


def read_today(db: Connection, *, user_id: UUID, content: Content, now: datetime) -> Told:
    """By the rule of the ground, on everything that is known."""
    person = read_settings(db, user_id=user_id)
    standing = read_standing(db, user_id=user_id)
    screening = screening_of(content, standing, now)
    today = local_date(now, person.zone, person.day_cutoff_min)
    summary = progress.summary_on(db, user_id=user_id, today=today, target=person.weekly_target)
    known = situation(db, person=person, offered=offered(content), summary=summary, now=now)
    trend = pain.read_trend(db, user_id=user_id, ratings=summary.ratings)
    answer = decide(
        replace(
            known,
            usual=known.usual if is_served(content, known.usual) else None,
            locked_by=lock_of(standing, screening.outcome),
            screening=hold(standing, content.screening, now),
            four_weeks_without_relief=is_unrelieved(trend, today),
        )
    )
    return Told(today, answer, screening.care if answer.way_out else None)


def is_served(content: Content, routine: str | None) -> bool:
    if routine and is_plan_id(routine):
        return is_planned(content, routine)
    return routine in content.routines
