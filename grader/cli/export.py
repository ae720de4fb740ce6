"""The verb `export`: the results of a class in the form of another system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import exits, places
from grader.cli.places import writing
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from grader.exports.formats import File

FORMS = ("canvas", "exercism", "gradescope", "junit", "moodle", "prairielearn")


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    return kind(
        "export",
        callback=run,
        params=[
            click.Argument(["form"], type=click.Choice(FORMS), metavar="FORM"),
            places.option(),
            click.Option(
                ["--title", "titles"],
                multiple=True,
                metavar="SLUG=TITLE",
                help="What Canvas calls the assignment of a kata, with its number: "
                "'semaphore=Semaphore (1234)'. A kata without one is left out.",
            ),
        ],
        help=f"Write what `kata grade` found as FORM: {', '.join(FORMS)}.",
    )


def run(form: str, out: Path, titles: tuple[str, ...]) -> int:
    """Write the files and say where; return the exit code."""
    from grader.exports.formats import files
    from grader.exports.tables import Unreadable, read_results
    from grader.feedback.sentences import plural

    named = dict(each.split("=", 1) for each in titles if "=" in each)
    if len(named) < len(titles):
        note("--title takes SLUG=TITLE, for example 'semaphore=Semaphore (1234)'")
        return exits.USAGE
    try:
        marks = read_results(out / "results.jsonl")
    except Unreadable as error:
        note(str(error))
        return exits.USAGE
    if form == "canvas" and (
        left := [each for each in marks.katas if each not in named]
    ):
        note(
            f"Left out: {', '.join(left)}. Canvas makes a new assignment of a column "
            "that it does not know; name theirs with --title."
        )
    if form in {"canvas", "moodle"} and not any(
        each.columns for each in marks.students
    ):
        note("Nobody is on a roster: grade with --roster, and export again.")
        return exits.USAGE
    written = [each.place for each in _written(files(form, marks, named), out)]
    last = f", the last one {out / written[-1]}" if written else ""
    say(f"Wrote {plural(len(written), 'file')}{last}")
    return exits.DONE


def _written(files: Iterable[File], out: Path) -> Iterator[File]:
    for file in files:
        path = out / file.place
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
        yield file
