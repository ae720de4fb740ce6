"""An interview as it is begun, gone on with and ended on the command line."""

from __future__ import annotations

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli import exits, terminal
from grader.cli.evidence import grade_save, write_report
from grader.cli.places import writing
from grader.cli.streams import note, say
from grader.interview import FILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.catalogue import Kata
    from grader.feedback.look import Look
    from grader.interview.log import Began, Log
    from grader.interview.record import Record
    from grader.interview.session import How, Plan

UNSAYABLE = "must be words that can be said and typed: letters, not only spaces."
PATIENCE = 30.0
"""Seconds for an interview that runs in another terminal to begin to end."""


def start(*, paths: tuple[Path, ...], **typed: Any) -> int:
    """Run an interview until it ends or is left; return the exit code."""
    from grader import catalogue
    from grader.interview import session
    from grader.interview.chain import Busy, clear_stillborn
    from grader.interview.log import log_path

    roots = catalogue.roots(paths)
    for root in roots:
        clear_stillborn(log_path(root))
    going = _going_on(roots)
    if why := _contradiction(going, typed):
        note(why)
        return exits.USAGE
    plan = None if going else _plan(roots, typed)
    if not going and plan is None:
        return exits.USAGE
    home = going[0] if going else plan.kata.root  # type: ignore[union-attr]
    if plan is not None and log_path(home).exists():
        note(_in_the_way(log_path(home)))
        return exits.USAGE
    try:
        with writing(home, ""), session.opened(home, plan) as log:
            kata = catalogue.find(log.began.kata, *roots)
            look = partial(terminal.look, typed["color"], plain=typed["plain"])
            return _run(kata, log, look)
    except Busy:
        note("The interview is running in another terminal.")
        return exits.USAGE


def _in_the_way(path: Path) -> str:
    from grader.interview.log import Unreadable, read

    try:
        read(path)
    except Unreadable as error:
        return f"{error}. Move it away before an interview begins."
    return (
        f"{path} holds an interview that has ended. Move it away before the next one "
        "begins."
    )


def _contradiction(going: tuple[Path, Began] | None, typed: dict[str, Any]) -> str:
    """Return why what was typed cannot be meant, while an interview is running."""
    from grader.judge.hidden import plain_words

    if going is None:
        return ""
    path, began = going
    other = typed["slug"] not in {None, began.kata}
    if typed["nonce"] and plain_words(typed["nonce"]) != began.nonce:
        other = True
    if not other:
        return ""
    return (
        f"An interview on {began.kata} is running in {path}, with other words or on another "
        "kata. `kata interview start` goes on with it, `kata interview finish` ends it."
    )


def _going_on(roots: list[Path]) -> tuple[Path, Began] | None:
    from grader.interview.log import running

    found = ((root, running(root)) for root in roots)
    return next(((root, began) for root, began in found if began is not None), None)


def _plan(roots: list[Path], typed: dict[str, Any]) -> Plan | None:
    from grader import catalogue
    from grader.interview.session import Plan, choose

    named = [name for name in ("slug", "level", "track") if typed[name] is not None]
    katas = catalogue.katas(*roots)
    if len(named) != 1 and not (len(katas) == 1 and not named):
        note("Say which kata: one of --kata SLUG, --level N and --track T.")
        return None
    if typed["nonce"] is not None and not is_sayable(typed["nonce"]):
        note(f"The nonce {UNSAYABLE}")
        return None
    nonce = _opening(katas, typed["nonce"])
    if nonce is None:
        return None
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


def is_sayable(text: str) -> bool:
    """Say whether these are words that can be told and typed again."""
    from grader.judge.hidden import plain_words

    return bool(plain_words(text)) and plain_words(text).isprintable()


def _opening(katas: list[Kata], typed: str | None) -> str | None:
    """Return the nonce, which opens sealed tests; None if it does not.

    Where somebody can type it, it is asked for until it does.
    """
    from grader.interview.session import new_nonce
    from grader.judge.hidden import Sealed, hidden, is_sealed, plain_words

    sealed = next(filter(is_sealed, katas), None)
    if sealed is None:
        return plain_words(typed or new_nonce())
    while True:
        asks = typed is None and sys.stdin.isatty()
        nonce = plain_words(_asked() if asks else typed or "")
        try:
            hidden(sealed, nonce)  # before the clock runs
        except Sealed as error:
            note(str(error))
            if not asks:
                return None
        else:
            return nonce


