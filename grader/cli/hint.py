"""The verb `hint`: one step further on the way to a law."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from grader.cli import completion, exits, shelf, terminal
from grader.cli.streams import note, say, say_json

if TYPE_CHECKING:
    from pathlib import Path

    from grader.catalogue import Kata


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Argument(["slug"], shell_complete=completion.slugs),
        click.Option(
            ["--law"],
            metavar="ID",
            help="A hint for this law, not for the first that was broken.",
            shell_complete=completion.laws,
        ),
        click.Option(
            ["--json", "as_json"], is_flag=True, help="Print one JSON document."
        ),
        *terminal.options(),
        shelf.option(),
    ]
    about = "Print the next hint for SLUG: from a nudge to a near-answer, law by law."
    return kind("hint", callback=run, params=params, help=about)


def run(*, slug: str, law: str | None, paths: tuple[Path, ...], **typed: Any) -> int:
    """Print the next hint; return the exit code."""
    from grader import catalogue
    from grader.cli.interviewing import is_running
    from grader.practice.hints import next_hint, next_law
    from grader.practice.progress import Progress, Unkept

    kata = catalogue.find(slug, *catalogue.roots(paths))
    if is_running(kata):
        return exits.USAGE
    progress = Progress(kata.root)
    standing = progress.of(slug)
    chosen = kata.law(law) if law else next_law(kata, standing)
    if chosen is None:
        say(_all_hold(kata))
        return exits.DONE
    if not chosen.hints:
        note(f"{kata.slug} has no hints here.")
        return exits.USAGE
    hint = next_hint(chosen, standing)
    try:
        progress.hinted(slug, chosen.id, hint.step)
    except Unkept as unkept:
        note(str(unkept))
    if typed["as_json"]:
        from grader.cli.documents import hinted

        say_json(hinted(kata, hint))
    else:
        from grader.practice.screens import hint_screen
        from grader.practice.solutions import is_open

        look = terminal.look(typed["color"], plain=typed["plain"])
        named = shlex.join(kata.named)
        say(hint_screen(hint, named, look, is_open=is_open(standing)))
    return exits.DONE


def _all_hold(kata: Kata) -> str:
    named = shlex.join(kata.named)
    return f"Every law of {kata.slug} holds. Ours: kata solution {named}"
