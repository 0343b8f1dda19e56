"""A search among random histories for one in which the fold and the book of practice disagree."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import settings

from api.domain.progression import BEGIN, Advice, Course, Rule, State, standing, step
from tests.domain.book_of_practice import Book, Said
from tests.domain.practising import random_history

HISTORIES = 20 * settings().max_examples
"""2,000 in the suite, and 10,000 by `--hypothesis-profile thorough`."""
BATCHES = 2
LOOKED_AT = (1, 3, 7, 8, 28, 29)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_fold_says_what_the_book_says_of_random_histories(batch: int) -> None:
    met: Counter[str] = Counter()
    for number in range(batch * HISTORIES // BATCHES, (batch + 1) * HISTORIES // BATCHES):
        random = Random(number)  # noqa: S311  it picks examples
        course = Course(random.randint(0, 6), presses=random.random() < 0.3, easier="cat-cow", harder="band-row")
        state, book = BEGIN, Book(course.top, course.presses)
        for practice in random_history(random, course):
            state = step(state, practice, course)
            book.write(practice)
            met.update(agreed(state, book, course, practice.day))
        for days in LOOKED_AT:
            met.update(agreed(state, book, course, practice.day + timedelta(days)))
    assert all(met[word] >= 5 for word in (*Rule, *Advice)), met


def agreed(state: State, book: Book, course: Course, today: date) -> list[str]:
    seen = standing(state, today, course)
    advice = {each.advice.value: each.sessions for each in seen.advised}
    told = Said(seen.rung, seen.decision.rule, seen.decision.sessions, advice)
    book.live_until(today)
    assert told == book.say()
    return [told.rule, *told.advice]
