"""`python -m tests.progress.people`: random people live for weeks, and what is kept of each is held against the record.

Everything goes through the units that the routes run. Then each kept table is damaged, found out and repaired.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from uuid_utils.compat import uuid7

from api.accounts.service import Lifetimes, change_person, open_account
from api.catalogue.content import load_content
from api.catalogue.shelf import Content
from api.db.engines import engine_for
from api.db.migrations import upgrade
from api.domain.errors import Refusal
from api.domain.pain import BodySide, Moment, Rating, Region
from api.domain.permission import Consent
from api.domain.practice import StopReason
from api.domain.questionnaire import Answer
from api.metadata import metadata
from api.progress import freezes
from api.ratings import service as ratings
from api.routines.service import offered
from api.screening.service import Given, put_answers
from api.sessions.ending import Ending, end
from api.sessions.keeping import SessionView
from api.sessions.planning import Asked, plan_in
from api.sessions.recording import Record, put_record
from api.sessions.recount import agree
from api.sessions.service import remove, start
from api.sessions.starting import Start
from api.settings import Settings

ZONES = ("UTC", "Europe/Berlin", "Pacific/Kiritimati", "America/St_Johns", "Australia/Lord_Howe")
ROUTINES = ("seed-full", "desk-5", "roller-release", "strength-3x")
KEPT = [name for name in metadata.tables if name == "progress" or name.startswith("progress_")]
WEEK = timedelta(days=7)


@dataclass
class Life:
    """One person, with the sessions and ratings that are there; what happens is drawn."""

    db: Connection
    content: Content
    chance: Random
    user_id: UUID
    now: datetime
    sessions: list[SessionView] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)
    given: list[UUID] = field(default_factory=list)
    frozen: list[UUID] = field(default_factory=list)

    @property
    def caller(self) -> dict[str, object]:
        return {"user_id": self.user_id, "app": "people"}

    def happens(self) -> None:
        often: list[tuple[int, Callable[[], None]]] = [
            (9, self.starts),
            (9, self.ends),
            (4, self.records),
            (3, self.rates),
            (2, self.deletes),
            (1, self.unrates),
            (1, self.freezes),
            (1, self.thaws),
            (1, self.aims),
            (1, self.answers),
        ]
        event = self.chance.choices([one for _, one in often], [weight for weight, _ in often])[0]
        try:
            with self.db.begin_nested():
                event()
        except Refusal:
            pass

    def at(self) -> datetime:
        """Some time in the last four weeks: nothing arrives in order."""
        return self.now - self.chance.random() * 4 * WEEK

    def rated(self, moment: Moment, *, step: str | None = None, at: datetime | None = None) -> tuple[Rating, ...]:
        if self.chance.random() < 0.3:
            return ()
        value = self.chance.choice([0, 1, 2, 2, 2, 2, 3, 3, 4, 5, 6, 8])
        return (Rating(Region.NECK, BodySide.LEFT, value, moment, at=at, step=step),)

    def starts(self) -> None:
        zone = self.chance.choice([None, *ZONES])
        level = self.chance.choice([None, None, 0, 2, 4])
        before = self.rated(Moment.BEFORE)
        wanted = Start(uuid7(), level, None, zone, self.at(), before, digest(self.chance))
        plan = partial(plan_in, self.content, Asked(self.chance.choice(ROUTINES), level))
        view, _ = start(self.db, user_id=self.user_id, app=None, wanted=wanted, plan_in=plan, now=self.now)
        self.sessions.append(view)

    def record(self, view: SessionView) -> Record:
        work = [step for step, planned in view.plan.steps.items() if planned.counted]
        done = self.chance.sample(work, self.chance.choice([0, 1, len(work) // 2, len(work), len(work)]))
        results = ["done"] * 8 + ["partial", "skipped", "stopped"]
        steps = [{"step": step, "result": self.chance.choice(results)} for step in work if step in done]
        felt = self.rated(Moment.WORST, step=self.chance.choice([None, work[0]]))
        return Record({"steps": steps, "pauses": []}, felt, None, digest(self.chance))

    def ends(self) -> None:
        view = self.sessions.pop(self.chance.randrange(len(self.sessions))) if self.sessions else None
        if view is None:
            return
        reason = self.chance.choice([None] * 8 + [StopReason.PAIN, StopReason.NO_TIME, StopReason.RED_FLAG])
        ended_at = view.row.started_at + timedelta(minutes=10)
        ending = Ending(
            ended_at=min(ended_at, self.now),
            digest=digest(self.chance),
            reason=reason,
            pain_after=() if reason else self.rated(Moment.AFTER),
            record=self.record(view) if reason is None and self.chance.random() < 0.5 else None,
        )
        whose = {"user_id": self.user_id, "app": None, "session_id": view.row.id}
        end(self.db, **whose, ending=ending, offered=offered(self.content), now=self.now)
        self.ended.append(view.row.id)

    def records(self) -> None:
        if self.sessions:
            view = self.chance.choice(self.sessions)
            put_record(
                self.db,
                user_id=self.user_id,
                app=None,
                session_id=view.row.id,
                record=self.record(view),
                now=self.now,
            )

    def rates(self) -> None:
        moment = self.chance.choice([Moment.NOW, Moment.AFTER, Moment.NEXT_MORNING])
        session = self.chance.choice(self.ended) if self.ended and moment is not Moment.NOW else None
        for rating in self.rated(moment, at=self.at()):
            given = ratings.Given(uuid7(), rating, session, digest(self.chance))
            row, _ = ratings.give(self.db, user_id=self.user_id, app=None, given=given, now=self.now)
            self.given.append(row.id)

    def unrates(self) -> None:
        if self.given:
            gone = self.given.pop(self.chance.randrange(len(self.given)))
            ratings.remove(self.db, user_id=self.user_id, app=None, rating_id=gone, now=self.now)

    def deletes(self) -> None:
        if self.ended:
            gone = self.ended.pop(self.chance.randrange(len(self.ended)))
            remove(self.db, user_id=self.user_id, app=None, session_id=gone, now=self.now)

    def freezes(self) -> None:
        first = self.at().date() + self.chance.choice([0, 3]) * WEEK
        freeze = freezes.Freeze(first, first + timedelta(days=self.chance.randrange(20)), None)
        freeze_id = self.chance.choice([*self.frozen, uuid7()])
        freezes.put_freeze(self.db, user_id=self.user_id, app=None, freeze_id=freeze_id, freeze=freeze, now=self.now)
        self.frozen = [*{*self.frozen, freeze_id}]

    def thaws(self) -> None:
        if self.frozen:
            gone = self.frozen.pop()
            freezes.delete_freeze(self.db, user_id=self.user_id, app=None, freeze_id=gone, now=self.now)

    def aims(self) -> None:
        changes = {"weekly_target": self.chance.randint(1, 5), "day_cutoff_min": self.chance.choice([0, 180])}
        change_person(
            self.db, user_id=self.user_id, app=None, changes=changes, now=self.now - self.chance.random() * WEEK
        )

    def answers(self) -> None:
        told = {question.id: Answer.NO for question in self.content.screening.questions}
        signs = ("fever-stiff-neck",) if self.chance.random() < 0.3 else ()
        given = Given(self.content.screening.version, told, signs, None)
        put_answers(self.db, user_id=self.user_id, app=None, content=self.content, given=given, now=self.now)


def digest(chance: Random) -> bytes:
    return sha256(chance.randbytes(8)).digest()


def live(engine: Engine, content: Content, seed: int) -> UUID:
    """Somebody's weeks, whole in one transaction: a time at which this runs changes nothing."""
    chance = Random(seed)  # noqa: S311 - a seeded life for a test
    now = datetime.now(UTC).replace(microsecond=0)
    with engine.begin() as db:
        settings = {"zone": chance.choice(ZONES), "language": "en", "weekly_target": 2, "day_cutoff_min": 0}
        opened = open_account(
            db,
            settings=settings,
            consents=[Consent.HEALTH_DATA_1],
            app=None,
            lifetimes=Lifetimes(WEEK, WEEK),
            now=now - 4 * WEEK,
        )
        life = Life(db, content, chance, opened.account.id, now)
        for _ in range(chance.choice([5, 20, 40])):
            life.now += timedelta(hours=chance.choice([0, 1, 20]))
            life.happens()
    return opened.account.id


