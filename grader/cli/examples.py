"""The verb `examples`: the kata's own small tests, played by pytest alone."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click

from grader.cli import completion, exits, shelf
from grader.cli.streams import note

if TYPE_CHECKING:
    from pathlib import Path

FILE = "test_examples.py"
OPTIONS = ("--import-mode=importlib", "-p", "no:cacheprovider")


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Argument(["slug"], shell_complete=completion.slugs),
        shelf.option(),
    ]
    about = "Run the examples of SLUG with pytest: your file, no walls, the real clock."
    return kind("examples", callback=run, params=params, help=about)


def run(*, slug: str, paths: tuple[Path, ...]) -> int:
    """Run the examples; return the exit code."""
    from grader import catalogue

    kata = catalogue.find(slug, *catalogue.roots(paths))
    examples = kata.folder / FILE
    if not examples.exists():
        note(f"{slug} has no examples: {FILE} is missing.")
        return exits.USAGE
    command = [sys.executable, "-m", "pytest", "-q", *OPTIONS, str(examples)]
    code = subprocess.run(command, cwd=kata.root, check=False).returncode
    return exits.DONE if code == 0 else exits.BROKEN
