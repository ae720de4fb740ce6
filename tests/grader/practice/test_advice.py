"""Advice names the line and the remedy; it is silent where there is nothing to say."""

from __future__ import annotations

import pytest

from grader.catalogue import find, katas, root
from grader.practice.advice import IN_WORDS, Advice, advice, advise

STUB = b"async def f(): ...\n"


def test_a_task_that_nobody_keeps_is_told_with_its_line() -> None:
    source = b"import asyncio\n\nasync def f(g):\n    asyncio.create_task(g())\n"

    assert advice(source, STUB) == [Advice(4, "RUF006", IN_WORDS["RUF006"])]


def test_lines_are_told_from_the_first_on() -> None:
    source = b"import time\n\nasync def f():\n    input()\n    time.sleep(1)\n"

    told = advice(source, STUB)

    assert [(each.line, each.rule) for each in told] == [
        (4, "ASYNC250"),
        (5, "ASYNC251"),
    ]


def test_what_the_stub_has_already_is_what_the_kata_asks_for() -> None:
    stub = b"async def f(timeout): ...\n"
    source = b"async def f(timeout):\n    return timeout\n"

    assert advice(source, stub) == []


@pytest.mark.parametrize("source", [b"async def f(:\n", b"\xff\xfe", b""])
def test_of_a_file_that_is_no_python_nothing_is_said(source: bytes) -> None:
    assert advice(source, STUB) == []


def test_a_line_that_says_noqa_wants_no_advice() -> None:
    source = b"import time\n\nasync def f():\n    time.sleep(1)  # noqa: ASYNC251\n"

    assert advice(source, STUB) == []


@pytest.mark.parametrize("slug", [kata.slug for kata in katas(root())])
def test_no_reference_has_advice_that_calls_it_wrong(slug: str) -> None:
    kata = find(slug, root())

    told = advise(kata, str(kata.solutions / "reference.py"))

    # A loop that asks again, and a file behind a thread, may be what a kata is about.
    assert {each.rule for each in told} <= {"ASYNC110", "ASYNC230", "ASYNC240"}
