"""An interview as it runs: begun, left, gone on with, and ended."""

from __future__ import annotations

import asyncio
import hashlib
import platform
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from grader import __version__
from grader.catalogue import Kata
from grader.interview import log as logs
from grader.interview.log import (
    FRESH_SEEDS,
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
from grader.practice import watching
from grader.practice.watching import AGAIN, QUIT, RESIZED, SAVED
from grader.submission import Rejected, Submission
from grader.verdict import Verdict

FINISH = "f"
TIME_UP = "time"
ASKED = "asked"
"""Another process wants the interview to end."""

KEYS = {AGAIN: "run again", FINISH: "finish", QUIT: "leave, the clock goes on"}
MAX_SEED = 2**31

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
    if path.exists() and not path.read_bytes().count(b"\n"):
        path.unlink()  # it crashed before it had begun
    if plan is None or path.exists():
        with logs.resumed(path) as log:
            yield log
        return
    with logs.begun(path, _beginning(plan)) as log:
        yield log


def _beginning(plan: Plan) -> Began:
    seed = _seed(b"saves " + plan.nonce.encode())
    python = platform.python_version()
    return Began(plan.kata.slug, plan.minutes, plan.nonce, seed, __version__, python)


def _seed(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big") % MAX_SEED


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
        super().__init__(kata, screens, bench, endings=(QUIT, FINISH, TIME_UP, ASKED))
        self._log = log
        self._minutes = int(log.left() // 60)

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
        look_around = partial(self._look_around, known[SAVED])
        return {SAVED: look_around} | {key: known[key] for key in (AGAIN, RESIZED)}

    def _look_around(self, saved: Callable[[], None]) -> None:
        if request_path(self.kata.root).exists():
            self.events.put_nowait(ASKED)
            return
        minutes = int(self._log.left() // 60)
        if minutes != self._minutes:
            self._minutes = minutes
            self.screens.redraw()
        saved()

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


def request_path(root: Path) -> Path:
    """Return the file whose presence asks a running interview to end."""
    return log_path(root).with_suffix(".finish")


def save(log: Log, submission: Submission) -> None:
    """Write a save down, unless it is what was saved before."""
    saves = only(log.entries, Saved)
    if not saves or saves[-1].sha256 != submission.sha256:
        log.add(Saved(submission.sha256, submission.source))


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
    _grade_the_rest(log, grade, kata)
    if not only(log.entries, Ended):
        log.add(Ended(how))
    last = last_save(log.entries)
    if last is None:
        return
    told = {final.seed for final in only(log.entries, Final)}
    for seed in fresh_seeds(log.entries, log.hashes):
        if seed not in told:
            log.add(Final(seed, bare(grade(submission_of(kata, last), seed))))


def _grade_the_rest(log: Log, grade: Grade, kata: Kata) -> None:
    graded = {each.sha256 for each in only(log.entries, Graded)}
    for each in only(log.entries, Saved):
        if each.sha256 not in graded:
            verdict = grade(submission_of(kata, each), log.began.seed)
            log.add(Graded(each.sha256, bare(verdict)))
            graded.add(each.sha256)


def last_save(entries: list[Entry]) -> Saved | None:
    """Return the save that counts."""
    saves = only(entries, Saved)
    return saves[-1] if saves else None


def fresh_seeds(entries: Sequence[Entry], hashes: Sequence[str]) -> list[int]:
    """Return the seeds of the last grading: they follow from the log up to its end."""
    ends = (
        name
        for entry, name in zip(entries, hashes, strict=True)
        if isinstance(entry.what, Ended)
    )
    end = next(ends, None)
    if end is None:
        return []
    return [_seed(f"final {end} {place}".encode()) for place in range(FRESH_SEEDS)]


def submission_of(kata: Kata, saved: Saved) -> Submission:
    """Return a save as a file to grade."""
    return Submission(kata.stub.name, kata.stub, saved.text, saved.sha256)


def is_over(log: Log) -> bool:
    """Say whether it has ended, in whatever way."""
    return bool(only(log.entries, Ended)) or log.left() <= 0
