"""Answers that resemble each other are told of, whatever was renamed in them."""

from __future__ import annotations

import re

from grader.catalogue import find, root
from grader.classroom.alike import Pair, alike, fingerprints

SEMAPHORE = find("semaphore", root())
ODD = b'''
import asyncio

async def fetch_limited(fetch, urls, limit):
    """An unusual way."""
    if limit < 1:
        raise ValueError("limit")
    answers, running, waiting = {}, set(), list(enumerate(urls))
    try:
        while waiting or running:
            while waiting and len(running) < limit:
                place, url = waiting.pop(0)
                task = asyncio.ensure_future(fetch(url))
                task.place = place
                running.add(task)
            done, running = await asyncio.wait(running, return_when="FIRST_COMPLETED")
            for task in sorted(done, key=lambda each: each.place):
                answers[task.place] = task.result()
    finally:
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
    return [answers[place] for place in range(len(urls))]
'''
NAMES = {"answers": "out", "running": "live", "waiting": "todo", "task": "job"}


def renamed(source: bytes) -> bytes:
    """Return a copy with other names, other words, and no blank or docstring."""
    text = source.decode()
    for old, new in NAMES.items():
        text = re.sub(rf"\b{old}\b", new, text)
    return text.replace("An unusual way.", "Mine.").replace("    ", "  ").encode()


def test_a_copy_with_other_names_is_the_same() -> None:
    assert fingerprints(renamed(ODD)) == fingerprints(ODD)


def test_two_copies_are_told_of_and_nobody_else() -> None:
    other = (SEMAPHORE.solutions / "wrong" / "batches.py").read_bytes()

    found = alike(SEMAPHORE, {"s-101": ODD, "s-102": other, "s-103": renamed(ODD)})

    assert found == [Pair("semaphore", "s-101", "s-103", 1.0)]
    assert str(found[0]) == "s-101, s-103/semaphore: 100% alike"


def test_who_writes_as_everybody_does_resembles_nobody() -> None:
    usual = (SEMAPHORE.solutions / "reference.py").read_bytes()
    stub = SEMAPHORE.stub.read_bytes()

    same = {"s-101": usual, "s-102": usual, "s-103": stub, "s-104": stub}

    assert alike(SEMAPHORE, same) == []


def test_what_a_large_part_of_the_class_has_is_no_sign() -> None:
    assert alike(SEMAPHORE, {f"s-{number}": ODD for number in range(101, 106)}) == []


def test_a_piece_that_is_copied_counts_by_the_smaller_answer() -> None:
    longer = ODD + b"\n".join(
        f"def extra_{n}(a, b):\n    for c in a:\n        while c < b[{n}]:\n"
        f"            c += {n} * len(a)\n    return [b, c]\n".encode()
        for n in range(3)
    )

    (pair,) = alike(SEMAPHORE, {"s-101": ODD, "s-102": longer})

    assert pair.share > 0.9


def test_what_cannot_be_read_resembles_nothing() -> None:
    assert fingerprints(b"def f(:") == set()
    assert fingerprints(b"\x00") == set()
    assert fingerprints(b"x = " + b"(" * 9999) == set()
