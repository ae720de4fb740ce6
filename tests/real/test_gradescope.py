"""The autograder in a folder tree as its host lays it out, from set-up to results."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.catalogue import find, root
from grader.hosts.one import Settings
from grader.packages import gradescope
from grader.packages.contents import zipped

KATA = find("hello_await", root())
THIEF = b"""
from pathlib import Path

async def greet(name, delay, say):
    found = [path for place in ("/", "..", {home!r}) for path in Path(place).glob("**/test_laws.py")]
    await say(str(found))
"""
Grade = Callable[[bytes], Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out what the host has after it has built its image."""
    home = tmp_path_factory.mktemp("autograder")
    zipped(gradescope.files([KATA], Settings(("hello_await",))), home / "it.zip")
    with zipfile.ZipFile(home / "it.zip") as archive:
        archive.extractall(home / "source")
    run(home, home / "source" / "setup.sh")
    shutil.copyfile(home / "source" / "run_autograder", home / "run_autograder")
    return home


@pytest.fixture
def grade(home: Path) -> Grade:
    """Hand in a file, let the host run the autograder, and return the results."""

    def of(source: bytes) -> Any:
        for name in ("submission", "results"):
            shutil.rmtree(home / name, ignore_errors=True)
            (home / name).mkdir()
        (home / "submission" / "hello_await.py").write_bytes(source)
        (home / "submission_metadata.json").write_text("{}")
        run(home, home / "run_autograder")
        return json.loads((home / "results" / "results.json").read_bytes())

    return of


def run(home: Path, script: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONPATH"
    }
    subprocess.run(
        ["bash", script],
        cwd=home,
        env=environment | {"AUTOGRADER": str(home)},
        check=True,
        timeout=300,
    )


@pytest.mark.timeout(400)
def test_a_right_answer_has_all_points(grade: Grade) -> None:
    told = grade((KATA.solutions / "reference.py").read_bytes())

    assert told["score"] == 100
    assert [test["status"] for test in told["tests"]] == ["passed"] * len(KATA.laws)


def test_a_broken_file_has_none_and_is_told_why(grade: Grade) -> None:
    told = grade(b"def greet(:\n")

    (test,) = told["tests"]
    assert (told["score"], test["max_score"]) == (0, 100)
    assert "SyntaxError" in test["output"]


def test_a_submission_cannot_read_the_tests(home: Path, grade: Grade) -> None:
    told = grade(THIEF.replace(b"{home!r}", repr(str(home)).encode()))

    assert told["score"] < 100
    assert "test_laws.py" not in json.dumps(told)


def test_hidden_tests_and_answers_are_for_root_alone(home: Path) -> None:
    modes = [
        path.stat().st_mode & 0o077
        for name in ("tests", "solutions", "katas")
        for path in (home / "source" / name).rglob("*")
    ]

    assert modes
    assert set(modes) == {0}
