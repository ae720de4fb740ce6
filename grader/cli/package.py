"""The verb `package`: chosen katas for a host, or for learners."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from grader.cli import completion, exits, shelf
from grader.cli.streams import note, say

TARGETS = ("gradescope", "student")
VISIBILITY = ("visible", "after_due_date", "after_published", "hidden")


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    return kind(
        "package",
        callback=run,
        params=[
            click.Argument(["target"], type=click.Choice(TARGETS), metavar="TARGET"),
            click.Argument(
                ["slugs"],
                nargs=-1,
                required=True,
                metavar="SLUGS...",
                shell_complete=completion.slugs,
            ),
            click.Option(
                ["--out"],
                type=click.Path(path_type=Path),
                metavar="PATH",
                help="The zip or folder to write; build/TARGET if not given.",
            ),
            click.Option(
                ["--exam"],
                is_flag=True,
                help="student: no laws, no hints, no grader; examples only.",
            ),
            click.Option(
                ["--seed"],
                type=click.IntRange(min=0),
                default=1,
                metavar="N",
                help="gradescope: draw the cases of this seed; learners see those of 0.",
            ),
            click.Option(
                ["--visibility"],
                type=click.Choice(VISIBILITY),
                default="visible",
                metavar="WHEN",
                help=f"gradescope: when results show: {', '.join(VISIBILITY)}.",
            ),
            shelf.option(),
        ],
        help="Pack SLUGS for TARGET: gradescope (an autograder) or student (a starter "
        "repository; no package holds a solution that a learner can read).",
    )


def run(target: str, slugs: tuple[str, ...], out: Path | None, **typed: Any) -> int:
    """Write the package and say where; return the exit code."""
    from grader import catalogue

    roots = catalogue.roots(typed["paths"])
    katas = [catalogue.find(slug, *roots) for slug in dict.fromkeys(slugs)]
    suffix = ".zip" if target == "gradescope" else ""
    place = out or Path("build", f"{target}{suffix}")
    if place.exists() and (suffix == "" and any(place.iterdir())):
        note(f"{place} is not empty; name another folder with --out.")
        return exits.USAGE
    place.parent.mkdir(parents=True, exist_ok=True)
    if target == "gradescope":
        _gradescope(katas, place, typed)
    else:
        _student(katas, place, exam=typed["exam"])
    say(f"Wrote {place}")
    return exits.DONE


def _gradescope(katas: Any, place: Path, typed: dict[str, Any]) -> None:
    from grader.hosts.one import Settings
    from grader.packages import gradescope
    from grader.packages.contents import zipped

    settings = Settings(
        tuple(kata.slug for kata in katas),
        typed["seed"],
        visibility=typed["visibility"],
    )
    zipped(gradescope.files(katas, settings), place)


def _student(katas: Any, place: Path, *, exam: bool) -> None:
    from grader.packages import student
    from grader.packages.contents import unpacked

    unpacked(student.exam_files(katas) if exam else student.files(katas), place)
