"""An interview as it is begun, gone on with and ended on the command line."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli import exits, terminal
from grader.cli.evidence import grade_save, write_report
from grader.cli.places import writing
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.catalogue import Kata
    from grader.feedback.look import Look
    from grader.interview.log import Log
    from grader.interview.record import Record
    from grader.interview.session import How, Plan

PATIENCE = 30.0
"""Seconds for an interview that runs in another terminal to begin to end."""


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
    session.conclude(log, how, partial(grade_save, kata, log.began.nonce), kata)
    session.request_path(home).unlink(missing_ok=True)
    say(_summary(write_report(log_path(home), home)))
    return exits.DONE


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


def is_running(kata: Kata) -> bool:
    """Say on stderr that an interview is running, if one is: there is no help meanwhile."""
    from grader.interview.log import running

    if running(kata.root) is None:
        return False
    note(
        "An interview is running: until it has ended there are no hints and no answers."
    )
    return True
