"""An interview as it runs: begun, left, gone on with, and ended."""

from __future__ import annotations

import asyncio
import hashlib
import platform
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from grader import __version__
from grader.catalogue import Kata
from grader.feedback.sentences import clock
from grader.interview import log as logs
from grader.interview.log import (
    Began,
    Ended,
    Entry,
    Final,
    Graded,
    Left,
    Log,
    Refused,
    Resumed,
    Saved,
    log_path,
    only,
)
from grader.interview.seeds import fresh_seeds, seed_of_saves
from grader.interview.sound import GRACE
from grader.practice import watching
from grader.practice.watching import AGAIN, QUIT, RESIZED, SAVED
from grader.submission import Rejected, Submission, take_in
from grader.verdict import Verdict

FINISH = "f"
FINISHED = "finished"
EXACT = 120.0
"""Seconds below which the time that is left is told more exactly."""

TIME_UP = "time"
ASKED = "asked"
"""Another process wants the interview to end."""

SURE = 10.0
"""Seconds in which a second key says that the first one was meant."""

KEYS = {AGAIN: "run again", FINISH: "finish", QUIT: "leave, the clock goes on"}
How = Literal["finished", "time"]
Grade = Callable[[Submission, int], Verdict]
"""Grades a file on the cases of a seed."""


@dataclass(frozen=True)
class Plan:
    """What an interview is to be."""

    kata: Kata
    minutes: float
    nonce: str


def choose(katas: Iterable[Kata], nonce: str) -> Kata | None:
    """Return one of these katas; the nonce decides which."""
    found = sorted(katas, key=lambda kata: kata.slug)
    if not found:
        return None
    digest = hashlib.sha256(b"kata " + nonce.encode()).digest()
    return found[int.from_bytes(digest[:8], "big") % len(found)]


def new_nonce() -> str:
    """Return a nonce for who was given none."""
    return secrets.token_hex(8)


@contextmanager
def opened(root: Path, plan: Plan | None) -> Iterator[Log]:
    """Give the log of the interview in a folder: gone on with, or begun as planned."""
    path = log_path(root)
    if plan is None or path.exists():
        with logs.resumed(path) as log:
            yield log
        return
    with logs.begun(path, _beginning(plan)) as log:
        yield log


def _beginning(plan: Plan) -> Began:
    seed = seed_of_saves(plan.nonce)
    python = platform.python_version()
    return Began(plan.kata.slug, plan.minutes, plan.nonce, seed, __version__, python)


# --- while it runs ------------------------------------------------------------


class Session(watching.Session):
    """A kata whose saves are written down, until it is finished, left, or over."""

    def __init__(
        self,
        kata: Kata,
        screens: watching.Screens,
        bench: watching.Bench,
        log: Log,
    ) -> None:
        endings = (QUIT, FINISHED, TIME_UP, ASKED)
        super().__init__(kata, screens, bench, endings=endings)
        self._log = log
        self._shown = ""
        self._sure_until = 0.0

    async def run(self) -> str:
        """Watch until something ends it; return what did."""
        loop = asyncio.get_running_loop()
        over = loop.call_later(self._log.left(), self.events.put_nowait, TIME_UP)
        try:
            return await super().run()
        finally:
            over.cancel()

    def answers(self) -> dict[str, Callable[[], None]]:
        """Return what is done at each event: there are no hints, and no way back."""
        known = super().answers()
        return {
            SAVED: partial(self._look_around, known[SAVED]),
            AGAIN: known[AGAIN],
            RESIZED: known[RESIZED],
            FINISH: self._finish,
        }

    def _look_around(self, saved: Callable[[], None]) -> None:
        # A timer stands still while the machine sleeps: the clock decides.
        if self._log.left() <= 0:
            self.events.put_nowait(TIME_UP)
        elif is_asked(self.kata.root, self._log):
            self.events.put_nowait(ASKED)
        else:
            saved()
            shown = time_left(self._log)
            if shown != self._shown:
                self._shown = shown
                self.screens.redraw()

    def _finish(self) -> None:
        now = self._log.elapsed()
        if now < self._sure_until:
            self.events.put_nowait(FINISHED)
            return
        self._sure_until = now + SURE
        self.screens.note("Press f once more to finish: the file as it is now counts.")
        self.screens.redraw()

    def taken(self, submission: Submission) -> None:
        """Write a save down, before anything can go wrong with it."""
        save(self._log, submission)

    def refused(self, refusal: Rejected) -> None:
        """Write down that a save could not be taken in."""
        self._log.add(Refused(str(refusal)))

    def kept(self, verdict: Verdict) -> Verdict:
        """Write a verdict down; return it without what would be a hint."""
        plain = bare(verdict)
        self._log.add(Graded(verdict.submission.sha256, plain))
        return plain


