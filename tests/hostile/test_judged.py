"""What the judge holds is not gained by a player that lies; what is, is told here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.catalogue import find, root
from grader.judge.grade import Request, close, grade_all
from grader.submission import Submission
from grader.verdict import Verdict


class Forgery(NamedTuple):
    """What is written below an answer of a kata, and the judge-held laws it is after."""

    slug: str
    answer: str
    laws: tuple[str, ...]
    text: str


MADE_UP = """
def forge():
    import re
    from grader import wire
    from grader.player import stage

    def steps(values):
        for value in values:
            if type(value) is list:
                yield from (step for step in value if type(step) is tuple)

    def play(self, begin):
        unpack = self.packing.unpack
        given = [unpack(each) for each in self._play.args.values()]
        failed = wire.Failure("RuntimeError", "", bases=["Exception"])
        self.note("script", ())
        for number, at, *_ in steps(given):
            self.kernel.park("its time", at)
            self.report(wire.Stepped(number, failed if number % 2 else None))
        for name in re.findall(r'note\\("([^"]+)"', self._load.scenarios):
            self.note(name, tuple(given))
        self._end(wire.Returned(self.packing.pack(next(iter(given), None))))

    stage.Stage._run_async = stage.Stage._run_sync = play

forge()
"""
"""No scenario is played: its notes, the ends of its steps and its own end are made up."""

REPELLED: Mapping[str, Forgery] = {
    "an answer is taken before it is there": Forgery(
        "time_limit",
        "reference",
        ("answer-comes-back", "ends-with-op"),
        """
async def fetch_or_default(op, limit, default):
    from grader import wire
    from grader.player import operations
    def hurried(call):
        call._stage.report(wire.Closed(call.op, "value"))
        return default
    async def result(self, *, lingers):
        return hurried(self)
    operations.Call.result = result
    return await op()
""",
    ),
    "answers are kept from run to run": Forgery(
        "fetch_both",
        "reference",
        ("ends-with-slower", "left-then-right"),
        """
import sys
kept = vars(sys).setdefault("kept", [])

async def fetch_both(left, right, honest=fetch_both):
    from grader.player import stage
    def ended(self, *, spent, ended=stage.Stage.ended):
        return ended(self, spent=False)
    stage.Stage.ended = ended
    if kept:
        return kept.pop()
    answers = await honest(left, right)
    kept.append(answers)
    return answers
""",
    ),
    "time that nobody was given": Forgery(
        "retry_backoff",
        "reference",
        ("waits-grow", "first-answer"),
        """
def forge():
    from grader.player import kernel
    def talk(self, asking, talk=kernel.Kernel._talk):
        self._elapsed = 10**12
        talk(self, asking)
    kernel.Kernel._talk = talk

forge()
""",
    ),
    "plain functions are called and given up": Forgery(
        "offload_blocking",
        "reference",
        ("loop-stays-free", "error-stops-queue", "free-thread-used"),
        """
async def hash_all(blobs, hash_fn, *, threads):
    import asyncio
    from grader import wire
    stage = hash_fn.__closure__[1].cell_contents
    for blob in blobs:
        call = stage.begin("hash_fn", (blob,), {})
        await asyncio.sleep(0.25)
        stage.report(wire.Closed(call.op, "dropped"))
""",
    ),
    "coroutines are begun and thrown away": Forgery(
        "loop_in_thread",
        "reference",
        ("stop-cancels", "timeout-cancels"),
        """
from contextlib import suppress
from concurrent.futures import Future

class LoopThread(LoopThread):
    def submit(self, coro):
        with suppress(RuntimeError):
            coro.send(None)
        return Future()

    def run(self, coro, timeout=None):
        self.submit(coro)
        raise TimeoutError
""",
    ),
}

SLUGS = sorted(path.parent.name for path in (root() / "katas").glob("*/kata.toml"))


@pytest.fixture(scope="module", autouse=True)
def ending() -> Iterator[None]:
    yield
    close()


def judged(forgery: Forgery, draws: int | None = None) -> Verdict:
    kata = find(forgery.slug, root())
    answer = (kata.solutions / f"{forgery.answer}.py").read_text()
    data = (answer + forgery.text).encode()
    digest = hashlib.sha256(data).hexdigest()
    name = f"{forgery.slug}.py"
    submission = Submission(name, Path(name), data, digest)
    request = Request(kata, submission, laws=forgery.laws, shrink=False, draws=draws)
    (verdict,) = grade_all([request])
    return verdict


def earned(verdict: Verdict) -> set[str]:
    return {law.id for law in verdict.laws if law.points}


@pytest.mark.parametrize("name", REPELLED)
def test_a_forgery_gains_no_judge_held_law(name: str) -> None:
    forgery = REPELLED[name]

    verdict = judged(forgery)

    assert (len(verdict.laws), verdict.status) == (len(forgery.laws), "fail")
    assert earned(verdict) == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_made_up_gains_no_judge_held_law(slug: str) -> None:
    laws = [law.id for law in find(slug, root()).laws if law.evidence == "judge"]

    verdict = judged(Forgery(slug, "reference", tuple(laws), MADE_UP), draws=1)

    assert (len(verdict.laws), verdict.status) == (len(laws), "fail")
    assert earned(verdict) == set()
