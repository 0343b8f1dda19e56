"""Random histories of ratings, added late and taken out again, against the prose read slowly.

The prose: with fewer than seven ratings no trend is told. The first week is the seven days from the first rating on,
the latest week the seven days up to the last; while they share a day it is too soon, and with ratings on a single day
of either there are too few. Pain is clearly lower, or higher, when the mean of the latest week lies at least two
points and at least 30 percent of the first week's mean below, or above, it; and does so without any one day as well.
Somebody is advised to see someone when the first and the last rating are four weeks apart, the last one is not four
weeks old, and the mean of the latest week is two or more and not clearly below that of the first.
"""

from collections import Counter
from datetime import date
from itertools import chain
from random import Random

from api.domain.streak import DAY
from api.domain.trend import PainDay, Tendency, is_unrelieved, trend
from tests.domain.chance import seeded

FIRST = date(2026, 2, 27)
HISTORIES = 4_000
Rated = tuple[int, int]
"""The number of a day, and what was rated on it."""


def read_slowly(ratings: list[Rated]) -> str:
    if len(ratings) < 7:
        return "too-few-ratings"
    first_day, last_day = min(day for day, _ in ratings), max(day for day, _ in ratings)
    if last_day - 6 <= first_day + 6:
        return "too-soon"
    first_week = [(day, value) for day, value in ratings if day in range(first_day, first_day + 7)]
    latest_week = [(day, value) for day, value in ratings if day in range(last_day - 6, last_day + 1)]
    if len({day for day, _ in first_week}) == 1 or len({day for day, _ in latest_week}) == 1:
        return "too-few-ratings"
    told = set()
    for left_out in chain([None], range(first_day, last_day + 1)):
        for also_left_out in chain([None], range(last_day - 6, last_day + 1)):
            before = [value for day, value in first_week if day != left_out]
            now = [value for day, value in latest_week if day != also_left_out]
            told.add(compared(before, now))
    return told.pop() if len(told) == 1 else "no-clear-change"


def advised(ratings: list[Rated], today: int) -> bool:
    first_day, last_day = min(day for day, _ in ratings), max(day for day, _ in ratings)
    if len(ratings) < 7 or last_day - first_day < 28 or today >= last_day + 28:
        return False
    before = [value for day, value in ratings if day < first_day + 7]
    now = [value for day, value in ratings if day > last_day - 7]
    return sum(now) >= 2 * len(now) and compared(before, now) != "clearly-lower"


def compared(before: list[int], now: list[int]) -> str:
    """In whole numbers: the means over a common denominator."""
    common = len(before) * len(now)
    was, is_now = sum(before) * len(now), sum(now) * len(before)
    if was - is_now >= 2 * common and 10 * (was - is_now) >= 3 * was:
        return "clearly-lower"
    if is_now - was >= 2 * common and 10 * (is_now - was) >= 3 * was:
        return "clearly-higher"
    return "no-clear-change"


def history(chance: Random) -> list[Rated]:
    """Ratings around a level that drifts, so that every answer comes up."""
    span, many = chance.choice([10, 16, 40]), chance.choice([6, 9, 20, 40])
    start, end, noise = chance.randint(0, 10), chance.randint(0, 10), chance.choice([0, 1, 3])
    days = [chance.randint(0, span) for _ in range(many)]
    levels = [round(start + (end - start) * day / span) + chance.randint(-noise, noise) for day in days]
    return [(day, min(10, max(0, level))) for day, level in zip(days, levels, strict=True)]


def test_sums_kept_in_any_order_with_deletions_tell_what_the_ratings_told_slowly_do() -> None:
    answers: Counter[str] = Counter()
    for number, chance in seeded(HISTORIES):
        lasting, passing = history(chance), history(chance)[:5]
        events = [(1, *rating) for rating in lasting + passing]
        chance.shuffle(events)
        kept: dict[int, list[int]] = {}
        for sign, day, value in [*events, *((-1, *rating) for rating in passing)]:
            kept.setdefault(day, [0, 0])
            kept[day][0] += sign
            kept[day][1] += sign * value
        days = [PainDay(FIRST + day * DAY, *sums) for day, sums in kept.items()]
        expected = read_slowly(lasting)
        found, today = trend(days, len(lasting)), chance.randint(40, 70)
        assert found.tendency == expected, f"history {number}"
        assert is_unrelieved(found, FIRST + today * DAY) is advised(lasting, today), f"history {number}"
        answers.update([expected, *(["advised"] if advised(lasting, today) else [])])
    assert set(answers) == {*Tendency, "advised"}
    assert min(answers.values()) > HISTORIES / 50
