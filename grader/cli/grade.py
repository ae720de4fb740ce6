"""The verb `grade`: what a whole class handed in."""

from __future__ import annotations

import os
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from grader.cli import completion, exits, shelf
from grader.cli.places import writing
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.catalogue import Kata
    from grader.classroom.alike import Pair
    from grader.classroom.batch import Batch
    from grader.classroom.deadline import Deadline
    from grader.classroom.gradebook import Gradebook
    from grader.classroom.intake import HandedIn
    from grader.classroom.marks import Marks
    from grader.classroom.roster import Roster

ISOLATION = ("strong", "confined", "process", "best")


class Options(NamedTuple):
    """What was typed."""

    folder: Path
    slugs: tuple[str, ...]
    roster: Path | None
    deadline: Path | None
    out: Path
    jobs: int
    cluster: str | None
    seed: int
    isolation: str
    fail_under: float | None
    paths: tuple[Path, ...]


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    return kind(
        "grade",
        callback=run,
        params=parameters(),
        help="Grade what a class handed in: DIR holds a folder or an archive for each "
        "student, or is a download from Canvas, Moodle or Gradescope.",
    )


def parameters() -> list[click.Parameter]:
    """Return what may be typed behind the verb."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    return [
        click.Argument(["folder"], metavar="DIR", type=folder),
        *_choosing(),
        *_running(),
        shelf.option(),
    ]


def _choosing() -> list[click.Option]:
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    return [
        click.Option(
            ["--kata", "slugs"],
            multiple=True,
            metavar="SLUG",
            help="Grade this kata only; may be given again.",
            shell_complete=completion.slugs,
        ),
        click.Option(
            ["--roster"],
            type=file,
            metavar="FILE",
            help="Who is in the class: CSV, as your host exports it.",
        ),
        click.Option(
            ["--deadline"],
            type=file,
            metavar="FILE",
            help="When work is due and what it costs to be late: TOML.",
        ),
        click.Option(
            ["--out"],
            type=click.Path(file_okay=False, path_type=Path),
            default=Path("build"),
            metavar="DIR",
            help="Where the gradebook and the results go; build if not given.",
        ),
    ]


def _running() -> list[click.Option]:
    return [
        click.Option(
            ["--jobs"],
            type=click.IntRange(min=1),
            default=os.cpu_count() or 1,
            metavar="N",
            help="Grade so many submissions at once; one for each processor if not given.",
        ),
        click.Option(
            ["--cluster"],
            metavar="URL",
            help="Grade on a Dask cluster: tcp://host:8786.",
        ),
        click.Option(
            ["--seed"],
            type=click.IntRange(min=0),
            default=0,
            metavar="N",
            help="Draw other cases than those of seed 0.",
        ),
        click.Option(
            ["--isolation"],
            type=click.Choice(ISOLATION),
            default="best",
            metavar="LEVEL",
            help="strong, confined or process: refuse weaker walls. "
            "best: the strongest there are.",
        ),
        click.Option(
            ["--fail-under"],
            type=float,
            metavar="N",
            help="Exit with 1 if the mean of all points is below N per cent.",
        ),
    ]


def run(*, compares: bool = False, **typed: Any) -> int:
    """Grade a class and tell what came of it; return the exit code.

    With `compares` it also tells what has changed since it was graded last.
    """
    from grader.classroom.deadline import BadDeadline
    from grader.classroom.gradebook import UnusableGradebook
    from grader.classroom.layouts import BadLayout
    from grader.classroom.pool import NoCluster
    from grader.classroom.roster import BadRoster
    from grader.judge.warm import IsolationUnavailable

    options = Options(**typed)
    try:
        return _grade(options, compares=compares)
    except (BadDeadline, BadLayout, BadRoster) as error:
        note(str(error))
        return exits.USAGE
    except (IsolationUnavailable, NoCluster, UnusableGradebook) as error:
        note(str(error))
        return exits.FAULT


def _grade(options: Options, *, compares: bool) -> int:
    from grader.classroom.deadline import NONE, read_deadline
    from grader.classroom.intake import take_in_class
    from grader.classroom.marks import mark_all
    from grader.classroom.roster import Roster, read_roster
    from grader.classroom.summary import summary

    roster = read_roster(options.roster) if options.roster else Roster()
    deadline = read_deadline(options.deadline) if options.deadline else NONE
    katas = _katas(options)
    found = take_in_class(options.folder, katas, roster, options.out)
    _tell_unknown(deadline, roster, found, katas)
    if not options.slugs:
        given = {entry.kata for entry in found.entries}
        katas = [kata for kata in katas if kata.slug in given]
    with _gradebook(options.out) as book:
        batch = _batch(options, katas, book)
        began = time.monotonic()
        graded = _run(batch, found, options)
        slugs = [kata.slug for kata in katas]
        marks = mark_all(found, roster.students, slugs, batch, deadline)
        seconds = time.monotonic() - began
        pairs = _alike(katas, found)
        changed = _changes(marks, found, batch)
        told = [summary(marks, found, seconds, graded, pairs, batch.unkept)]
        told += [changed] if compares else []
        report = _report(marks, pairs, book)
    with writing(options.out):
        _write(marks, report, options.out)
    written = f"{options.out}/grades.csv, report.html, results.jsonl and gradebook.db"
    say("\n".join([*told, "", f"Wrote {written}"]))
    return _exit_code(marks, options.fail_under)


def _tell_unknown(
    deadline: Deadline, roster: Roster, found: HandedIn, katas: list[Kata]
) -> None:
    students = [each.key for each in roster.students]
    students += [each.student.key for each in found.entries]
    unknown = deadline.unknown(students, [kata.slug for kata in katas])
    if unknown:
        note(f"The deadlines name what nobody has: {', '.join(unknown)}.")


def _katas(options: Options) -> list[Kata]:
    from grader import catalogue

    roots = catalogue.roots(options.paths)
    if options.slugs:
        return [catalogue.find(slug, *roots) for slug in dict.fromkeys(options.slugs)]
    return catalogue.katas(*roots)


@contextmanager
def _gradebook(out: Path) -> Iterator[Gradebook]:
    from grader.classroom.gradebook import Gradebook

    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    with closing(Gradebook(out / "gradebook.db")) as book:
        yield book


def _batch(options: Options, katas: list[Kata], book: Gradebook) -> Batch:
    from grader.classroom import batch
    from grader.judge.warm import demand

    if options.cluster is None:
        for kata in katas:
            demand(options.isolation, kata.allow)
    paths = tuple(str(path.resolve()) for path in options.paths)
    settings = batch.Options(options.seed, options.isolation, paths)
    return batch.Batch({kata.slug: kata for kata in katas}, settings, book)


def _run(batch: Batch, found: HandedIn, options: Options) -> int:
    """Grade what was handed in; return how many submissions were graded anew."""
    from grader.classroom.pool import cluster, local

    there = cluster(options.cluster) if options.cluster else local(options.jobs)
    with there as executor, _progress(found, len(batch.katas)) as tell:
        return batch.run(found.entries, executor, tell)


@contextmanager
def _progress(found: HandedIn, katas: int) -> Iterator[Callable[[], None]]:
    """Show on stderr how far the batch is; give what to call for each verdict."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    from grader.classroom.batch import distinct

    submissions = len(distinct(found.entries))
    students = len({entry.student.key for entry in found.entries})
    note(f"Grading {students} students, {katas} katas, {submissions} submissions")
    columns = (TextColumn(" "), BarColumn(), MofNCompleteColumn(), Left())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("grading", total=submissions)
        yield lambda: bar.advance(task)


