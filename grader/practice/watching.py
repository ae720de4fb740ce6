"""Grade a file again each time it is saved, until somebody quits.

Saves, keys and verdicts come in as events, one after the other. A verdict is made in a
process that stays warm; a save while it works ends it, since nobody wants that verdict.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from stat import S_ISREG

from watchfiles import Change, awatch

from grader.catalogue import Kata, katas
from grader.classroom.job import HANG, Graded, Job, pack, unpack_graded
from grader.classroom.pool import Lost, Worker
from grader.judge.team import judges_here
from grader.practice.overview import overview
from grader.practice.progress import Progress, Unkept
from grader.submission import MAX_BYTES, Rejected, Submission, take_in
from grader.verdict import Verdict

SAVED = "saved"
RESIZED = "resized"
LOOK = 1.0
"""Seconds after which the file is looked at, whether a save was told or not."""

QUIT, NEXT, BACK, HINT, LIST, TRACE, AGAIN, RESET = "qnbhltrx"
KEYS = {
    NEXT: "next",
    BACK: "back",
    HINT: "hint",
    LIST: "list",
    TRACE: "trace",
    AGAIN: "run again",
    RESET: "reset",
    QUIT: "quit",
}


_FUNCTION_KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])")


@dataclass(frozen=True)
class Done:
    """What came of a grading, and of which: an older one is of no interest any more."""

    number: int
    graded: Graded


Event = str | Done
"""`SAVED`, a key, or what came of a grading."""


@dataclass
class Screens:
    """What is shown, each a function of what there is to show.

    `verdict` shows a verdict, `refused` a file that was not taken in, `busy` that grading
    has begun, `ask` whether the stub is to be put back, and the others what their keys ask
    for; `trace` writes the run that is shown to a file. `note` tells what is no result; `redraw` shows the same for a terminal that is
    another size now.
    """

    verdict: Callable[[Kata, Verdict], None]
    refused: Callable[[Kata, Rejected], None]
    fault: Callable[[Kata, str], None]
    busy: Callable[[Kata], None]
    hint: Callable[[Kata], None]
    listing: Callable[[], None]
    ask: Callable[[Kata], None]
    reset: Callable[[Kata], None]
    note: Callable[[str], None]
    redraw: Callable[[], None]
    trace: Callable[[Kata], None]


class Bench:
    """The process that grades: another takes its place when it was stopped.

    All cases are drawn from `seed`; `key` opens hidden tests that are sealed.
    """

    def __init__(self, isolation: str, seed: int = 0, key: str = "") -> None:
        self._isolation = isolation
        self._seed = seed
        self._key = key
        self._worker = Worker(judges=judges_here())
        self.busy = False
        self._count = 0

    def grade(
        self, kata: Kata, submission: Submission, told: Callable[[Done], None]
    ) -> int:
        """Begin to grade; `told` gets what came of it, on another thread.

        Returns its number. What was under way is stopped, and tells nothing.
        """
        self.stop()
        self._count += 1
        job = Job(
            kata.slug,
            submission.source,
            self._seed,
            self._isolation,
            (str(kata.root),),
            file=str(submission.path),
            key=self._key,
        )
        loop = asyncio.get_running_loop()
        self.busy = True
        loop.run_in_executor(None, _grade, self._worker, job, self._count, told)
        return self._count

    def rest(self) -> None:
        """Say that what was begun has come to its end."""
        self.busy = False

    def stop(self) -> None:
        """Stop what is under way; have another process if this one is of no more use."""
        if self.busy:
            self._worker.kill()
        elif self._worker.lives():
            return
        else:
            self._worker.end()
        self._worker = Worker(judges=judges_here())
        self.busy = False

    def close(self) -> None:
        """End the process."""
        self._worker.kill()
        self._worker.end()


def _grade(worker: Worker, job: Job, number: int, told: Callable[[Done], None]) -> None:
    try:
        graded = unpack_graded(worker.grade(pack(job), HANG))
    except Lost as lost:
        graded = Graded(None, str(lost))
    told(Done(number, graded))


@dataclass
class Session:
    """One kata that is being watched, until one of `endings` comes."""

    kata: Kata
    screens: Screens
    bench: Bench
    endings: Collection[str] = (QUIT, NEXT, BACK)
    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)
    _number: int = 0
    _sha256: str = ""
    _asked: bool = False

    async def run(self) -> str:
        """Watch until something ends it; return what did."""
        async with self._saves():
            with _keys(self.events.put_nowait):
                self._grade()
                try:
                    return await self._serve()
                finally:
                    # Nobody wants that verdict, and its thread would be waited for.
                    self.bench.stop()

    def answers(self) -> dict[str, Callable[[], None]]:
        """Return what is done at each event that ends nothing."""
        return {
            SAVED: self._saved,
            AGAIN: self._grade,
            HINT: self._hint,
            LIST: self.screens.listing,
            TRACE: partial(self.screens.trace, self.kata),
            RESET: self._reset,
            RESIZED: self.screens.redraw,
        }

    def taken(self, submission: Submission) -> None:
        """Take note of a file that is going to be graded."""

    def refused(self, refusal: Rejected) -> None:
        """Take note of a file that was not taken in."""

    def kept(self, verdict: Verdict) -> Verdict:
        """Write down how far the learner is; return what is to be shown."""
        try:
            Progress(self.kata.root).graded(verdict)
        except Unkept as unkept:
            self.screens.note(str(unkept))
        return verdict

    async def _serve(self) -> str:
        answers = self.answers()
        while True:
            event = await self.events.get()
            if isinstance(event, str) and event not in {RESET, SAVED, RESIZED}:
                self._asked = False
            if isinstance(event, Done):
                self._show(event)
            elif event in self.endings:
                return event
            elif event in answers:
                answers[event]()

    def _hint(self) -> None:
        if not self.bench.busy:  # the verdict would take its place
            self.screens.hint(self.kata)

    def _reset(self) -> None:
        if self._asked:
            self._asked = False
            self.screens.reset(self.kata)
        else:
            self._asked = True
            self.screens.ask(self.kata)

    def _saved(self) -> None:
        if _digest(self.kata.stub) != self._sha256:
            self._grade()

    def _grade(self) -> None:
        self._sha256 = _digest(self.kata.stub)
        try:
            submission = take_in(self.kata.stub, self.kata.stub.name)
        except Rejected as refusal:
            self.bench.stop()
            self._number = 0
            self.refused(refusal)
            self.screens.refused(self.kata, refusal)
            return
        loop = asyncio.get_running_loop()

        def tell(done: Done) -> None:
            loop.call_soon_threadsafe(self.events.put_nowait, done)

        self.taken(submission)
        self.screens.busy(self.kata)
        self._number = self.bench.grade(self.kata, submission, tell)

    def _show(self, done: Done) -> None:
        if done.number != self._number:
            return
        self.bench.rest()
        verdict = done.graded.verdict
        if verdict is None:
            self.screens.fault(self.kata, done.graded.log)
            return
        self.screens.verdict(self.kata, self.kept(verdict))

    @asynccontextmanager
    async def _saves(self) -> AsyncIterator[None]:
        stop = asyncio.Event()
        watching = asyncio.create_task(self._watch(stop))
        looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            looking.cancel()
            stop.set()
            await asyncio.wait([watching, looking])

    async def _look(self) -> None:
        """Look at the file now and then: no system tells of every change.

        A folder may be put in the place of another, or a save come before the watch.
        """
        while True:
            await asyncio.sleep(LOOK)
            self.events.put_nowait(SAVED)

    async def _watch(self, stop: asyncio.Event) -> None:
        name = self.kata.stub.name

        def is_ours(_: Change, path: str) -> bool:
            # Not what an editor puts beside it: swap files, backups.
            return Path(path).name == name

        folder = self.kata.folder
        async for _ in awatch(
            folder, watch_filter=is_ours, stop_event=stop, recursive=False, step=20
        ):
            self.events.put_nowait(SAVED)


@contextmanager
def _keys(press: Callable[[str], None]) -> Iterator[None]:
    """Pass on each key that is pressed, where somebody can press one."""
    if not sys.stdin.isatty():
        yield
        return
    import termios
    import tty

    file = sys.stdin.fileno()
    before = termios.tcgetattr(file)
    loop = asyncio.get_running_loop()

    def back() -> None:
        # From the background, where the shell has put the terminal as it likes it.
        if not over:
            tty.setcbreak(file)

    over = False
    tty.setcbreak(file)
    loop.add_reader(file, _read_key, file, press)
    loop.add_signal_handler(signal.SIGCONT, back)
    loop.add_signal_handler(signal.SIGWINCH, press, RESIZED)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(ending, press, QUIT)
    try:
        yield
    finally:
        # A signal that is still to be answered must not undo what is put back now.
        over = True
        loop.remove_reader(file)
        with suppress(termios.error):
            termios.tcsetattr(file, termios.TCSADRAIN, before)


def _read_key(file: int, press: Callable[[str], None]) -> None:
    try:
        typed = os.read(file, 64).decode("utf-8", "replace")
    except OSError:
        typed = ""
    keys = _FUNCTION_KEY.sub("", typed)
    if not typed:
        press(QUIT)  # nobody is there any more
    elif len(keys) == 1:  # more at once was pasted
        press(keys.lower())


def _digest(file: Path) -> str:
    """Return what tells one state of a file from another, and its text from any other."""
    try:
        found = file.stat()
        if not S_ISREG(found.st_mode):
            return f"no file {found.st_mode}"
        if found.st_size > MAX_BYTES:
            return f"{found.st_size} bytes of {found.st_mtime_ns}"
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        return f"error {error.errno}"


def _chosen(kata: Kata, ending: str) -> Kata | None:
    """Return the kata to go on with; None to quit.

    The next one is the first behind it that has not passed, else of those before it.
    """
    if ending == QUIT:
        return None
    places = overview(katas(kata.root)).places
    here = [place.kata.slug for place in places].index(kata.slug)
    if ending == BACK:
        return places[max(0, here - 1)].kata
    rest = [*places[here + 1 :], *places[:here]]
    opened = (place.kata for place in rest if place.state != "passed")
    return next(opened, places[min(here + 1, len(places) - 1)].kata)


def watch(kata: Kata, screens: Screens, isolation: str) -> None:
    """Watch one kata after the other until somebody quits."""
    bench = Bench(isolation)
    chosen: Kata | None = kata
    try:
        while chosen is not None:
            ending = asyncio.run(Session(chosen, screens, bench).run())
            chosen = _chosen(chosen, ending)
    finally:
        bench.close()