def damaged(engine: Engine, chance: Random, victim: UUID) -> str | None:
    """One kept row of the person made wrong, or gone; the table's name, or None where there is no row."""
    with engine.begin() as db:
        table = metadata.tables[chance.choice(KEPT)]
        rows = db.execute(table.select().where(table.c.user_id == victim)).all()
        rows = [row for row in rows if table.name != "progress_ladder" or row.sessions or row.state != "{}"]
        if not rows:
            return None
        row = chance.choice(rows)
        key = [column == getattr(row, column.name) for column in table.primary_key.columns]
        counted = [c for c in table.columns if c.name in {"active_ms", "held_s", "met", "total", "reps"}]
        if counted and chance.random() < 0.5 and table.name != "progress_pain_day":
            column = chance.choice(counted)
            db.execute(table.update().where(*key).values({column.name: column + 1}))
        else:
            db.execute(table.delete().where(*key))
        return table.name


def wrong(engine: Engine, content: Content, seeds: range) -> Iterator[str]:
    """What the check got wrong, of as many people as there are seeds."""
    for seed in seeds:
        person = live(engine, content, seed)
        if not agree(engine, user_id=person, repair=False):
            yield f"seed {seed}: what is kept is not what the record gives"
        table = damaged(engine, Random(seed), person)  # noqa: S311 - as above
        if table and agree(engine, user_id=person, repair=True):
            yield f"seed {seed}: damage of {table} was not found"
        if not agree(engine, user_id=person, repair=False):
            yield f"seed {seed}: damage of {table} was not repaired"


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.progress.people", description=__doc__)
    options.add_argument("people", type=int, nargs="?", default=1000)
    options.add_argument("--first", type=int, default=0, help="the first seed")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="unknot-people-") as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'people.db'}")
        upgrade(engine)
        content = load_content(Settings().content_dir)
        found = list(wrong(engine, content, range(asked.first, asked.first + asked.people)))
        with engine.connect() as db:
            sessions = db.execute(text("SELECT COUNT(*) FROM session")).scalar_one()
        engine.dispose()
    print(*found, f"{asked.people} people with {sessions} sessions, {len(found)} wrong", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
