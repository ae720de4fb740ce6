"""The verb `progress`: how far you are."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from grader.cli import exits, shelf, terminal
from grader.cli.streams import say, say_json

if TYPE_CHECKING:
    from pathlib import Path


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Option(
            ["--json", "as_json"], is_flag=True, help="Print one JSON document."
        ),
        *terminal.options(),
        shelf.option(),
    ]
    about = "Print how far you are in every kata, and the one to go on with."
    return kind("progress", callback=run, params=params, help=about)


def run(*, paths: tuple[Path, ...], **typed: Any) -> int:
    """Print how far the learner is; return the exit code."""
    from grader import catalogue
    from grader.practice.overview import overview

    found = overview(catalogue.katas(*catalogue.roots(paths)))
    if typed["as_json"]:
        from grader.cli.documents import progress

        say_json(progress(found))
    else:
        from grader.practice.screens import progress_screen

        place = found.next()
        named = shlex.join(place.kata.named) if place is not None else ""
        look = terminal.look(typed["color"], plain=typed["plain"])
        say(progress_screen(found, named, look))
    return exits.DONE
