"""A player for each run, and a judge's side as small as it can be."""

from collections.abc import Iterator

import pytest

from grader.sandbox.launch import Sandbox

from .performing import Perform, Performer


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


@pytest.fixture
def performer(sandbox: Sandbox) -> Iterator[Performer]:
    made = Performer(sandbox)
    yield made
    made.close()


@pytest.fixture
def perform(performer: Performer) -> Perform:
    """Run a source in a fresh player: `f(world, ...)` is called; return the record."""
    return performer.perform


@pytest.fixture
def check(performer: Performer) -> object:
    """Execute a source once; return what is wrong with it."""
    return performer.check