def time_left(log: Log) -> str:
    """Return how long there is, as it is worth being told: the last minutes more exactly."""
    left = log.left()
    if left >= EXACT:
        return f"{int(left // 60)} min left"
    return f"{clock(left - left % 10 if left >= 10 else left)} left"  # noqa: PLR2004


def request_path(root: Path) -> Path:
    """Return the file that asks a running interview to end."""
    return log_path(root).with_suffix(".finish")


def ask_to_end(root: Path, log: Path) -> None:
    """Ask the interview with this log to end."""
    request_path(root).write_text(logs.hashes(log)[0], "ascii")


def is_asked(root: Path, log: Log) -> bool:
    """Say whether somebody has asked this interview to end, and no other one."""
    try:
        return request_path(root).read_text("ascii", "replace") == log.hashes[0]
    except OSError:
        return False


def save(log: Log, submission: Submission, grace: float = 0.0) -> None:
    """Write a save down, unless it is what was saved before, or the time is up."""
    saves = only(log.entries, Saved)
    late = log.elapsed() > log.began.minutes * 60 + grace
    if late or only(log.entries, Ended):
        return
    if not saves or saves[-1].sha256 != submission.sha256:
        log.add(Saved(submission.sha256, submission.source))


def take_last(log: Log, kata: Kata) -> None:
    """Write down what the file holds at the end: nobody waits for it to be graded first."""
    with suppress(Rejected):
        save(log, take_in(kata.stub, kata.stub.name), GRACE)


def bare(verdict: Verdict) -> Verdict:
    """Return a verdict without diagnoses, hints, replay commands and our own runs."""
    laws = [
        msgspec.structs.replace(law, diagnosis="", hints=0, replay="", ours=None)
        for law in verdict.laws
    ]
    return msgspec.structs.replace(verdict, laws=laws)


def go_on(log: Log) -> None:
    """Write down that an interview that was left, or crashed, goes on."""
    if len(log.entries) > 1:
        log.add(Resumed())


def leave(log: Log) -> None:
    """Write down that the candidate left the program."""
    log.add(Left())


# --- the end ------------------------------------------------------------------


def conclude(log: Log, how: How, grade: Grade, kata: Kata) -> None:
    """Bring an interview to its end, from wherever it stands.

    Saves without a verdict get theirs. Then the last save is graded on cases that follow
    from the head of the log, so that nobody knew them while there was time.
    """
    if not only(log.entries, Ended):
        log.add(Ended(how))
    _grade_the_rest(log, grade, kata)
    last = last_save(log.entries)
    if last is None:
        return
    told = {final.seed for final in only(log.entries, Final)}
    for seed in fresh_seeds(log.entries, log.hashes):
        if seed not in told:
            log.add(Final(seed, bare(grade(submission_of(kata, last), seed))))


def _grade_the_rest(log: Log, grade: Grade, kata: Kata) -> None:
    graded = {
        each.sha256
        for each in only(log.entries, Graded)
        if each.verdict.status != "fault"  # ours: it is graded once more
    }
    for each in only(log.entries, Saved):
        if each.sha256 not in graded:
            verdict = grade(submission_of(kata, each), log.began.seed)
            log.add(Graded(each.sha256, bare(verdict)))
            graded.add(each.sha256)


def last_save(entries: list[Entry]) -> Saved | None:
    """Return the save that counts."""
    saves = only(entries, Saved)
    return saves[-1] if saves else None


def submission_of(kata: Kata, saved: Saved) -> Submission:
    """Return a save as a file to grade."""
    return Submission(kata.stub.name, kata.stub, saved.text, saved.sha256)


def is_over(log: Log) -> bool:
    """Say whether it has ended, in whatever way."""
    return bool(only(log.entries, Ended)) or log.left() <= 0
