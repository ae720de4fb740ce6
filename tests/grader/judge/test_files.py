"""A kata that is allowed files: what a hidden test lays out, and what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grader.catalogue import Kata
from grader.judge.cases import cases, law
from grader.judge.draws import integers
from grader.judge.play import Play
from grader.sandbox.launch import Sandbox
from grader.sandbox.levels import unwalled
from grader.world.rules import after, asynchronous

from .conftest import Judge

FETCH = asynchronous(after(1))

COPY = """
async def answer(fetch, number):
    with open("in/a", "rb") as file:
        data = file.read()
    with open("out", "wb") as file:
        file.write(data * number)
"""


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(unwalled("process", ["files"])) as started:
        yield started


@pytest.fixture
def kata(kata: Kata) -> Kata:
    return msgspec.structs.replace(kata, allow=("files",))


@law("the-law")
@cases(count=5, number=integers(0, 5))
def copies(play: Play, number: int) -> None:
    run = play("call", number=number, fetch=FETCH, files={"in/a": b"ab"})
    run.folder_holds({"in/a": b"ab", "out": b"ab" * number}, "Write it all")


def test_each_run_finds_what_was_laid_out_and_nothing_of_the_run_before(
    judge: Judge,
) -> None:
    result = judge(COPY, copies)

    assert (result.message, result.outcome, result.played) == ("", "holds", 5)


def test_what_a_run_leaves_breaks_the_law(judge: Judge) -> None:
    result = judge(COPY + "    open('out.tmp', 'w').close()\n", copies)

    assert result.outcome == "broken"
    assert result.message == "Write it all; at the end, out.tmp was left there."


@law("the-law")
@cases(count=3, number=integers(1, 5))
def changes_at_once(play: Play, number: int) -> None:
    run = play(
        "call", number=number, fetch=FETCH, files={"in/a": b"ab"}, watch=["in/a"]
    )
    run.changes_at_once("in/a", "Never half of it")


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("open('in/a', 'wb').write(b'new')", ""),
        (
            "open('in/a', 'wb').close(); await fetch(); open('in/a', 'wb').write(b'n')",
            "Never half of it; at t=1.0s in/a was empty.",
        ),
    ],
)
def test_what_a_file_holds_is_seen_at_every_turn(
    judge: Judge, rest: str, message: str
) -> None:
    source = f"async def answer(fetch, number):\n    await fetch(); {rest}\n"

    result = judge(source, changes_at_once)

    assert result.message == message


@law("the-law")
@cases(count=3, number=integers(0, 5))
def ends(play: Play, number: int) -> None:
    play("call", number=number, fetch=FETCH, files={"in/a": b"ab"}).returns(None)


def test_a_folder_that_fills_itself_is_no_fault_of_ours(
    judge: Judge,
) -> None:
    source = """
import os
async def answer(fetch, number):
    if os.fork() == 0:
        while True:
            open("more", "w").close()
    while not os.path.exists("more"):
        pass
"""

    result = judge(source, ends)

    assert (result.message, result.outcome) == ("", "holds")


def test_the_folder_is_gone_with_its_sandbox() -> None:
    with Sandbox(unwalled("process", ["files"])) as started:
        started.folder.lay_out({"deep/er/a": b"1"})
        made = Path(started._made)
        assert made.is_dir()

    assert not made.exists()
