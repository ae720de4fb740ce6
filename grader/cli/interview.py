"""The verbs of `interview`: a timed session, and what it leaves behind."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli import completion, exits, shelf, terminal
from grader.cli.places import writing
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.catalogue import Kata
    from grader.feedback.look import Look
    from grader.interview.log import Entry, Log
    from grader.interview.record import Record
    from grader.interview.session import How, Plan
    from grader.submission import Submission
    from grader.verdict import Verdict

MINUTES = 45.0
LOG = "interview.jsonl"
PATIENCE = 30.0
"""Seconds for an interview that runs in another terminal to begin to end."""

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


def _choosing() -> list[click.Parameter]:
    return [
        click.Option(
            ["--minutes"],
            type=click.FloatRange(min=0, min_open=True, max=24 * 60),
            default=MINUTES,
            metavar="N",
            help="How long it lasts; 45 if not given.",
        ),
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
        default=Path(LOG),
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


# --- start --------------------------------------------------------------------


def start(*, paths: tuple[Path, ...], **typed: Any) -> int:
    """Run an interview until it ends or is left; return the exit code."""
    from grader import catalogue
    from grader.interview import session
    from grader.interview.chain import Busy
    from grader.interview.log import log_path
    from grader.judge.hidden import Sealed, hidden

    roots = catalogue.roots(paths)
    going = _going_on(roots)
    plan = None if going else _plan(roots, typed)
    if not going and plan is None:
        return exits.USAGE
    home = going or plan.kata.root  # type: ignore[union-attr]
    if plan is not None and log_path(home).exists():
        note(
            f"{log_path(home)} holds an interview that has ended. Move it away "
            "before the next one begins."
        )
        return exits.USAGE
    try:
        if plan is not None:
            hidden(plan.kata, plan.nonce)  # before the clock runs
        with writing(home, ""), session.opened(home, plan) as log:
            kata = catalogue.find(log.began.kata, *roots)
            look = partial(terminal.look, typed["color"], plain=typed["plain"])
            return _run(kata, log, look)
    except Busy:
        note("The interview is running in another terminal.")
        return exits.USAGE
    except Sealed as error:
        note(str(error))
        return exits.USAGE


def _going_on(roots: list[Path]) -> Path | None:
    from grader.interview.log import running

    return next((root for root in roots if running(root) is not None), None)


def _plan(roots: list[Path], typed: dict[str, Any]) -> Plan | None:
    from grader import catalogue
    from grader.interview.session import Plan, choose, new_nonce
    from grader.judge.hidden import plain_words

    named = [name for name in ("slug", "level", "track") if typed[name] is not None]
    katas = catalogue.katas(*roots)
    if len(named) != 1 and not (len(katas) == 1 and not named):
        note("Say which kata: one of --kata SLUG, --level N and --track T.")
        return None
    nonce = plain_words(typed["nonce"] or _asked(katas) or new_nonce())
    if typed["slug"]:
        kata = catalogue.find(typed["slug"], *roots)
        return Plan(kata, typed["minutes"], nonce)
    found = [
        kata
        for kata in katas
        if typed["level"] in {None, kata.level} and typed["track"] in {None, kata.track}
    ]
    chosen = choose(found, nonce)
    if chosen is None:
        tracks = dict.fromkeys(each.track for each in katas)
        note(f"There is no such kata. Tracks: {', '.join(tracks)}.")
        return None
    return Plan(chosen, typed["minutes"], nonce)


def _asked(katas: list[Kata]) -> str:
    """Ask for the words that open sealed tests, where somebody can type them."""
    from grader.judge.hidden import is_sealed

    if not any(map(is_sealed, katas)) or not sys.stdin.isatty():
        return ""
    asked = "The words that your interviewer said"
    return str(click.prompt(asked, default="", show_default=False))


def _run(kata: Kata, log: Log, look: Callable[[], Look]) -> int:
    import asyncio

    from grader.cli.drawing import screens
    from grader.feedback.sentences import clock
    from grader.interview.session import (
        ASKED,
        FINISH,
        KEYS,
        TIME_UP,
        Session,
        go_on,
        is_over,
        leave,
    )
    from grader.practice.watching import Bench

    how: How = "finished"
    if not is_over(log):
        go_on(log)
        bench = Bench("best", log.began.seed, log.began.nonce)
        try:
            drawn = screens(
                look, [kata.root], KEYS, lambda: f"{clock(log.left())} left"
            )
            ending = asyncio.run(Session(kata, drawn, bench, log).run())
        finally:
            bench.close()
        if ending not in {FINISH, TIME_UP, ASKED}:
            leave(log)
            say("The clock goes on. To come back: kata interview start")
            return exits.DONE
    if log.left() <= 0:
        how = "time"
    return _end(kata, log, how)


def _end(kata: Kata, log: Log, how: How) -> int:
    from grader.interview import session
    from grader.interview.log import log_path

    said = "Time is up." if how == "time" else "Finished."
    say(f"{said} The last save is graded on cases that nobody has seen.")
    home = kata.root
    session.conclude(log, how, partial(_grade, kata, log.began.nonce), kata)
    session.request_path(home).unlink(missing_ok=True)
    path = log_path(home)
    _write(path, home)
    from grader.interview.record import record

    say(_summary(record(path)))
    return exits.DONE


def _grade(kata: Kata, key: str, submission: Submission, seed: int) -> Verdict:
    from grader.judge.grade import Request, close, grade
    from grader.judge.team import judges_here

    try:
        return grade(Request(kata, submission, seed, key=key), judges_here())
    finally:
        close()


def _summary(told: Record) -> str:
    from grader.feedback.sentences import clock, plural

    points = f"{told.last.points} of {told.last.max_points} points" if told.last else ""
    fresh = ", ".join(str(run.points) for run in told.final)
    lines = [
        f"{plural(told.saves, 'save')} in {clock(told.lasted)}. {points}",
        *([f"On fresh cases: {fresh}"] if fresh else []),
        "",
        "Read this aloud to your interviewer:",
        "",
        f"    {told.phrase}",
        "",
    ]
    return "\n".join(lines)


def _write(path: Path, folder: Path) -> list[Path]:
    import msgspec

    from grader.interview.record import record, source
    from grader.report.pages import interview_page

    told = record(path)
    last = told.attempts[-1].sha256 if told.attempts else ""
    page = interview_page(told, source(path, last))
    data = msgspec.json.format(msgspec.json.encode(told), indent=2)
    written = [folder / "interview.html", folder / "interview.json"]
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        written[0].write_text(page, encoding="utf-8")
        written[1].write_bytes(data + b"\n")
    from grader.submission import name_of

    say(f"Wrote {', '.join(map(name_of, written))}; the log is {name_of(path)}")
    return written


# --- finish, report, verify ---------------------------------------------------


def finish(*, paths: tuple[Path, ...]) -> int:
    """End the interview that was begun here; return the exit code."""
    import time

    from grader import catalogue
    from grader.interview import session
    from grader.interview.chain import Busy

    roots = catalogue.roots(paths)
    home = _going_on(roots)
    if home is None:
        note("No interview is running here.")
        return exits.USAGE
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with writing(home, ""), session.opened(home, None) as log:
                kata = catalogue.find(log.began.kata, *roots)
                how: How = "time" if log.left() <= 0 else "finished"
                return _end(kata, log, how)
        except Busy:
            session.request_path(home).touch()
        if _going_on(roots) is None:
            say("Finished: the other terminal shows the words to read aloud.")
            return exits.DONE
        if time.monotonic() > until:
            note("The interview in the other terminal does not end; end it there.")
            return exits.FAULT
        time.sleep(0.2)


def report(*, path: Path, out: Path | None) -> int:
    """Write the report anew; return the exit code."""
    from grader.interview.log import Unreadable, first_break

    try:
        found = first_break(path) if path.exists() else None
        _write(path, out or path.parent)
    except Unreadable as error:
        note(str(error))
        return exits.UNLOADABLE
    if found is not None:
        note(f"Entry {found.number} was changed: see `kata interview verify`.")
        return exits.BROKEN
    return exits.DONE


def verify(*, path: Path, paths: tuple[Path, ...], **typed: Any) -> int:
    """Say where a log was changed; return the exit code."""
    from grader.interview import log
    from grader.interview.phrase import phrase, same
    from grader.judge.hidden import plain_words

    try:
        found = log.first_break(path, plain_words(typed["nonce"] or ""))
    except OSError as error:
        note(f"{path} cannot be read: {error.strerror}")
        return exits.UNLOADABLE
    if found is not None:
        say(f"Entry {found.number} was changed: {found.why}.")
        if found.number == 1 and typed["nonce"]:
            say("If you gave another nonce, the log was begun with that one.")
        return exits.BROKEN
    try:
        entries = log.read(path)
    except log.Unreadable as error:
        note(str(error))
        return exits.UNLOADABLE
    hashes = log.hashes(path)
    words = phrase(bytes.fromhex(hashes[-1]))
    if typed["phrase"] and not same(words, typed["phrase"]):
        say(
            f"The log is not the one whose words were read aloud: it ends in {words}. "
            "It was written anew, or entries are missing at its end."
        )
        return exits.BROKEN
    say(f"The log is whole: {len(entries)} entries, {words}")
    if not typed["phrase"]:
        say("Compare the words with those that were read aloud: --phrase WORDS.")
    return _again(entries, hashes, paths) if typed["again"] else exits.DONE


def _again(entries: list[Entry], hashes: list[str], paths: tuple[Path, ...]) -> int:
    from grader import catalogue
    from grader.interview import log
    from grader.interview.again import differences

    began = log.beginning(entries)
    kata = catalogue.find(began.kata, *catalogue.roots(paths))
    grade = partial(_grade, kata, began.nonce)
    found = list(differences(entries, hashes, kata, grade))
    for each in found:
        say(f"Entry {each.number}: {each.why}")
    if not found:
        say("Graded again, every verdict is as the log has it.")
    return exits.BROKEN if found else exits.DONE


def questions(*, slug: str, paths: tuple[Path, ...]) -> int:
    """Print what to ask; return the exit code."""
    from grader import catalogue
    from grader.interview.questions import Missing, questions_of

    kata = catalogue.find(slug, *catalogue.roots(paths))
    try:
        asked = questions_of(kata)
    except Missing as error:
        note(str(error))
        return exits.USAGE
    look = terminal.look("auto", plain=False)
    from grader.feedback.text import wrap

    lines = [kata.title]
    for number, each in enumerate(asked, 1):
        first, *rest = wrap(each.ask, look.width - 3)
        lines += ["", f"{number}. {first}", *(f"   {more}" for more in rest)]
        for point in each.strong:
            first, *rest = wrap(point, look.width - 5)
            lines += [
                f"   {look.symbols.dot} {first}",
                *(f"     {more}" for more in rest),
            ]
    say("\n".join(lines))
    return exits.DONE


def is_running(kata: Kata) -> bool:
    """Say on stderr that an interview is running, if one is: there is no help meanwhile."""
    from grader.interview.log import running

    if running(kata.root) is None:
        return False
    note(
        "An interview is running: until it has ended there are no hints and no answers."
    )
    return True
