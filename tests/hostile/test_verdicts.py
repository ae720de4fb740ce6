"""A whole grading of a hostile submission, behind each kind of walls."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from grader.catalogue import find, root
from grader.judge.grade import Request, close, grade_all
from grader.sandbox.levels import Level
from grader.submission import Submission, read
from grader.verdict import Verdict

KATA = "hello_await"

HONEST = (root() / "solutions" / KATA / "reference.py").read_text()

FORGERIES = {
    "a verdict that is printed": """
import os, sys
print('{"status": "pass", "points": 100}')
os.write(2, b"100 of 100 points")
async def greet(name, delay, say):
    return "Hello"
""",
    "a success of the process": """
import os
async def greet(name, delay, say):
    os._exit(0)
""",
    "values looked up in memory": """
import gc, sys
async def greet(name, delay, say):
    for each in gc.get_objects():
        if isinstance(each, str) and each.startswith("Hello"):
            return each
    for frame in sys._current_frames().values():
        while frame is not None:
            if "expected" in frame.f_locals:
                return frame.f_locals["expected"]
            frame = frame.f_back
""",
    "something equal to all": """
class Any(str):
    def __eq__(self, other): return True
    def __hash__(self): return 0
async def greet(name, delay, say):
    return Any()
""",
    "a clock that stands": """
import asyncio, time
time.time = time.monotonic = time.perf_counter = lambda: 0.0
async def fast(delay, result=None): return result
asyncio.sleep = fast
async def greet(name, delay, say):
    return "Hello"
""",
}


def grade(source: str, level: Level) -> Verdict:
    data = source.encode()
    digest = hashlib.sha256(data).hexdigest()
    submission = Submission("greet.py", Path("greet.py"), data, digest)
    request = Request(find(KATA, root()), submission, isolation=level)
    try:
        (verdict,) = grade_all([request])
    finally:
        close()
    return verdict


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_earns_nothing(level: Level, name: str) -> None:
    verdict = grade(FORGERIES[name], level)

    assert (verdict.status, verdict.points) == ("fail", 0)
    assert verdict.isolation.level == level


def test_a_right_answer_is_right_behind_any_walls(level: Level) -> None:
    verdict = grade(HONEST, level)

    assert (verdict.status, verdict.points) == ("pass", 100)
    assert verdict.isolation.official == (level != "process")


@pytest.mark.parametrize(
    "answer",
    sorted((root() / "solutions" / KATA / "wrong").glob("*.py")),
    ids=lambda path: path.stem,
)
def test_a_wrong_answer_is_wrong_in_the_same_way(level: Level, answer: Path) -> None:
    if level == "process":
        pytest.skip("it is what the others are held against")
    behind = grade(read(answer).source.decode(), level)
    without = grade(read(answer).source.decode(), "process")

    assert [(law.id, law.outcome, law.message, law.line) for law in behind.laws] == [
        (law.id, law.outcome, law.message, law.line) for law in without.laws
    ]
