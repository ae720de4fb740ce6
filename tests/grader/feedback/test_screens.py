"""Screens are compared to the files in tests/screens, at 80 columns, without colour.

After a change that is meant, write them anew and read the difference:

    WRITE_SCREENS=1 python -m pytest tests/grader/feedback/test_screens.py
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from grader.feedback import render
from grader.feedback.look import Look

from .samples import SCREENS, crowded, laws, verdict

FOLDER = Path(__file__).parents[2] / "screens"


def expect(drawn: str, path: Path) -> None:
    """Compare what was drawn with a file, or write the file if that is asked for."""
    if os.environ.get("WRITE_SCREENS"):
        path.write_text(drawn, encoding="utf-8")
    assert drawn == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCREENS)
def test_screen_is_as_agreed(name: str) -> None:
    sample, look = SCREENS[name]

    drawn = render(sample(), look)

    expect(drawn, FOLDER / f"{name}.txt")


@pytest.mark.parametrize("name", SCREENS)
def test_screen_in_ascii_is_as_agreed(name: str) -> None:
    sample, look = SCREENS[name]

    drawn = render(sample(), replace(look, ascii=True))

    assert drawn.isascii()
    expect(drawn, FOLDER / f"{name}.ascii.txt")


@pytest.mark.parametrize("name", SCREENS)
def test_colour_changes_nothing_but_colour(name: str) -> None:
    sample, look = SCREENS[name]

    drawn = render(sample(), replace(look, color=True))

    plain = drawn.replace("\x1b[0m", "")
    for code in ("1", "2", "31", "32", "33"):
        plain = plain.replace(f"\x1b[{code}m", "")
    lines = [line.rstrip() for line in plain.splitlines()]
    assert lines == render(sample(), look).splitlines()


@pytest.mark.parametrize("name", SCREENS)
def test_narrow_terminal_gets_narrow_lines(name: str) -> None:
    sample, look = SCREENS[name]

    drawn = render(sample(), replace(look, width=50))

    assert max(map(len, drawn.splitlines())) <= 50


def test_every_agreed_screen_is_drawn() -> None:
    files = {path.name.split(".")[0] for path in FOLDER.glob("*.txt")}

    assert files == set(SCREENS)


def test_no_screen_offers_a_command_that_does_not_exist() -> None:
    drawn = "".join(render(sample(), look) for sample, look in SCREENS.values())

    verbs = set(re.findall(r"\bkata (?!semaphore/)(\w+)", drawn))
    assert verbs == {"hint", "list", "show", "solution", "start", "test"}


def test_file_of_the_submission_is_named_where_no_path_is_given() -> None:
    sample, look = SCREENS["unloadable"]

    drawn = render(sample(), replace(look, file=""))

    assert "semaphore.py:12" in drawn
    assert "katas/" not in drawn


def test_verdict_without_laws_is_drawn() -> None:
    drawn = render(verdict([]), SCREENS["pass"][1])

    assert drawn.startswith("semaphore")


def test_what_was_expected_is_told_as_wanted() -> None:
    broken = msgspec.structs.replace(crowded(), seen="expected [1, 2]")

    drawn = render(verdict(laws(broken)), Look())

    assert "\n  Wanted   [1, 2]\n" in drawn
