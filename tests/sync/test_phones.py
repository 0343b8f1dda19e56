"""Two phones and a server end in the same state, whatever gets lost, repeated, delayed or killed on the way.

`python -m tests.sync` searches at size.
"""

from tests.sync.search import search


def test_two_phones_and_one_that_is_always_online_end_in_the_same_state(fresh_database_url: str) -> None:
    search(fresh_database_url, examples=5, steps=12)