def _alike(katas: list[Kata], found: HandedIn) -> list[Pair]:
    """Return whose answers resemble each other, the most alike first."""
    from grader.classroom.alike import alike

    pairs: list[Pair] = []
    for kata in katas:
        answers = {
            entry.student.key: entry.submission.source
            for entry in found.entries
            if entry.kata == kata.slug and entry.submission is not None
        }
        pairs += alike(kata, answers)
    return sorted(pairs, key=lambda pair: -pair.share)


def _changes(marks: Marks, found: HandedIn, batch: Batch) -> str:
    """Return what has changed since the last time; the next time it is since now."""
    from grader.classroom.changes import changes, standing

    before, now = batch.book.stood(), standing(marks, found)
    batch.keep(now)
    if not before:
        return "\nNothing is known of a time before, so nothing can have changed"
    told = [f"  {each}" for each in changes(before, now)]
    return "\n".join(["", "Changed since the last time", *(told or ["  nothing"])])


def _report(marks: Marks, pairs: list[Pair], book: Gradebook) -> str:
    from datetime import datetime

    from grader.report.pages import class_page

    at = datetime.now().astimezone().isoformat(" ", "minutes")
    return class_page(marks, pairs, book.source, at)


def _write(marks: Marks, report: str, out: Path) -> None:
    from grader.exports.tables import write_grades, write_results, write_whole

    write_grades(marks, out / "grades.csv")
    write_results(marks, out / "results.jsonl")
    write_whole(out / "report.html", [report.encode()])


def _exit_code(marks: Marks, fail_under: float | None) -> int:
    points = [mark.points for mark in marks if mark.points is not None]
    if fail_under is None:
        return exits.DONE
    if not points:
        return exits.FAULT if list(marks) else exits.DONE
    return exits.DONE if sum(points) / len(points) >= fail_under else exits.BROKEN
