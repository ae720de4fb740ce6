"""The verb `solution`: our answers, once you have your own."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from grader.cli import completion, exits, shelf, terminal
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from pathlib import Path

    from grader.catalogue import Kata
    from grader.practice.progress import Progress


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Argument(["slug"], shell_complete=completion.slugs),
        click.Argument(["name"], required=False),
        click.Option(
            ["--give-up"], is_flag=True, help="Show it though no answer has passed yet."
        ),
        *terminal.options(),
        shelf.option(),
    ]
    about = (
        "Print our answer to SLUG, and which other ways there are; with NAME, that one. "
        "It opens when every law has held once."
    )
    return kind("solution", callback=run, params=params, help=about)


def run(
    *, slug: str, name: str | None, give_up: bool, paths: tuple[Path, ...], **typed: Any
) -> int:
    """Print a solution if the learner may see it; return the exit code."""
    from grader import catalogue
    from grader.cli.interviewing import is_running
    from grader.practice.progress import Progress
    from grader.practice.screens import solution_screen
    from grader.practice.solutions import REFERENCE, is_open, strategies, strategy

    kata = catalogue.find(slug, *catalogue.roots(paths))
    if is_running(kata):
        return exits.USAGE
    strategies(kata)  # without any there is nothing to open
    progress = Progress(kata.root)
    if not is_open(progress.of(slug)):
        if not give_up:
            note(_closed(kata))
            return exits.BROKEN
        _give_up(progress, slug)
    shown = strategy(kata, name or REFERENCE)
    others = [each for each in strategies(kata) if each.name != shown.name]
    look = terminal.look(typed["color"], plain=typed["plain"])
    say(solution_screen(shown, others, shlex.join(kata.named), look))
    return exits.DONE


def _give_up(progress: Progress, slug: str) -> None:
    from grader.practice.progress import Unkept

    try:
        progress.gave_up(slug)
    except Unkept as unkept:
        note(str(unkept))


def _closed(kata: Kata) -> str:
    named = shlex.join(kata.named)
    return (
        f"It opens when every law of {kata.slug} has held once.\n\n"
        f"  Hint   kata hint {named}\n"
        f"  Else   kata solution {named} --give-up"
    )
