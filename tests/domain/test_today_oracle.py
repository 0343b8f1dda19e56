"""Random situations against the prose of today, read as a person would, without a table of rules.

The prose: with a red flag that is not settled there is nothing to do. With pain raised or high in the last two days,
or a session stopped today, or the last two stopped, the gentle routine is done, at most so many times a day. On frozen
days nothing is due. Who never practised begins with the beginner's routine. Otherwise the usual one is due when so many
days have passed since the last session as the week has for each of those aimed at, and not before the next week when
all of them are done; of more than seven a week, each day has its part.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

from api.domain.standing import Hold
from api.domain.streak import DAY
from api.domain.today import Situation, Why, decide
from tests.domain.chance import seeded

SITUATIONS = 6_000
BEGIN = datetime(2026, 11, 2, 12, tzinfo=UTC)
Answer = tuple[str, str, str | None, date | None]


def hours_since(at: datetime | None, now: datetime) -> float:
    return (now - at).total_seconds() / 3600 if at else float("inf")


def answered(person: Situation) -> Answer:
    """What to do, why, with which routine, and on which day."""
    usual = person.usual if person.usual else person.beginners
    if person.locked_by:
        return ("locked", person.locked_by.value, None, None)
    if why := what_hurts(person):
        if person.sessions_today < person.gentle_a_day:
            return ("gentle", why, person.gentle, person.today)
        return ("caught-up", why, person.gentle, person.today + DAY)
    if person.frozen_until:
        return ("caught-up", "frozen", usual, person.frozen_until + DAY)
    return practising(person, usual, person.last_day)


def practising(person: Situation, usual: str, last: date | None) -> Answer:
    if not last:
        return ("routine", "first-session", person.beginners, person.today)
    day = next_session(person, last)
    if day > person.today:
        met = person.sessions_this_week >= person.weekly_target
        return ("caught-up", "week-met" if met else "rest", usual, day)
    idle = (person.today - last).days
    paused = "after-a-long-pause" if idle > 28 else "after-a-pause" if idle > 7 else "its-day"
    return ("routine", paused, usual, day)


def what_hurts(person: Situation) -> str | None:
    if hours_since(person.flare_up_at, person.now) < 48:
        return "flare-up"
    if person.pain in range(6, 11) and hours_since(person.pain_at, person.now) < 48:
        return "pain"
    if person.stopped_on == person.today:
        return "stopped-today"
    return "stopped-twice" if person.stopped_twice else None


def next_session(person: Situation, last: date) -> date:
    """Day by day from the last one on, until nothing speaks against it."""
    day = last
    while True:
        gap = (day - last).days
        if day == last:
            too_early = day != person.today or person.sessions_today >= person.weekly_target / 7
        else:
            too_early = (gap + 1) * person.weekly_target <= 7
        week_is_done = person.sessions_this_week >= person.weekly_target
        this_week = day.isocalendar()[:2] <= person.today.isocalendar()[:2]
        if not too_early and not (week_is_done and this_week):
            return day
        day += DAY


def situation(chance: Random) -> Situation:
    now = BEGIN + chance.randrange(20 * 24) * timedelta(hours=1)
    today = now.date() + chance.choice([-1, 0, 0, 0, 1]) * DAY
    last = chance.choice([None, *[today - chance.choice([-1, 0, 0, 1, 2, 3, 6, 8, 15, 30]) * DAY] * 5])
    practised_today = chance.randint(1, 3) if last == today else 0
    target = chance.choice([1, 2, 3, 3, 4, 5, 7, 8, 14, 21])
    return Situation(
        now=now,
        today=today,
        beginners="beginner",
        gentle="flare-up",
        gentle_a_day=chance.randint(1, 3),
        weekly_target=target,
        usual=chance.choice([None, "desk-5"]) if last else None,
        last_day=last,
        sessions_today=practised_today,
        sessions_this_week=practised_today + chance.choice([0, 1, target]),
        locked_by=chance.choice([None] * 10 + [Why.RED_FLAG_ANSWERED, Why.RED_FLAG_IN_SESSION]),
        screening=chance.choice([None, *Hold]),
        flare_up_at=chance.choice([None] * 6 + [now - chance.randint(0, 96) * timedelta(hours=1)]),
        pain=(pain := chance.choice([None, *range(11)])),
        pain_at=None if pain is None else now - chance.randint(0, 200) * timedelta(hours=1),
        stopped_on=chance.choice([None] * 6 + [today, today - DAY]),
        stopped_twice=chance.random() < 0.1,
        four_weeks_without_relief=chance.random() < 0.1,
        frozen_until=chance.choice([None] * 8 + [today + chance.randint(0, 9) * DAY]),
    )


def test_every_situation_gets_the_answer_that_the_prose_gives() -> None:
    reasons: Counter[str] = Counter()
    for number, chance in seeded(SITUATIONS):
        person = situation(chance)
        answer, expected = decide(person), answered(person)
        assert (answer.due, answer.why, answer.routine, answer.due_on) == expected, f"situation {number}"
        reasons[expected[1]] += 1
    assert set(reasons) == set(Why)
    assert min(reasons.values()) > SITUATIONS / 300
