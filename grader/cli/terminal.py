"""How a verb's screen is to look, and the options that say so."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.feedback.look import Colour, Look


def options() -> list[click.Parameter]:
    """Return `--color` and `--ascii`; their values are passed on as `color` and `plain`."""
    return [
        click.Option(
            ["--color"],
            type=click.Choice(("auto", "always", "never")),
            default="auto",
            metavar="WHEN",
            help="auto (on a terminal), always or never.",
        ),
        click.Option(["--ascii", "plain"], is_flag=True, help="Print ASCII only."),
    ]


def look(color: Colour, *, plain: bool) -> Look:
    """Return the look that suits stdout."""
    from grader.feedback import look_for

    return look_for(sys.stdout, os.environ, color=color, ascii=plain)
