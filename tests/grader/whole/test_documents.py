"""What README and docs show is run, parsed or compared."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import msgspec
import pytest

from grader.catalogue import Diagnosis, root
from grader.classroom.deadline import read_deadline
from grader.cli.app import make_app

KATA = Path(sys.executable).with_name("kata")
PAGES = [
    root() / "README.md",
    root() / "CONTRIBUTING.md",
    *(root() / "docs").glob("*.md"),
]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_OTHERS = ("dask scheduler ", "dask worker ")
"""Commands of others: docs/classroom.md has them tested with a real cluster."""

COMPARED = {
    "make test KATA=semaphore",
    "make grade SUBMISSIONS=submissions ROSTER=roster.csv",
    "kata interview verify interview.jsonl",
    "Finished. The last save is graded on cases that nobody has seen.",
}
"""What stands above the screens that a test compares with what is really printed."""


class Block(NamedTuple):
    """A block of a page, by its language."""

    page: Path
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}: {self.text.splitlines()[0]}"


def blocks(*languages: str) -> list[Block]:
    return [
        Block(page, found[1], found[2])
        for page in sorted(PAGES)
        for found in _FENCE.finditer(page.read_text("utf-8"))
        if found[1] in languages
    ]


def commands(block: Block) -> Iterator[str]:
    joined = block.text.replace("\\\n", " ")
    yield from (line[2:] for line in joined.splitlines() if line.startswith("$ "))


COMMANDS = [(each, line) for each in blocks("console") for line in commands(each)]


def words(prefix: str) -> list[list[str]]:
    lines = (line for _, line in COMMANDS if line.startswith(f"{prefix} "))
    return [shlex.split(line, comments=True)[1:] for line in lines]


def test_each_block_says_what_it_is() -> None:
    known = {"console", "toml", "python", ""}

    assert {
        block.language for block in blocks("console", "toml", "python", "", "json")
    } <= known
    assert len(COMMANDS) > 10


def test_each_command_is_ours_or_known() -> None:
    ours = ("make ", "kata ")

    assert not [line for _, line in COMMANDS if not line.startswith((*ours, *_OTHERS))]


@pytest.mark.parametrize("typed", words("kata"), ids=" ".join)
def test_kata_takes_what_the_pages_have_one_type(typed: list[str]) -> None:
    command: click.Command = make_app(typed)
    context = click.Context(command, info_name="kata")
    while isinstance(command, click.Group):
        name, *typed = typed
        found = command.get_command(context, name)
        assert found is not None, name
        command = found
    for param in command.params:
        # A file that a reader has is not here.
        if isinstance(param.type, click.Path):
            param.type.exists = False

    command.make_context("kata", typed, parent=context)


@pytest.mark.parametrize("typed", words("make"), ids=" ".join)
def test_make_has_the_targets_of_the_pages(typed: list[str]) -> None:
    told = subprocess.run(
        ["make", "-n", *typed], cwd=root(), capture_output=True, text=True, check=False
    )

    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_toml_is_toml(block: Block) -> None:
    assert tomllib.loads(block.text)


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_is_python(block: Block) -> None:
    compile(block.text, str(block), "exec")


def test_screens_are_compared() -> None:
    shown = [block for block in blocks("console") if _screen(block.text)]

    assert {_top(block.text) for block in shown} == COMPARED


def _top(text: str) -> str:
    return text.splitlines()[0].removeprefix("$ ")


def _screen(text: str) -> str:
    return "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("$ ")
    )


def test_the_deadlines_of_the_page_are_taken(tmp_path: Path) -> None:
    (block,) = [each for each in blocks("toml") if each.text.startswith("due")]
    file = tmp_path / "deadline.toml"
    file.write_text(block.text)

    assert read_deadline(file).closes_after == 5


def test_the_diagnosis_of_the_page_is_one() -> None:
    (block,) = [each for each in blocks("toml") if "[[diagnoses]]" in each.text]

    (table,) = tomllib.loads(block.text)["diagnoses"]

    assert msgspec.convert(table, Diagnosis).law == "free-slot-used"


# --- screens ------------------------------------------------------------------

HANDED_IN = {
    "s-101/semaphore": "semaphore/reference",
    "s-101/hello_await": "hello_await/reference",
    "s-102/semaphore": "semaphore/wrong/own_semaphores",
    "s-102/hello_await": "hello_await/wrong/late_hello",
    "s-103/semaphore": "semaphore/wrong/batches",
}


def _shown(top: str) -> str:
    (block,) = [
        each
        for each in blocks("console")
        if _top(each.text) == top and _screen(each.text)
    ]
    return _screen(block.text)


def test_the_summary_of_the_class_is_what_the_command_prints(tmp_path: Path) -> None:
    for place, answer in HANDED_IN.items():
        file = tmp_path / "submissions" / f"{place}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root() / "solutions" / f"{answer}.py", file)
    (tmp_path / "submissions/s-104").mkdir()
    (tmp_path / "submissions/s-104/semaphore.py").write_text("def f(:\n")
    students = "".join(f"s-10{number}\n" for number in range(1, 6))
    (tmp_path / "roster.csv").write_text(f"student\n{students}")

    told = subprocess.run(
        [KATA, "grade", "submissions", "--roster", "roster.csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    shown = _shown("make grade SUBMISSIONS=submissions ROSTER=roster.csv")
    assert _timeless(told.stdout) == _timeless(shown)


def test_the_end_of_an_interview_is_what_the_command_prints(tmp_path: Path) -> None:
    for place in ("katas", "solutions", "tests/katas"):
        shutil.copytree(
            root() / place / "hello_await", tmp_path / place / "hello_await"
        )
    answer = root() / "solutions/hello_await/reference.py"
    shutil.copy(answer, tmp_path / "katas/hello_await/hello_await.py")
    killed = subprocess.Popen(
        [KATA, "interview", "start", "--katas", "."],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout is not None
    assert any("100 of 100 points" in line for line in killed.stdout)
    killed.kill()
    killed.communicate()

    told = subprocess.run(
        [KATA, "interview", "finish", "--katas", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    shown = _shown("Finished. The last save is graded on cases that nobody has seen.")
    assert _timeless(told.stdout) == _timeless(shown)
    log = tmp_path / "interview.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"points":100', b'"points":99', 1))
    checked = subprocess.run(
        [KATA, "interview", "verify", log], capture_output=True, text=True, check=False
    )
    assert checked.stdout == _shown("kata interview verify interview.jsonl")


def _timeless(screen: str) -> str:
    """Return what is the same on every machine, in every session."""
    screen = re.sub(r"\d+ saves in \d+:\d+", "SAVES", screen)
    screen = re.sub(r"(\w{5}-){3}\w{5}", "WORDS", screen)
    return re.sub(r"in [\d.]+ m?s,", "in TIME,", screen).strip()
