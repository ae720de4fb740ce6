"""The verb `watch`: grade again at each save."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from grader.cli import completion, exits, shelf, terminal

if TYPE_CHECKING:
    from pathlib import Path


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Argument(["slug"], required=False, shell_complete=completion.slugs),
        *terminal.options(),
        shelf.option(),
    ]
    about = (
        "Grade SLUG again each time you save it; without SLUG, the next kata. "
        "Keys: n next, b back, h hint, l list, t trace, r run again, x reset, q quit."
    )
    return kind("watch", callback=run, params=params, help=about)


def run(*, slug: str | None, paths: tuple[Path, ...], **typed: Any) -> int:
    """Watch until somebody quits; return the exit code."""
    from grader import catalogue
    from grader.cli.drawing import screens
    from grader.cli.interviewing import is_running
    from grader.practice.overview import overview
    from grader.practice.watching import KEYS, watch

    roots = catalogue.roots(paths)
    if slug:
        kata = catalogue.find(slug, *roots)
    else:
        katas = catalogue.katas(*roots)
        place = overview(katas).next()
        kata = place.kata if place is not None else katas[-1]
    if is_running(kata):
        return exits.USAGE
    look = partial(terminal.look, typed["color"], plain=typed["plain"])
    watch(kata, screens(look, roots, KEYS), "best")
    return exits.DONE
