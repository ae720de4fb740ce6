"""The verb `regrade`: what changed since the class was graded last."""

from __future__ import annotations

from typing import Any

import click

from grader.cli import grade


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    return kind(
        "regrade",
        callback=run,
        params=grade.parameters(),
        help="Grade a class again, where a kata or the grader has changed, and say whose "
        "points are not what they were the last time, and why.",
    )


def run(**typed: Any) -> int:
    """Grade a class and tell what has changed; return the exit code."""
    return grade.run(compares=True, **typed)
