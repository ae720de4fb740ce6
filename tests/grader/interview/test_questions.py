"""What an interviewer asks is there for each of our katas, and can be read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.authoring import texts
from grader.catalogue import find, katas, root
from grader.interview.questions import FILE, Missing, questions_of

KATA = Path(sys.executable).with_name("kata")


@pytest.mark.parametrize("slug", [kata.slug for kata in katas(root())])
def test_there_are_four_questions_about_each_kata(slug: str) -> None:
    asked = questions_of(find(slug, root()))

    assert len(asked) == 4
    assert len({each.ask for each in asked}) == 4


def test_they_are_printed_within_the_terminal() -> None:
    told = subprocess.run(
        [KATA, "interview", "questions", "semaphore"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    lines = told.splitlines()
    assert lines[0] == "At most N at a time"
    assert [line[:3] for line in lines if line[:1].isdigit()] == [
        "1. ",
        "2. ",
        "3. ",
        "4. ",
    ]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[questions]\n", "the questions cannot be read: "),
        (
            "questions = []\n",
            "the questions cannot be read: Expected `array` of length",
        ),
        (
            "[[questions]]\nask = 'Why?'\nstrong = ['x']\n",
            "the questions cannot be read: ",
        ),
    ],
)
def test_questions_that_cannot_be_read_are_told(
    text: str, why: str, tmp_path: Path
) -> None:
    for place in ("katas", "solutions", "tests/katas"):
        shutil.copytree(
            root() / place / "hello_await", tmp_path / place / "hello_await"
        )
    kata = find("hello_await", tmp_path)
    (kata.solutions / FILE).write_text(text)

    with pytest.raises(Missing, match=f"^{why}"):
        questions_of(kata)
    assert [each for each in texts.faults(kata) if each.startswith(f"{FILE}: {why}")]


def test_a_kata_of_ones_own_needs_none(tmp_path: Path) -> None:
    for place in ("katas", "solutions", "tests/katas"):
        shutil.copytree(
            root() / place / "hello_await", tmp_path / place / "hello_await"
        )
    kata = find("hello_await", tmp_path)
    (kata.solutions / FILE).unlink()

    assert not list(texts.faults(kata))
    told = subprocess.run(
        [KATA, "interview", "questions", "hello_await", "--katas", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (
        2,
        "there are no questions about hello_await\n",
    )
