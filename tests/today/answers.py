"""Every answer of `GET /v1/me/today`, and every notice, with the calls that bring it about.

`python -m tests.today.answers` prints the tables that `api/domain/RULES.md` has; the tests make the calls.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from tests.factories import rating
from tests.today.person import Person, ago

Play = Callable[[Person], Awaitable[None]]
OPEN, START, COMPLETE = "POST /v1/accounts", "POST /v1/sessions", "POST /v1/sessions/{id}/complete"
ABANDON, RATE, SCREENING = "POST /v1/sessions/{id}/abandon", "POST /v1/me/ratings", "PUT /v1/me/screening"
CONFIRM, FREEZE, PLAN = "POST /v1/me/screening/confirm", "PUT /v1/me/freezes/{id}", "POST /v1/routines/plan"
SETTINGS = "PATCH /v1/me"


@dataclass(frozen=True)
class Answer:
    """`beside` are further members of the answer with their codes, `calls` those that are made, each once, in order.

    `told` says what matters about them; `deployed` is what they cannot do: another questionnaire is served.
    """

    due: str
    why: str
    calls: tuple[str, ...]
    told: str
    play: Play
    beside: dict[str, str] = field(default_factory=dict)
    deployed: bool = False

    @property
    def name(self) -> str:
        return " ".join([self.due, self.why, *(f"{name}={code}" for name, code in self.beside.items())])

    @property
    def cell(self) -> str:
        return ", ".join([f"`{self.due}`, `{self.why}`", *(f"{name} `{code}`" for name, code in self.beside.items())])


ANSWERS: list[Answer] = []
NOTICES: list[Answer] = []


def answer(due: str, why: str, *calls: str, told: str, deployed: bool = False, **beside: str) -> Callable[[Play], Play]:
    def noted(play: Play) -> Play:
        ANSWERS.append(Answer(due, why, (OPEN, *calls), told, play, beside, deployed))
        return play

    return noted


def notice(kind: str, *calls: str, told: str) -> Callable[[Play], Play]:
    def noted(play: Play) -> Play:
        NOTICES.append(Answer("notice", kind, (OPEN, *calls), told, play))
        return play

    return noted


# In the order of the rules


@answer(
    "locked",
    "red-flag-in-session",
    START,
    ABANDON,
    told="`reason` is `red_flag`; until every question is answered anew",
    way_out="care-then-screening",
)
async def red_flag_in_session(person: Person) -> None:
    await person.open()
    await person.stop("red_flag")


@answer(
    "locked",
    "red-flag-answered",
    SCREENING,
    told="a sign in `red_flags`, or an answer that stops",
    way_out="care-then-screening",
)
async def red_flag_answered(person: Person) -> None:
    await person.open()
    await person.answer_screening(red_flags=["fever-stiff-neck"])


@answer("gentle", "flare-up", START, COMPLETE, RATE, told="2 above before, on the `next_morning`; for 48 hours")
async def flare_up(person: Person) -> None:
    await person.open()
    session = await person.practise(1, before=2)
    await person.rate(4, moment="next_morning", session=session["id"])


@answer("caught-up", "flare-up", START, COMPLETE, RATE, told="the same, and the gentle routine done 3 times today")
async def flare_up_done(person: Person) -> None:
    await flare_up(person)
    for _ in range(3):
        await person.complete_now(routine="flare-up")


@answer("gentle", "pain", RATE, told="6 or more, and no lower rating since; for 48 hours")
async def pain(person: Person) -> None:
    await person.open()
    await person.rate(6)


@answer("caught-up", "pain", RATE, START, COMPLETE, told="the same, and the gentle routine done 3 times today")
async def pain_done(person: Person) -> None:
    await pain(person)
    for _ in range(3):
        await person.complete_now(routine="flare-up")


@answer("gentle", "stopped-today", START, ABANDON, told="`reason` is `pain`; until tomorrow")
async def stopped_today(person: Person) -> None:
    await person.open()
    await person.stop()


@answer("caught-up", "stopped-today", START, COMPLETE, ABANDON, told="3 sessions completed today, then one stopped")
async def stopped_after_three(person: Person) -> None:
    await person.open()
    for _ in range(3):
        await person.complete_now()
    await person.stop()


@answer(
    "gentle",
    "stopped-today",
    START,
    ABANDON,
    told="two sessions running stopped for pain, the latest today",
    advice="stopped-twice",
)
async def stopped_twice_today(person: Person) -> None:
    await person.open()
    await person.stop()
    await person.stop()


@answer(
    "gentle",
    "stopped-twice",
    START,
    ABANDON,
    told="two sessions running stopped for pain, before today; until one was completed",
    advice="stopped-twice",
)
async def stopped_twice(person: Person) -> None:
    await person.open()
    await person.stop(days_ago=4)
    await person.stop(days_ago=3)


@answer("caught-up", "frozen", FREEZE, told="today is among the days; also for whom nothing was ever due")
async def frozen(person: Person) -> None:
    await person.open()
    await person.freeze(-1, 2)


@answer("routine", "first-session", told="nothing more", held_because="no-screening")
async def first_session(person: Person) -> None:
    await person.open()


@answer("routine", "its-day", START, COMPLETE, told="yesterday, with a target of 7 a week")
async def its_day(person: Person) -> None:
    await person.open()
    await person.practise(1)


@answer("routine", "its-day", PLAN, START, COMPLETE, told="the latest session followed a `plan`, which `follow` names")
async def its_day_by_plan(person: Person) -> None:
    await person.open()
    planned = await person.call("POST", "/v1/routines/plan", {"max_minutes": 10})
    at = ago(1).isoformat()
    started = {"plan": planned["plan"]["id"], "no_red_flags": True, "started_at": at}
    session = await person.call("POST", "/v1/sessions", started)
    await person.call("POST", f"/v1/sessions/{session['id']}/complete", {"completed_at": at})


@answer("routine", "after-a-pause", START, COMPLETE, told="8 days ago")
async def after_a_pause(person: Person) -> None:
    await person.open()
    await person.practise(8)


@answer("routine", "after-a-long-pause", START, COMPLETE, told="29 days ago")
async def after_a_long_pause(person: Person) -> None:
    await person.open()
    await person.practise(29)


@answer("caught-up", "rest", START, COMPLETE, told="today, with a target of 7 a week")
async def rest(person: Person) -> None:
    await person.open()
    await person.practise(0)


@answer("caught-up", "week-met", START, COMPLETE, told="as often this week as the target says")
async def week_met(person: Person) -> None:
    await person.open(weekly_target=1)
    await person.practise(0)


@answer(
    "caught-up",
    "week-met",
    START,
    COMPLETE,
    SETTINGS,
    told="`weekly_target` lowered to what was done this week",
)
async def week_met_by_a_lower_target(person: Person) -> None:
    await person.open()
    await person.practise(0)
    await person.call("PATCH", "/v1/me", {"weekly_target": 1})


@answer(
    "caught-up",
    "rest",
    START,
    COMPLETE,
    told="rated before sessions over four weeks, without relief",
    advice="four-weeks-without-relief",
)
async def four_weeks_without_relief(person: Person) -> None:
    await person.open()
    for days in (29, 27, 25, 24, 9, 8, 7, 0):
        await person.practise(days, before=5)


# Beside any answer but a lock: why the screening does not count


@answer(
    "routine",
    "first-session",
    SCREENING,
    told="answered 28 days ago, and not practised or confirmed since",
    held_because="screening-expired",
)
async def screening_expired(person: Person) -> None:
    await person.open()
    await person.answer_screening(days_ago=28)


@answer(
    "routine",
    "first-session",
    SCREENING,
    CONFIRM,
    told="`anything_new` is true, which also answers 409",
    held_because="anything-new",
)
async def anything_new(person: Person) -> None:
    await person.open()
    await person.answer_screening(days_ago=1)
    path = "/v1/me/screening/confirm"
    answer = await person.service.post(path, json={"anything_new": True}, headers=person.guest.headers)
    assert answer.status_code == 409, answer.text


@answer(
    "routine",
    "first-session",
    SCREENING,
    told="not every question is answered",
    held_because="screening-incomplete",
)
async def screening_incomplete(person: Person) -> None:
    await person.open()
    questionnaire = await person.read("/v1/screening")
    await person.call("PUT", "/v1/me/screening", {"version": questionnaire["version"], "answers": {}})


@answer(
    "routine",
    "first-session",
    SCREENING,
    told="and then the server serves a questionnaire of which the first number is another",
    deployed=True,
    held_because="questionnaire-changed",
)
async def questionnaire_changed(person: Person) -> None:
    await person.open()
    await person.answer_screening()


# Notices


@notice("level-raised", START, COMPLETE, told="three clean sessions, the last one yesterday at the latest")
async def level_raised(person: Person) -> None:
    await person.open(weekly_target=21)
    for days in (5, 3, 1):
        await person.practise(days, before=2, pain_after=[rating(2)])


@notice("week-reached", START, COMPLETE, told="as often this week as the target says")
async def week_reached(person: Person) -> None:
    await week_met(person)


@notice("screening-expires", SCREENING, told="answered 21 to 28 days ago, and not practised or confirmed since")
async def screening_expires(person: Person) -> None:
    await person.open()
    await person.answer_screening(days_ago=22)


# The tables


def tables() -> Iterator[str]:
    yield "| answer | calls | what matters |"
    yield "|---|---|---|"
    yield from (f"| {one.cell} | {calls_of(one)} | {one.told} |" for one in ANSWERS)
    yield ""
    yield "| notice | calls | what matters |"
    yield "|---|---|---|"
    yield from (f"| `{one.why}` | {calls_of(one)} | {one.told} |" for one in NOTICES)


def calls_of(one: Answer) -> str:
    return ", ".join(f"`{call}`" for call in one.calls)


if __name__ == "__main__":
    print("\n".join(tables()))
