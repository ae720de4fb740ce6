"""Verdicts on submissions that no player ever ran."""

from __future__ import annotations

import platform

from grader import __version__
from grader.catalogue import POINTS, Kata
from grader.submission import Rejected, Submission
from grader.verdict import (
    Corpus,
    Isolation,
    Problem,
    Status,
    Submitted,
    Verdict,
)


def refused(kata: Kata, refusal: Rejected, seed: int) -> Verdict:
    """Return the verdict on a file that was not taken in."""
    problem = Problem(refusal.reason, str(refusal))
    return _verdict(kata, Submitted(refusal.name, ""), seed, "unloadable", problem)


def faulty(kata: Kata, submission: Submission, error: Exception, seed: int) -> Verdict:
    """Return the verdict that blames the grader."""
    problem = Problem("grader error", f"{type(error).__name__}: {error}")
    submitted = Submitted(submission.name, submission.sha256)
    return _verdict(kata, submitted, seed, "fault", problem)


def _verdict(
    kata: Kata, submitted: Submitted, seed: int, status: Status, problem: Problem
) -> Verdict:
    return Verdict(
        schema="asyncio-katas/verdict/1",
        kata=kata.slug,
        title=kata.title,
        level=kata.level,
        submission=submitted,
        status=status,
        points=0,
        max_points=POINTS,
        laws=[],
        corpus=Corpus(seed, "", 0),
        # No wall was needed, so none was missing.
        isolation=Isolation("none", [], official=True),
        python=platform.python_version(),
        grader=__version__,
        virtual_seconds=0.0,
        seconds=0.0,
        problem=problem,
    )
