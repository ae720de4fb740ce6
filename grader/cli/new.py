"""The verb `new`: begin a kata of one's own."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from grader.cli import exits
from grader.cli.streams import say


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    return kind(
        "new",
        callback=run,
        params=[
            click.Argument(["slug"]),
            click.Option(
                ["--katas", "folder"],
                type=click.Path(file_okay=False, path_type=Path),
                default=Path(),
                metavar="PATH",
                help="Begin it in this folder, not in the current one.",
            ),
        ],
        help="Begin a kata called SLUG: a small whole one, to be made yours.",
    )


def run(*, slug: str, folder: Path) -> int:
    """Write the files of a new kata and say what comes next; return the exit code."""
    from grader.authoring.new import new
    from grader.catalogue import find

    say("\n".join(f"  {file}" for file in new(slug, folder)))
    words = shlex.join(find(slug, folder.resolve()).named)
    say(f"\n  Next   kata check {words}   what is still to be written")
    return exits.DONE
