"""The verb `report`: the page that goes to one student."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from grader.cli import exits, places
from grader.cli.places import writing
from grader.cli.streams import note, say


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    return kind(
        "report",
        callback=run,
        params=[
            click.Argument(["student"]),
            places.option(),
        ],
        help="Write the page that goes to STUDENT, and holds nobody else's data.",
    )


def run(student: str, out: Path) -> int:
    """Write the page and say where; return the exit code."""
    from datetime import datetime

    from grader.catalogue import did_you_mean
    from grader.classroom.gradebook import Gradebook, UnusableGradebook
    from grader.exports.formats import file_name
    from grader.exports.tables import Unreadable, read_results
    from grader.report.pages import student_page

    results = out / "results.jsonl"
    try:
        marks = read_results(results)
        book = Gradebook(out / "gradebook.db")
    except (Unreadable, UnusableGradebook) as error:
        note(str(error))
        return exits.USAGE
    with closing(book):
        found = next((each for each in marks.students if each.key == student), None)
        if found is None:
            keys = [each.key for each in marks.students]
            hint = did_you_mean(student, keys) or f"{len(keys)} others have"
            note(f"no student called {student} has results in {results}; {hint}")
            return exits.USAGE
        at = datetime.fromtimestamp(results.stat().st_mtime).astimezone()
        page = student_page(marks, found, book.source, at.isoformat(" ", "minutes"))
    path = out / "students" / f"{file_name(found)}.html"
    with writing(path):
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, "utf-8")
    say(f"Wrote {path}")
    return exits.DONE
