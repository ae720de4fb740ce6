"""A starter repository: a learner sees which laws are kept, and no solution."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.catalogue import find, root
from grader.packages import student
from grader.packages.contents import unpacked

KATAS = [find(slug, root()) for slug in ("semaphore", "hello_await")]
Printed = subprocess.CompletedProcess[str]


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    unpacked(student.files(KATAS), tmp_path / "starter")
    return tmp_path / "starter"


@pytest.fixture
def kata(starter: Path) -> Callable[..., Printed]:
    """Run the grader that is in the package."""
    code = "import sys; from grader.cli import main; sys.exit(main())"

    def run(*arguments: str) -> Printed:
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=starter,
            env=os.environ | {"PYTHONPATH": str(starter)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_it_has_the_chosen_katas_and_no_others(kata: Callable[..., Printed]) -> None:
    told = kata("list")

    assert told.returncode == 0, told.stderr
    assert "semaphore" in told.stdout
    assert "hello_await" in told.stdout
    assert "crawler" not in told.stdout


def test_a_stub_and_a_right_answer_are_graded_as_they_are_here(
    starter: Path, kata: Callable[..., Printed]
) -> None:
    stub = kata("test", "hello_await", "--quiet")
    shutil.copyfile(
        KATAS[1].solutions / "reference.py",
        starter / "katas/hello_await/hello_await.py",
    )
    right = kata("test", "hello_await", "--quiet")

    assert (stub.returncode, right.returncode) == (1, 0), right.stderr
    assert right.stdout.startswith("100 of 100 points")


@pytest.mark.parametrize("make", [student.files, student.exam_files])
def test_no_file_of_it_is_a_solution(make: Callable[..., object]) -> None:
    packed = {file.place: file.data for file in make(KATAS)}  # type: ignore[attr-defined]
    answers = [
        path.read_bytes() for kata in KATAS for path in kata.solutions.rglob("*.py")
    ]

    assert not [place for place in packed if place.startswith("solutions")]
    assert not set(answers) & set(packed.values())


def test_for_an_exam_there_are_neither_laws_nor_hints_nor_a_grader() -> None:
    places = {file.place for file in student.exam_files(KATAS)}

    assert places == {
        ".gitignore",
        "Makefile",
        "README.md",
        "pytest.ini",
        "requirements.lock",
        *(
            f"katas/{kata.slug}/{name}"
            for kata in KATAS
            for name in ("README.md", "test_examples.py", f"{kata.slug}.py")
        ),
    }


def test_the_examples_of_an_exam_are_played_by_pytest_alone(tmp_path: Path) -> None:
    unpacked(student.exam_files(KATAS), tmp_path)
    place = tmp_path / "katas/hello_await"
    shutil.copyfile(KATAS[1].solutions / "reference.py", place / "hello_await.py")

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:randomly",
            place / "test_examples.py",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_make_offers_what_a_learner_can_do(starter: Path) -> None:
    done = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=starter,
        capture_output=True,
        text=True,
        check=True,
    )

    targets = [line.split()[1] for line in done.stdout.splitlines()]
    assert targets == [
        *["help", "setup", "start", "test", "watch", "list", "show", "hint"],
        *["examples", "solution", "trace", "reset", "progress"],
    ]
