"""The verb `show`: what a kata asks for."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from grader.cli import completion, exits, shelf
from grader.cli.streams import say, say_json

if TYPE_CHECKING:
    from pathlib import Path

    from grader.catalogue import Kata

WIDTH = 80


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Argument(["slug"], shell_complete=completion.slugs),
        click.Option(
            ["--json", "as_json"], is_flag=True, help="Print one JSON document."
        ),
        shelf.option(),
    ]
    about = "Print what SLUG asks for: its statement, its laws and their points."
    return kind("show", callback=run, params=params, help=about)


def run(*, slug: str, as_json: bool, paths: tuple[Path, ...]) -> int:
    """Print the statement of a kata; return the exit code."""
    from grader import catalogue
    from grader.cli.statement import read_statement
    from grader.submission import name_of

    kata = catalogue.find(slug, *catalogue.roots(paths))
    readme, file = read_statement(kata), name_of(kata.stub)
    if as_json:
        from grader.cli.documents import statement

        say_json(statement(kata, file, readme))
        return exits.DONE
    _say_markdown(readme)
    say(_next_steps(kata, file))
    return exits.DONE


def _say_markdown(text: str) -> None:
    """Render for a terminal; elsewhere Markdown is the plainest there is."""
    if not sys.stdout.isatty():
        say(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    console.print(Markdown(text), width=min(WIDTH, console.width))


def _next_steps(kata: Kata, file: str) -> str:
    return f"\n  Edit   {file}\n  Next   kata test {shlex.join(kata.named)}"
