"""The search for a misfortune after which phones and server disagree."""

import asyncio

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.server import serving
from tests.sync.story import Phones

PHASES = (Phase.generate, Phase.shrink)


def search(database_url: str, *, examples: int, steps: int, shrink: bool = True) -> None:
    """Raises AssertionError, after printing the shortest story that hypothesis could find, or the first one."""
    limits = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=PHASES if shrink else PHASES[:1],
        suppress_health_check=list(HealthCheck),
    )
    with asyncio.Runner() as runner:
        opened = serving(database_url)
        server = runner.run(opened.__aenter__())
        try:
            phones = type("Phones", (Phones,), {"runner": runner, "server": server})
            run_state_machine_as_test(phones, settings=limits)
        finally:
            runner.run(opened.__aexit__(None, None, None))
