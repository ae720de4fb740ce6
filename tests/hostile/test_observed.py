"""A submission that forges what only its player sees gains those laws' points, no others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.catalogue import Kata, Law, find, root
from grader.judge.grade import Request, close, grade_all
from grader.submission import Submission
from grader.verdict import Verdict

BEFORE = """
def forge():
    from grader import wire
    from grader.player import kernel, stage

    def clean(self, *, spent):
        loops = [wire.LoopFact(True, False, 0)] * len(self._remains.loops)
        return wire.Ended([], [], [], loops, False, False, [], "", True, [])

    def report(self, event, report=kernel.Kernel.report):
        if not isinstance(event, wire.Blocked | wire.Left):
            report(self, event)

    def note(self, name, values, note=stage.Stage.note):
        if name == "the caller seen":
            values = values[0], callers.get(values[0], values[1])
        note(self, name, values)

    stage.Stage.ended = clean
    kernel.Kernel.report = report
    stage.Stage.note = note

callers = {}
forge()
"""

AFTER = """
if "hash_all" in globals():
    def hash_all(blobs, hash_fn, *, threads, honest=hash_all):
        import contextvars
        for each, value in contextvars.copy_context().items():
            callers.update(dict.fromkeys(blobs, value) if each.name == "caller" else {})
        return honest(blobs, hash_fn, threads=threads)
"""


KATAS = (
    "async_class",
    "fetch_both",
    "hello_await",
    "offload_blocking",
    "run_from_sync",
    "semaphore",
)
"""What is forged here fools each observed law of these; others want forgeries of their own."""


def wrong_answers() -> Iterator[tuple[Kata, Law, Path]]:
    """Yield each observed law of each kata, with an answer that breaks it."""
    for kata in (find(slug, root()) for slug in KATAS):
        for law in kata.laws:
            answers = sorted(kata.solutions.glob("wrong/*.py"))
            breaking = [
                path
                for path in answers
                if path.read_text().startswith(f"# breaks {law.id}")
            ]
            if law.evidence == "observed":
                yield kata, law, breaking[0]


ANSWERS = list(wrong_answers())


@pytest.fixture(scope="module", autouse=True)
def ending() -> Iterator[None]:
    yield
    close()


def grade(kata: Kata, source: str) -> Verdict:
    data = source.encode()
    digest = hashlib.sha256(data).hexdigest()
    name = f"{kata.slug}.py"
    (verdict,) = grade_all([Request(kata, Submission(name, Path(name), data, digest))])
    return verdict


def held(verdict: Verdict, evidence: str) -> set[str]:
    """Return which laws of that evidence are held."""
    laws = [law for law in verdict.laws if law.evidence == evidence]
    return {law.id for law in laws if law.outcome == "holds"}


@pytest.mark.parametrize(
    ("kata", "law", "path"),
    ANSWERS,
    ids=[f"{kata.slug}-{law.id}" for kata, law, _ in ANSWERS],
)
def test_a_forged_observation_gains_its_own_points_only(
    kata: Kata, law: Law, path: Path
) -> None:
    source = path.read_text()
    honest = grade(kata, source)
    forged = grade(kata, BEFORE + source + AFTER)
    gained = held(forged, "observed") - held(honest, "observed")
    points = sum(each.points for each in kata.laws if each.id in gained)

    assert law.id in gained
    assert held(forged, "judge") == held(honest, "judge")
    assert forged.points == honest.points + points