def _asked() -> str:
    try:
        return str(click.prompt("The words that your interviewer said"))
    except click.Abort:
        raise KeyboardInterrupt from None


def _run(kata: Kata, log: Log, look: Callable[[], Look]) -> int:
    import asyncio

    from grader.cli.drawing import screens
    from grader.interview.session import (
        KEYS,
        Session,
        go_on,
        is_over,
        leave,
        take_last,
        time_left,
    )
    from grader.practice.watching import QUIT, Bench

    if not is_over(log):
        going = len(log.entries) > 1
        go_on(log)
        bench = Bench("best", log.began.seed, log.began.nonce)
        try:
            drawn = screens(look, [kata.root], KEYS, lambda: time_left(log))
            if going:
                drawn.note(f"Going on with what began {log.entries[0].at}")
            ending = asyncio.run(Session(kata, drawn, bench, log).run())
        except KeyboardInterrupt:
            ending = QUIT
        finally:
            bench.close()
        if ending == QUIT:
            leave(log)
            say(f"The clock goes on. To come back: {_again(kata)}")
            return exits.DONE
        take_last(log, kata)
    return _end(kata, log, "time" if log.left() <= 0 else "finished")


def _again(kata: Kata) -> str:
    from grader.judge.hidden import is_sealed

    if is_sealed(kata):
        return "make interview"
    return shlex.join(["kata", "interview", "start", *kata.named[1:]])


def _end(kata: Kata, log: Log, how: How) -> int:
    from grader.interview import session
    from grader.interview.log import log_path
    from grader.interview.record import record

    said = "Time is up." if how == "time" else "Finished."
    say(f"{said} The last save is graded on cases that nobody has seen.")
    home = kata.root
    session.conclude(log, how, partial(grade_save, kata, log.began.nonce), kata)
    session.request_path(home).unlink(missing_ok=True)
    path = log_path(home)
    say(_summary(record(path)))  # whatever becomes of the page
    write_report(path, home)
    return exits.DONE


def _summary(told: Record) -> str:
    from grader.feedback.sentences import clock, plural

    last = told.last
    points = f"{last.points} of {last.max_points} points" if last else ""
    if last is not None and last.status == "fault":
        points = "The grader failed on the last one: our fault, no zero."
    fresh = ", ".join(
        "our fault" if run.status == "fault" else str(run.points) for run in told.final
    )
    lines = [
        f"{plural(told.saves, 'save')} in {clock(told.lasted)}. {points}",
        *([f"On fresh cases: {fresh}"] if fresh else []),
        "",
        "Read these four words aloud to your interviewer:",
        "",
        f"    {told.phrase}",
        "",
    ]
    return "\n".join(lines)


def finish(*, paths: tuple[Path, ...]) -> int:
    """End the interview that was begun here; return the exit code."""
    from grader import catalogue
    from grader.interview import session
    from grader.interview.chain import Busy

    roots = catalogue.roots(paths)
    going = _going_on(roots)
    if going is None:
        note("No interview is running here.")
        return exits.USAGE
    home, _ = going
    try:
        with writing(home, ""), session.opened(home, None) as log:
            kata = catalogue.find(log.began.kata, *roots)
            if not session.is_over(log):
                session.go_on(log)
                session.take_last(log, kata)
            return _end(kata, log, "time" if log.left() <= 0 else "finished")
    except Busy:
        return _ask(home)


def _ask(home: Path) -> int:
    """Ask the other terminal to end the interview, and wait until it has."""
    import time

    from grader.interview import session
    from grader.interview.log import Ended, log_path, only, read, running

    until = time.monotonic() + PATIENCE
    try:
        with writing(home, ""):
            session.ask_to_end(home, log_path(home))
        while running(home) is not None:
            # Once it has begun to end, its last gradings take what they take.
            ending = only(read(log_path(home)), Ended)
            if time.monotonic() > until and not ending:
                note("The interview in the other terminal does not end; end it there.")
                return exits.FAULT
            time.sleep(0.2)
    finally:
        session.request_path(home).unlink(missing_ok=True)
    say("Finished: the other terminal shows the words to read aloud.")
    return exits.DONE


def is_running(kata: Kata) -> bool:
    """Say on stderr that an interview is running, if one is: there is no help meanwhile."""
    if not (kata.root / FILE).exists():
        return False
    from grader.interview.log import running

    if running(kata.root) is None:
        return False
    note(
        "An interview is running, and only `kata interview` grades meanwhile: there are no "
        "hints and no answers."
    )
    return True
