"""What `kata check` says of a kata that breaks its contract: file, fault, what mends it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader import cli
from grader.authoring.new import TO_DO, new

Captured = pytest.CaptureFixture[str]

LAWS = "tests/katas/mine/test_laws.py"
DESCRIPTION = "katas/mine/kata.toml"
NO_TEST = re.compile(r'@law\("results-in-order"\).*?(?=@law)', re.DOTALL)
HINTS = re.compile(r"hints = \[.*?\]\n", re.DOTALL)

SAID = """\
kata.toml: law all-at-once has no hint; write one at least
places.py: a right answer got 60 points: all-at-once is broken: All names must be asked for \
at once; fetch('name-2') was called at t=2.0s, not at t=0.0s.
wrong/first_only.py: line 1 must read "# breaks <law>: <the mistake>"
wrong/sorted_answers.py: results-in-order, which it is to break, holds; make the mistake, or \
name the law that it breaks in line 1
wrong/sorted_answers.py: its diagnosis is not told, but none; let its [[diagnoses]] in \
kata.toml fit what it breaks
wrong/sorted_answers.py: outcomes are {}, stored are {'results-in-order': 'broken'}; if they \
are right, kata check --write mine
""".splitlines()


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with one kata that keeps its contract."""
    for file in new("mine", tmp_path):
        file.write_text(file.read_text("utf-8").replace(f"{TO_DO}: ", ""), "utf-8")
    return tmp_path


def complaints(house: Path, captured: Captured) -> list[str]:
    """Return what is said of the kata."""
    code = cli.main(["check", "--katas", str(house), "--seeds", "1"])
    printed = captured.readouterr()
    assert code != 0
    return (printed.out + printed.err).replace("mine: ", "").splitlines()


def change(path: Path, old: str | re.Pattern[str], new: str) -> None:
    """Replace the first place in a file that has the old text."""
    before = path.read_text("utf-8")
    pattern = old if isinstance(old, re.Pattern) else re.compile(re.escape(old))
    after = pattern.sub(lambda _: new, before, count=1)
    assert after != before
    path.write_text(after, "utf-8")


def test_a_law_that_no_test_looks_at_is_told(house: Path, capsys: Captured) -> None:
    change(house / LAWS, NO_TEST, "")

    assert complaints(house, capsys) == [
        'test_laws.py: no test is marked @law("results-in-order"); write one, or drop the law'
    ]


def test_points_that_are_not_a_hundred_are_told(house: Path, capsys: Captured) -> None:
    change(house / DESCRIPTION, "points = 40", "points = 41")

    assert complaints(house, capsys) == [
        "katas/mine/kata.toml: points add up to 101; make it 100 - at $.laws"
    ]


def test_answers_that_are_not_what_they_are_said_to_be_are_told(
    house: Path, capsys: Captured
) -> None:
    change(house / DESCRIPTION, HINTS, "hints = []\n")
    answers = house / "solutions/mine"
    reference = answers.joinpath("reference.py").read_text("utf-8")
    wrong = answers / "wrong/sorted_answers.py"
    line = wrong.read_text("utf-8").partition("\n")[0]
    wrong.write_text(f"{line}\n{reference}", "utf-8")
    change(answers / "wrong/first_only.py", "# breaks results-in-order", "# results")
    one_by_one = answers.joinpath("wrong/one_by_one.py").read_bytes()
    answers.joinpath("places.py").write_bytes(one_by_one)

    assert complaints(house, capsys) == SAID
