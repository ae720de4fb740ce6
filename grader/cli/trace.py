"""The verb `trace`: the run that broke a law, for a viewer of traces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli import completion, exits, shelf
from grader.cli.places import writing
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from grader.catalogue import Kata
    from grader.verdict import LawVerdict, Verdict

VIEWERS = "ui.perfetto.dev or speedscope.app"


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Argument(["slug"], shell_complete=completion.slugs),
        click.Option(
            ["--law"],
            metavar="ID",
            help="Of this law, not of the first that was broken.",
            shell_complete=completion.laws,
        ),
        click.Option(
            ["--file"], type=click.Path(), help="Grade this file, not the kata's own."
        ),
        click.Option(
            ["--out"],
            type=click.Path(path_type=Path),
            metavar="PATH",
            help="The file to write; build/SLUG.trace.json if not given.",
        ),
        shelf.option(),
    ]
    about = f"Write the run that broke a law of SLUG as a trace for {VIEWERS}."
    return kind("trace", callback=run, params=params, help=about)


def run(*, slug: str, law: str | None, paths: tuple[Path, ...], **typed: Any) -> int:
    """Grade, and write the trace of what broke; return the exit code."""
    from grader import catalogue
    from grader.cli.interviewing import is_running

    kata = catalogue.find(slug, *catalogue.roots(paths))
    if is_running(kata):
        return exits.USAGE
    laws = (kata.law(law).id,) if law else ()
    verdict = _verdict(kata, laws, typed["file"])
    if verdict is None:
        return exits.UNLOADABLE
    drawn = _drawn(verdict)
    if drawn is None:
        problem = verdict.problem
        if problem is not None:
            note(f"{kata.slug} could not be graded: {problem.message}")
            return exits.OF_STATUS[verdict.status]
        note("No law was broken in a run that can be drawn: there is no trace.")
        return exits.OF_STATUS[verdict.status]
    out: Path = typed["out"] or Path("build", f"{slug}.trace.json")
    with writing(out):
        write_trace(out, verdict, drawn)
    say(f"{drawn.message}\n\nWrote {out}; open it in {VIEWERS}.")
    return exits.OF_STATUS[verdict.status]


def write_trace(out: Path, verdict: Verdict, law: LawVerdict) -> None:
    """Write the run that broke a law to a file; raises `OSError`."""
    from grader.practice.trace import trace

    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(trace(verdict, law))


def _verdict(kata: Kata, laws: tuple[str, ...], file: str | None) -> Verdict | None:
    from grader.judge.grade import Request, close, grade
    from grader.judge.team import judges_here
    from grader.submission import Rejected, take_in

    try:
        submission = take_in(file or kata.stub, kata.stub.name)
        return grade(Request(kata, submission, laws=laws), judges_here())
    except Rejected as refusal:
        note(str(refusal))
        return None
    finally:
        close()


def _drawn(verdict: Verdict) -> LawVerdict | None:
    from grader.catalogue import LOST

    lost = (law for law in verdict.laws if law.outcome in LOST)
    return next((law for law in lost if law.timeline is not None), None)
