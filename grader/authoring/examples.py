"""The visible examples of a kata: ordinary tests, run as a learner runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.catalogue import Kata

FILE = "test_examples.py"
TOLD = 400
"""How much is told of what pytest said."""


def faults(kata: Kata) -> Iterator[str]:
    """Yield what is wrong with the examples of a kata, a sentence each."""
    if not kata.folder.joinpath(FILE).exists():
        yield f"{FILE}: there is none; write a few ordinary tests"
        return
    status, said = _run(kata, kata.solutions / "reference.py")
    if status != pytest.ExitCode.OK:
        yield f"{FILE}: our own answer does not pass; mend one of the two: {said}"
    status, said = _run(kata, kata.stub)
    if status != pytest.ExitCode.TESTS_FAILED:
        yield f"{FILE}: they must fail with the stub, and do not: {said}"


def _run(kata: Kata, answer: Path) -> tuple[int, str]:
    """Run the examples with this answer; return pytest's exit code and last words."""
    with tempfile.TemporaryDirectory() as made:
        folder = shutil.copytree(kata.folder, Path(made, kata.slug))
        shutil.copy(answer, folder / kata.stub.name)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                *_OPTIONS,
                f"--rootdir={made}",
                kata.slug,
            ],
            cwd=made,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    return done.returncode, done.stdout[-TOLD:]


_OPTIONS = (
    "--import-mode=importlib",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
)
