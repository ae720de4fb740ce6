"""The verb `regrade`: what changed since the class was graded last."""

from __future__ import annotations

from functools import partial

import click

from grader.cli import grade


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    return kind(
        "regrade",
        callback=partial(grade.run, compares=True),
        params=grade.parameters(),
        help="Grade a class again where a kata or the grader has changed, and say who "
        "got more or less, and on which law.",
    )
