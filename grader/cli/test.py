"""The verb `test`: which laws an answer keeps."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import click

from grader.cli import completion, exits, shelf, terminal
from grader.cli.streams import note, say, say_json

if TYPE_CHECKING:
    from grader.catalogue import Kata
    from grader.submission import Submission
    from grader.verdict import Verdict

ISOLATION = ("strong", "confined", "process", "best", "none")


class Options(NamedTuple):
    """What was typed."""

    slug: str
    paths: tuple[Path, ...]
    laws: tuple[str, ...]
    case: str | None
    seed: int
    file: str | None
    isolation: str
    as_json: bool
    quiet: bool
    color: Literal["auto", "always", "never"]
    plain: bool
    advice: bool
    html: Path | None


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    return kind(
        "test",
        callback=run,
        params=[
            click.Argument(["slug"], shell_complete=completion.slugs),
            *_choosing(),
            shelf.option(),
            *_showing(),
        ],
        help="Say which laws your answer to SLUG keeps, and how it broke the others.",
    )


def _choosing() -> list[click.Parameter]:
    return [
        click.Option(
            ["--law", "laws"],
            multiple=True,
            metavar="ID",
            help="Check this law only; may be given again.",
            shell_complete=completion.laws,
        ),
        click.Option(
            ["--case"], metavar="ID", help="Play the case that broke a law again."
        ),
        click.Option(
            ["--seed"],
            type=click.IntRange(min=0),
            default=0,
            metavar="N",
            help="Draw other cases than those of seed 0.",
        ),
        click.Option(
            ["--file"],
            type=click.Path(),
            help="Grade this file, folder or archive, not the kata's own file.",
        ),
        click.Option(
            ["--isolation"],
            type=click.Choice(ISOLATION),
            default="best",
            metavar="LEVEL",
            help="strong, confined or process: refuse weaker walls. "
            "best: the strongest there are. none: no walls, for breakpoint().",
        ),
    ]


def _showing() -> list[click.Parameter]:
    return [
        click.Option(
            ["--json", "as_json"], is_flag=True, help="Print one JSON document."
        ),
        click.Option(["--quiet"], is_flag=True, help="Print the sum only."),
        click.Option(
            ["--advice"],
            is_flag=True,
            help="Also say what ruff's rules for asynchronous code find.",
        ),
        click.Option(
            ["--html"],
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="PATH",
            help="Also write it as a page, with its timelines as pictures.",
        ),
        *terminal.options(),
    ]


def run(**typed: Any) -> int:
    """Grade a submission and print the verdict; return the exit code."""
    options = Options(**typed)
    from grader import catalogue
    from grader.cli.interviewing import is_running
    from grader.judge.warm import IsolationUnavailable, warm_up

    kata = catalogue.find(options.slug, *catalogue.roots(options.paths))
    if is_running(kata):
        return exits.USAGE
    for name in options.laws:
        kata.law(name)
    try:
        # The sandbox gets ready while all else that is needed is imported.
        warm_up(options.isolation, kata.allow, kata.libraries)
        return _grade(kata, options)
    except IsolationUnavailable as error:
        note(str(error))
        return exits.FAULT


def _grade(kata: Kata, options: Options) -> int:
    try:
        return _grade_and_tell(kata, options)
    finally:
        from grader.judge.grade import close

        close()


def _grade_and_tell(kata: Kata, options: Options) -> int:
    verdict = _verdict(kata, options)
    if not (options.file or options.laws or options.case):
        _keep(kata, verdict)
    if options.html is not None:
        _write_page(verdict, kata, options.html, options.file)
    if options.as_json:
        say_json(verdict)
    else:
        say(_screen(verdict, kata, options))
        if options.advice and not options.quiet:
            say(_advice(kata, options))
    return exits.OF_STATUS[verdict.status]


def _keep(kata: Kata, verdict: Verdict) -> None:
    """Write down how far the learner is."""
    from grader.practice.progress import Progress, Unkept

    try:
        Progress(kata.root).graded(verdict)
    except Unkept as unkept:
        note(str(unkept))


def _verdict(kata: Kata, options: Options) -> Verdict:
    from grader.submission import Rejected, take_in

    try:
        submission = take_in(options.file or kata.stub, kata.stub.name)
    except Rejected as refusal:
        from grader.cli.unplayed import refused

        return refused(kata, refusal, options.seed)
    if submission.advice and not options.quiet:
        note(submission.advice)
    return _graded(kata, submission, options)


def _graded(kata: Kata, submission: Submission, options: Options) -> Verdict:
    from grader.catalogue import Unknown
    from grader.judge.grade import Request, grade
    from grader.judge.hidden import Sealed
    from grader.judge.judging import UnknownCase
    from grader.judge.team import judges_here

    request = Request(
        kata, submission, options.seed, options.laws, options.case, options.isolation
    )
    try:
        return grade(request, judges_here())
    except (Sealed, UnknownCase) as error:
        raise Unknown(str(error)) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no zero
        import traceback

        from grader.cli.unplayed import faulty

        note(traceback.format_exc())
        return faulty(kata, submission, error, options.seed)


def _screen(verdict: Verdict, kata: Kata, options: Options) -> str:
    from dataclasses import replace

    from grader.feedback import render

    look = replace(
        terminal.look(options.color, plain=options.plain),
        quiet=options.quiet,
        law=options.laws[0] if len(options.laws) == 1 else None,
        named=shlex.join(kata.named),
        next_kata=_next_kata(verdict, kata, options),
    )
    return render(verdict, look)


def _write_page(verdict: Verdict, kata: Kata, path: Path, file: str | None) -> None:
    from datetime import datetime

    from grader.cli.places import writing
    from grader.report.pages import verdict_page
    from grader.submission import Rejected, take_in

    try:
        source = take_in(file or kata.stub, kata.stub.name).source
    except Rejected:
        source = b""  # its verdict says what is wrong with it
    at = datetime.now().astimezone().isoformat(" ", "minutes")
    with writing(path, "--html"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(verdict_page(verdict, source, at), encoding="utf-8")


def _advice(kata: Kata, options: Options) -> str:
    from grader.practice.advice import advise
    from grader.practice.screens import advice_screen

    look = terminal.look(options.color, plain=options.plain)
    said = advice_screen(advise(kata, options.file), look)
    return f"\n{said or '  Advice   none: the rules find nothing.'}"


def _next_kata(verdict: Verdict, kata: Kata, options: Options) -> str | None:
    """Return what names the kata after this one, once all laws hold."""
    if verdict.status != "pass" or options.laws or options.case:
        return None
    from grader import catalogue

    try:
        following = catalogue.following(kata)
    except catalogue.MalformedKata:
        return None  # another kata's file is broken; this verdict stands
    return shlex.join(following.named) if following is not None else None
