"""The verb `check`: does a kata keep its contract?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import completion, exits, shelf
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from pathlib import Path

    from grader.catalogue import Kata


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    return kind(
        "check",
        callback=run,
        params=[
            click.Argument(["slugs"], nargs=-1, shell_complete=completion.slugs),
            click.Option(
                ["--write"],
                is_flag=True,
                help="Write outcomes.toml anew, to be read before it is committed.",
            ),
            click.Option(
                ["--seeds"],
                type=click.IntRange(min=1),
                default=2,
                show_default=True,
                metavar="N",
                help="Draw the cases N times; no verdict may differ.",
            ),
            click.Option(
                ["--quick"],
                is_flag=True,
                help="Of wrong answers judge only what they name; with --right, play few cases.",
            ),
            click.Option(
                ["--right"], is_flag=True, help="Grade right answers and stubs only."
            ),
            shelf.option(),
        ],
        help="Say whether the katas SLUGS, or all, keep what a kata must keep.",
    )


def run(
    *,
    slugs: tuple[str, ...],
    write: bool,
    right: bool,
    quick: bool,
    seeds: int,
    paths: tuple[Path, ...],
) -> int:
    """Check katas and print what is wrong; return the exit code."""
    from grader import catalogue
    from grader.judge.grade import close

    roots = catalogue.roots(paths)
    broken = False
    try:
        for slug in slugs or catalogue.slugs(*roots):
            kata = catalogue.find(slug, *roots)
            complaints = _complaints(kata, write, seeds, right=right, quick=quick)
            broken = broken or bool(complaints)
            for each in complaints:
                note(f"{slug}: {each}")
            if not complaints:
                say(f"{slug}: everything holds")
    finally:
        close()
    return exits.BROKEN if broken else exits.DONE


def _complaints(
    kata: Kata, write: bool, seeds: int, *, right: bool, quick: bool
) -> list[str]:
    from grader.authoring.check import check, check_quickly, check_right

    if right:
        return check_right(kata, quick=quick)
    return check_quickly(kata) if quick else check(kata, write=write, seeds=seeds)
