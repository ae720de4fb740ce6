from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.catalogue import Kata, Law, Need
from grader.judge.bench import Bench
from grader.judge.cases import LAW_TEST, LawTest
from grader.judge.corpus import draw
from grader.judge.trial import Reference, Result, Trial
from grader.sandbox.launch import Sandbox
from grader.submission import Submission

SCENARIOS = """
async def call(kata, world, **given):
    return await kata.answer(world.fetch, **given)
"""

Judge = Callable[..., Result]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


@pytest.fixture
def kata(tmp_path: Path) -> Kata:
    """A kata whose one function is `answer(fetch, ...)`."""
    folder = tmp_path / "tests" / "katas" / "small"
    folder.mkdir(parents=True)
    (folder / "scenarios.py").write_text(SCENARIOS)
    law = Law("the-law", "the law", "correctness", "judge", 100, ("a hint",))
    need = Need("answer", "async", ("fetch",))
    return Kata(
        slug="small",
        root=tmp_path,
        title="Small",
        summary="A kata for tests.",
        track="foundations",
        level=1,
        minutes=1,
        needs=(),
        topics=(),
        interface=(need,),
        laws=(law,),
    )


def submission(source: str) -> Submission:
    return Submission("small.py", Path("small.py"), source.encode(), "0" * 64)


@pytest.fixture
def judge(sandbox: Sandbox, kata: Kata) -> Judge:
    """Judge a source by a hidden test, as grading does, without pytest around it."""

    def run(
        source: str,
        test: Callable[..., None],
        seed: int = 0,
        reference: Reference | None = None,
    ) -> Result:
        bench = Bench(sandbox, kata, submission(source), b"secret", SCENARIOS)
        found: LawTest = getattr(test, LAW_TEST)
        cases = found.examples() + draw(found, seed)
        trial = Trial(bench, found, cases, seed, reference)
        try:
            trial.run()
        finally:
            bench.close()
        return trial.result

    return run
