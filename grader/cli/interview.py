"""The verbs of `interview`: a timed session, and what it leaves behind."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from grader.cli import completion, shelf, terminal
from grader.cli.evidence import questions, report, verify
from grader.cli.interviewing import finish, start
from grader.interview import FILE

MINUTES = 45.0
LEVELS = range(1, 6)


def command(kind: type[click.Command]) -> click.Command:
    """Return the verbs as a click group."""
    verbs = {
        "start": kind(
            "start",
            callback=start,
            params=[*_choosing(), *terminal.options(), shelf.option()],
            help="Begin an interview, or go on with the one that was begun here.",
        ),
        "finish": kind(
            "finish",
            callback=finish,
            params=[shelf.option()],
            help="End the interview: grade the last save on fresh cases, write the report.",
        ),
        "report": kind(
            "report",
            callback=report,
            params=[_log(), _out()],
            help="Write report and JSON of the interview in LOG anew.",
        ),
        "verify": kind(
            "verify",
            callback=verify,
            params=[_log(), *_checking(), shelf.option()],
            help="Say whether the log in LOG is as it was written, and where it is not.",
        ),
        "questions": kind(
            "questions",
            callback=questions,
            params=[
                click.Argument(["slug"], shell_complete=completion.slugs),
                shelf.option(),
            ],
            help="For the interviewer: what to ask about an answer to SLUG.",
        ),
    }
    return click.Group(
        "interview",
        commands=verbs,
        help="A timed session on one kata, without hints, kept in a log that shows where it "
        "was changed.",
    )


class _Minutes(click.FloatRange):
    """A number of minutes, up to a day."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=24 * 60)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        """Return the number; what is none lies in every range, and is refused here."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is no number of minutes.", param, ctx)
        return number


def minutes(about: str) -> click.Option:
    """Return `--minutes N`, how long an interview lasts."""
    return click.Option(
        ["--minutes"], type=_Minutes(), default=MINUTES, metavar="N", help=about
    )


def _choosing() -> list[click.Parameter]:
    return [
        minutes("How long it lasts; 45 if not given."),
        click.Option(["--kata", "slug"], metavar="SLUG", help="The kata."),
        click.Option(
            ["--level"],
            type=click.IntRange(LEVELS[0], LEVELS[-1]),
            metavar="N",
            help="Any kata of this level; the nonce decides which.",
        ),
        click.Option(
            ["--track"], metavar="T", help="Any kata of this track; the same."
        ),
        click.Option(
            ["--nonce"],
            metavar="TEXT",
            help="What the interviewer says, so that no log was made before.",
        ),
    ]


def _log() -> click.Parameter:
    return click.Argument(
        ["path"],
        type=click.Path(path_type=Path),
        required=False,
        default=Path(FILE),
        metavar="[LOG]",
    )


def _out() -> click.Parameter:
    return click.Option(
        ["--out"],
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Where to write; beside the log if not given.",
    )


def _checking() -> list[click.Parameter]:
    return [
        click.Option(
            ["--nonce"], metavar="TEXT", help="What the interviewer had said."
        ),
        click.Option(
            ["--phrase"], metavar="WORDS", help="What was read aloud at the end."
        ),
        click.Option(
            ["--again"],
            is_flag=True,
            help="Also grade every save anew, and compare the verdicts.",
        ),
    ]
