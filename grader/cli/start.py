"""The verb `start`: what to do first with a kata."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from grader.cli import completion, exits, shelf
from grader.cli.places import writing
from grader.cli.streams import say

if TYPE_CHECKING:
    from pathlib import Path

    from grader.catalogue import Kata


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Argument(["slug"], required=False, shell_complete=completion.slugs),
        shelf.option(),
    ]
    about = "Print what SLUG is about and what to type; without SLUG, the next kata."
    return kind("start", callback=run, params=params, help=about)


def run(*, slug: str | None, paths: tuple[Path, ...]) -> int:
    """Print how to begin; return the exit code."""
    from grader import catalogue

    roots = catalogue.roots(paths)
    kata = catalogue.find(slug, *roots) if slug else _next(roots)
    if kata is None:
        say("Every law of every kata holds. There is nothing left to begin.")
        return exits.DONE
    if not kata.stub.exists() and kata.pristine.exists():
        from grader.practice.stubs import put_back

        with writing(kata.stub, ""):
            put_back(kata, kata.root)
    say(_text(kata))
    return exits.DONE


def _next(roots: list[Path]) -> Kata | None:
    from grader import catalogue
    from grader.practice.overview import overview

    place = overview(catalogue.katas(*roots)).next()
    return place.kata if place is not None else None


def _text(kata: Kata) -> str:
    from grader.submission import name_of

    named = shlex.join(kata.named)
    return (
        f"{kata.title} · level {kata.level} · about {kata.minutes} minutes\n\n"
        f"{kata.summary}\n\n"
        f"  Read   kata show {named}\n"
        f"  Edit   {name_of(kata.stub)}\n"
        f"  Try    kata examples {named}\n"
        f"  Test   kata test {named}"
    )
