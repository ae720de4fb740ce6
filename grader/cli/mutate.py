"""The verb `mutate`: how many small mistakes do the hidden tests notice?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import completion, exits, shelf
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.authoring.mutants import Mutant
    from grader.authoring.mutate import Strength
    from grader.catalogue import Kata

GOAL = 0.95
"""Of all mutants that are mistakes so many must be killed."""

LEAST = 0.9
"""And of those of one kata."""


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    return kind(
        "mutate",
        callback=run,
        params=[
            click.Argument(["slugs"], nargs=-1, shell_complete=completion.slugs),
            click.Option(["--all", "every"], is_flag=True, help="Every kata."),
            click.Option(
                ["--quiet"], is_flag=True, help="Print the table only, no mutants."
            ),
            click.Option(
                ["--jobs"],
                type=click.IntRange(min=1),
                default=1,
                metavar="N",
                help="Work on so many katas at once.",
            ),
            shelf.option(),
        ],
        help="Grade small mistakes in our own answers to SLUGS; show what survives.",
    )


def run(
    *,
    slugs: tuple[str, ...],
    every: bool,
    quiet: bool,
    jobs: int,
    paths: tuple[Path, ...],
) -> int:
    """Grade mutants and print a table; return the exit code."""
    from grader import catalogue

    roots = catalogue.roots(paths)
    wanted = catalogue.slugs(*roots) if every else slugs
    if not wanted:
        note("Which kata? Name one, or say --all.")
        return exits.USAGE
    found = []
    for strength in _measured([catalogue.find(slug, *roots) for slug in wanted], jobs):
        found.append(strength)
        if not quiet:
            say("\n".join(_survivors(strength)))
    say("\n".join(_table(found)))
    weak = [each for each in found if each.share < LEAST]
    return exits.BROKEN if weak or _share(found) < GOAL else exits.DONE


def _measured(katas: list[Kata], jobs: int) -> Iterator[Strength]:
    from grader.authoring.mutate import measure

    if jobs == 1:
        yield from map(measure, katas)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(measure, katas)


def _survivors(strength: Strength) -> list[str]:
    slug = strength.kata.slug
    lines = [_counts(strength), ""]
    for mutant in strength.survived:
        lines += [f"{slug}: survived {mutant.id}: {mutant.what}", *_diff(mutant), ""]
    for mutant, why in strength.faults:
        lines += [f"{slug}: our fault {mutant.id}: {why[-300:]}", *_diff(mutant), ""]
    return lines


def _counts(strength: Strength) -> str:
    return (
        f"{strength.kata.slug}: {len(strength.killed)} killed, "
        f"{len(strength.survived)} survived, {len(strength.equivalent)} equivalent, "
        f"{len(strength.faults)} our fault"
    )


def _diff(mutant: Mutant) -> list[str]:
    return [f"  {line}" for line in mutant.diff.split("\n")]


def _table(found: list[Strength]) -> list[str]:
    width = max(len(each.kata.slug) for each in found)
    rows = [
        f"| {each.kata.slug:<{width}} | {len(each.killed):>6} | {len(each.survived):>8} "
        f"| {len(each.equivalent):>10} | {len(each.faults):>9} | {each.share:>6.1%} |"
        for each in found
    ]
    head = (
        f"| {'kata':<{width}} | killed | survived | equivalent | our fault |  share |"
    )
    line = f"| {'-' * width} | -----: | -------: | ---------: | --------: | -----: |"
    return [
        head,
        line,
        *rows,
        "",
        f"All: {_share(found):.1%} of the mistakes are killed.",
    ]


def _share(found: list[Strength]) -> float:
    killed = sum(len(each.killed) for each in found)
    missed = sum(len(each.survived) + len(each.faults) for each in found)
    return killed / (killed + missed) if killed + missed else 1.0
