"""The verb `start`: what to do first with a kata."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from grader.cli import completion, exits, shelf, terminal
from grader.cli.places import writing
from grader.cli.streams import say

if TYPE_CHECKING:
    from pathlib import Path

    from grader.catalogue import Kata
    from grader.feedback.look import Look


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Argument(["slug"], required=False, shell_complete=completion.slugs),
        *terminal.options(),
        shelf.option(),
    ]
    about = "Print what SLUG is about and what to type; without SLUG, the next kata."
    return kind("start", callback=run, params=params, help=about)


def run(*, slug: str | None, paths: tuple[Path, ...], **typed: Any) -> int:
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
    say(_text(kata, terminal.look(typed["color"], plain=typed["plain"])))
    return exits.DONE


def _next(roots: list[Path]) -> Kata | None:
    from grader import catalogue
    from grader.practice.overview import overview

    place = overview(catalogue.katas(*roots)).next()
    return place.kata if place is not None else None


def _text(kata: Kata, look: Look) -> str:
    from grader.feedback.rows import Row, labelled, offer, paint
    from grader.feedback.text import wrap
    from grader.submission import name_of

    named = shlex.join(kata.named)
    dot = f" {look.symbols.dot} "
    head = dot.join(
        (kata.title, f"level {kata.level}", f"about {kata.minutes} minutes")
    )
    rows: list[Row] = [[(line, "bold")] for line in wrap(head, look.width)]
    rows.append([])
    rows += [[(line, "")] for line in wrap(kata.summary, look.width)]
    rows.append([])
    rows += offer("Read", f"kata show {named}", "what it asks for", look)
    rows += labelled("Edit", name_of(kata.stub), look)
    rows += offer("Test", f"kata test {named}", "which laws your file keeps", look)
    rows += offer("Loop", f"kata watch {named}", "the same at each save", look)
    return paint(rows, look)
