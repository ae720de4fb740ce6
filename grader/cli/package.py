"""The verb `package`: chosen katas for a host, or for learners."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli import completion, exits, shelf
from grader.cli.interview import minutes
from grader.cli.interviewing import is_sayable
from grader.cli.places import writing
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from grader.catalogue import Kata
    from grader.hosts.one import Settings

TARGETS = (
    "action",
    "classroom50",
    "gradescope",
    "interview",
    "prairielearn",
    "student",
)
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
                help="Hosts draw the cases of this seed; learners see those of seed 0.",
            ),
            click.Option(
                ["--visibility"],
                type=click.Choice(VISIBILITY),
                default="visible",
                metavar="WHEN",
                help=f"gradescope: when results show: {', '.join(VISIBILITY)}.",
            ),
            click.Option(
                ["--nonce"],
                metavar="TEXT",
                help="interview: the words that open the hidden tests and begin the log.",
            ),
            minutes("interview: how long it lasts."),
            shelf.option(),
        ],
        help="Pack SLUGS for TARGET: student (a starter repository), action (a workflow "
        "for it), classroom50 or gradescope (an autograder), prairielearn (questions "
        "and an image) or interview (for a candidate). "
        "No package holds a solution that a learner can read.",
    )


def run(target: str, slugs: tuple[str, ...], out: Path | None, **typed: Any) -> int:
    """Write the package and say where; return the exit code."""
    from grader import catalogue

    roots = catalogue.roots(typed["paths"])
    katas = [catalogue.find(slug, *roots) for slug in dict.fromkeys(slugs)]
    suffix = ".zip" if target == "gradescope" else ""
    place = out or Path("build", f"{target}{suffix}")
    if place.is_dir() and target != "action" and any(place.iterdir()):
        note(f"{place} is not empty; name another folder with --out.")
        return exits.USAGE
    if target == "interview" and not _is_interview(katas, typed["nonce"]):
        note("An interview is on one kata, and begins with words: --nonce TEXT.")
        return exits.USAGE
    if solved := _solved(katas):
        note(
            f"The stub of {', '.join(solved)} holds an answer that earns points, and "
            "learners would get it: put the stub back first."
        )
        return exits.USAGE
    with writing(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        WRITERS[target](katas, place, typed)
    say(f"Wrote {place}")
    return exits.DONE


def _is_interview(katas: list[Kata], nonce: str | None) -> bool:
    return len(katas) == 1 and nonce is not None and is_sayable(nonce)


def _solved(katas: list[Kata]) -> list[str]:
    """Return the katas whose stub is no stub any more: it earns points."""
    from grader.judge.grade import Request, close, grade
    from grader.submission import read

    try:
        stubs = {kata.slug: Request(kata, read(kata.stub)) for kata in katas}
        return [slug for slug, request in stubs.items() if grade(request).points]
    finally:
        close()


def _settings(katas: list[Kata], typed: dict[str, Any]) -> Settings:
    from grader.hosts.one import Settings

    slugs = tuple(kata.slug for kata in katas)
    return Settings(slugs, typed["seed"], visibility=typed["visibility"])


def _action(katas: list[Kata], place: Path, _: dict[str, Any]) -> None:
    from grader.packages import action
    from grader.packages.contents import unpacked

    unpacked(action.files(katas), place)


def _classroom50(katas: list[Kata], place: Path, typed: dict[str, Any]) -> None:
    from grader.packages import classroom50
    from grader.packages.contents import unpacked

    unpacked(classroom50.files(katas, _settings(katas, typed)), place)


def _gradescope(katas: list[Kata], place: Path, typed: dict[str, Any]) -> None:
    from grader.packages import gradescope
    from grader.packages.contents import zipped

    zipped(gradescope.files(katas, _settings(katas, typed)), place)


def _interview(katas: list[Kata], place: Path, typed: dict[str, Any]) -> None:
    from grader.packages import interview
    from grader.packages.contents import unpacked

    unpacked(interview.files(katas[0], typed["nonce"], typed["minutes"]), place)


def _prairielearn(katas: list[Kata], place: Path, typed: dict[str, Any]) -> None:
    from grader.packages import prairielearn
    from grader.packages.contents import unpacked

    unpacked(prairielearn.files(katas, _settings(katas, typed)), place)


def _student(katas: list[Kata], place: Path, typed: dict[str, Any]) -> None:
    from grader.packages import student
    from grader.packages.contents import unpacked

    files = student.exam_files if typed["exam"] else student.files
    unpacked(files(katas), place)


WRITERS = {
    "action": _action,
    "classroom50": _classroom50,
    "gradescope": _gradescope,
    "interview": _interview,
    "prairielearn": _prairielearn,
    "student": _student,
}
