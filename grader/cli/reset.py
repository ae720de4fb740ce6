"""The verb `reset`: the stub as it was at first."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import completion, exits, shelf
from grader.cli.places import writing
from grader.cli.streams import note, say

ATTIC = "build/reset"
"""Where a learner's text is kept, below the folder that holds the katas."""


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Argument(["slug"], shell_complete=completion.slugs),
        shelf.option(),
    ]
    about = "Put the stub of SLUG back; your text is kept in build/reset."
    return kind("reset", callback=run, params=params, help=about)


def run(*, slug: str, paths: tuple[Path, ...]) -> int:
    """Put the stub back; return the exit code."""
    from grader import catalogue
    from grader.practice.stubs import put_back
    from grader.submission import name_of

    kata = catalogue.find(slug, *catalogue.roots(paths))
    if not kata.pristine.exists():
        note(f"{name_of(kata.pristine)} is missing: what the stub was is not known.")
        return exits.USAGE
    with writing(kata.stub, ""):
        kept = put_back(kata, kata.root / ATTIC)
    say(f"{name_of(kata.stub)} is the stub again.")
    if kept is not None:
        say(f"Your text is in {name_of(kept)}")
    return exits.DONE
