"""Hosts that grade one student at a time, in folders laid out as they lay them out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.catalogue import find, root
from grader.hosts.one import Settings
from grader.packages import action, classroom50, prairielearn, student
from grader.packages.contents import unpacked
from tests.grader.exports.test_exports import CLASSROOM50

KATA = find("hello_await", root())
RIGHT = (KATA.solutions / "reference.py").read_bytes()
WRONG = (KATA.solutions / "wrong" / "late_hello.py").read_bytes()
BROKEN = b"def greet(:\n"
UNLOADABLE = (
    "::error file=katas/hello_await/hello_await.py,line=1::"
    "could not load: SyntaxError: invalid syntax\n"
)


def run(
    home: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a module of the grader that is in a package."""
    return subprocess.run(
        [sys.executable, "-P", "-m", *arguments],
        cwd=home,
        env=os.environ | {"PYTHONPATH": str(home)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


# --- PrairieLearn -----------------------------------------------------------------

RESULTS = {
    "type": "object",
    "required": ["gradable", "score", "tests"],
    "properties": {"score": {"type": "number", "minimum": 0, "maximum": 1}},
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    settings = Settings(("hello_await",), isolation="process")
    unpacked(prairielearn.files([KATA], settings), tmp_path / "package")
    return tmp_path / "package"


@pytest.fixture
def graded(package: Path, tmp_path: Path) -> Callable[[bytes], Any]:
    """Hand in a file as the host does, and return the results."""

    def grade(source: bytes) -> Any:
        home = tmp_path / "grade"
        tests = package / "questions" / "hello_await" / "tests"
        (home / "student").mkdir(parents=True)
        (home / "student" / "hello_await.py").write_bytes(source)
        (home / "tests").symlink_to(tests)
        source_home = package / "image" / "source"
        done = run(
            source_home, "grader.hosts.prairielearn", str(home), str(source_home)
        )
        assert done.returncode == 0, done.stderr
        return json.loads((home / "results" / "results.json").read_bytes())

    return grade


@pytest.mark.parametrize(
    ("source", "score"), [(RIGHT, 1.0), (BROKEN, 0.0)], ids=["right", "broken"]
)
def test_a_submission_to_prairielearn_has_its_score(
    graded: Callable[[bytes], Any], source: bytes, score: float
) -> None:
    told = graded(source)

    jsonschema.validate(told, RESULTS)
    assert told["score"] == score
    assert {"points", "max_points"} <= set(told["tests"][0])


def test_a_question_names_its_kata_and_its_grader(package: Path) -> None:
    question = package / "questions" / "hello_await"
    info = json.loads((question / "info.json").read_text())

    assert (info["title"], info["gradingMethod"]) == (KATA.title, "External")
    assert (package / "image" / "source" / "run.sh").stat().st_mode & 0o111
    assert info["externalGradingOptions"]["entrypoint"] == "/source/run.sh"
    assert 'file-name="hello_await.py"' in (question / "question.html").read_text()


# --- Classroom 50 -----------------------------------------------------------------

HOST = {
    "CLASSROOM": "concurrency",
    "ASSIGNMENT": "hello",
    "ASSIGNMENT_TYPE": "individual",
    "OWNER": "s-101",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://git.example/s-101/commit/a1b2c3d",
    "RELEASE_URL": "https://git.example/s-101/releases/1",
}


@pytest.fixture
def autograder(tmp_path: Path) -> Path:
    settings = Settings(("hello_await",), isolation="process")
    unpacked(classroom50.files([KATA], settings), tmp_path / "autograder")
    return tmp_path / "autograder"


def graded_checkout(
    autograder: Path, checkout: Path, source: bytes, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run what `autograder.py` runs, in a checkout of a starter repository."""
    unpacked(student.files([KATA]), checkout)
    (checkout / "katas/hello_await/hello_await.py").write_bytes(source)
    command = [sys.executable, "-P", "-m", "grader.hosts.classroom50", str(autograder)]
    return subprocess.run(
        command,
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(autograder)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("source", "score"), [(RIGHT, 100), (BROKEN, 0)], ids=["right", "broken"]
)
def test_a_checkout_of_classroom_50_has_its_result(
    autograder: Path, tmp_path: Path, source: bytes, score: int
) -> None:
    done = graded_checkout(autograder, tmp_path / "checkout", source, **HOST)

    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "checkout" / "result.json").read_bytes())
    jsonschema.validate(told, CLASSROOM50)
    assert (told["score"], told["max-score"], told["owner"]) == (score, 100, "s-101")
    assert told["review"] == HOST["COMMIT_URL"]


def test_an_autograder_of_classroom_50_holds_no_answer(autograder: Path) -> None:
    assert not (autograder / "solutions").exists()
    assert (autograder / "tests/katas/hello_await/test_laws.py").exists()


# --- GitHub Actions ---------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    unpacked(student.files([KATA]), tmp_path / "repository")
    unpacked(action.files([KATA]), tmp_path / "repository")
    return tmp_path / "repository"


def workflow(repository: Path, summary: Path) -> subprocess.CompletedProcess[str]:
    variables = {"GITHUB_STEP_SUMMARY": str(summary)}
    return run(repository, "grader.hosts.action", "hello_await", **variables)


def test_a_workflow_marks_the_line_and_tells_a_table(repository: Path) -> None:
    (repository / "katas/hello_await/hello_await.py").write_bytes(WRONG)
    summary = repository / "summary.md"

    done = workflow(repository, summary)

    assert done.returncode == 1, done.stderr
    first = done.stdout.splitlines()[0]
    assert first.startswith("::error file=katas/hello_await/hello_await.py,line=")
    head, rule, row = summary.read_text().splitlines()
    assert head == "| kata | points | laws not kept |"
    assert rule == "| --- | ---: | --- |"
    assert row.startswith("| hello_await | ")


@pytest.mark.parametrize(
    ("source", "code", "told", "row"),
    [
        (RIGHT, 0, "", "| hello_await | 100 of 100 |  |"),
        (
            BROKEN,
            1,
            UNLOADABLE,
            "| hello_await | 0 of 100 | could not load: SyntaxError: invalid syntax |",
        ),
    ],
    ids=["right", "broken"],
)
def test_a_workflow_ends_as_the_answer_is(
    repository: Path, source: bytes, code: int, told: str, row: str
) -> None:
    (repository / "katas/hello_await/hello_await.py").write_bytes(source)
    summary = repository / "summary.md"

    done = workflow(repository, summary)

    assert (done.returncode, done.stdout) == (code, told), done.stderr
    assert summary.read_text().splitlines()[-1] == row


def test_the_workflow_grades_the_katas_of_the_repository(repository: Path) -> None:
    text = (repository / ".github/workflows/katas.yml").read_text()

    assert "run: .venv/bin/python -m grader.hosts.action hello_await\n" in text
