"""Our own answers to a kata: who may see them, and what each trades."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.catalogue import Kata, Unknown, did_you_mean
from grader.practice.progress import Standing

REFERENCE = "reference"


class NoSolution(Unknown):
    """There is no such answer here; the message says which there are."""


@dataclass(frozen=True)
class Strategy:
    """One right answer. `trades` is what its first line says of it."""

    name: str
    trades: str
    source: str


def is_open(standing: Standing) -> bool:
    """Say whether the learner has earned the sight of them, or wants it anyway."""
    return standing.passed or standing.given_up


def strategies(kata: Kata) -> list[Strategy]:
    """Return the right answers, the reference first; raise `NoSolution` without any."""
    found = sorted(_read(kata), key=lambda each: (each.name != REFERENCE, each.name))
    if not found:
        raise NoSolution(f"no solution of {kata.slug} is kept in this folder")
    return found


def strategy(kata: Kata, name: str) -> Strategy:
    """Return the right answer of that name; raise `NoSolution` if there is none."""
    known = {each.name: each for each in strategies(kata)}
    if name not in known:
        hint = did_you_mean(name, known) or f"there are {', '.join(known)}"
        raise NoSolution(f'{kata.slug} has no solution called "{name}"; {hint}')
    return known[name]


def _read(kata: Kata) -> Iterator[Strategy]:
    for path in kata.solutions.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        said = ast.get_docstring(ast.parse(source)) or ""
        yield Strategy(path.stem, said.partition("\n\n")[0].replace("\n", " "), source)
