"""Judges beside this one, which take their share of a submission's hidden tests.

Each is a fork of this process, and its sandbox a branch of this one's where submissions
are allowed nothing special. Who plays a test changes nothing of what becomes of it: every
test has its own cases and a fresh player.
"""

from __future__ import annotations

import os
import signal
import struct
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Self

from grader.judge import warm
from grader.sandbox.launch import SandboxFault

if TYPE_CHECKING:
    from grader.judge.grade import Request
    from grader.judge.judging import Played

MAX_JUDGES = 4
"""More would wait for each other longer than they work."""

PATIENCE = 2.0
"""Seconds for a judge that has nothing to do to end by itself."""

Play = Callable[["Request", Iterator[int]], Iterator["Played"]]
"""Plays the tests whose numbers come on a submission, in a sandbox of the calling process."""


def judges_here() -> int:
    """Return how many judges this machine has the processors for."""
    if not hasattr(os, "sched_getaffinity"):
        return 1
    return min(MAX_JUDGES, len(os.sched_getaffinity(0)))


class _Bag:
    """Numbers of tests that nobody has begun: who takes one out has it alone."""

    _number = struct.Struct("H")

    def __init__(self) -> None:
        self._out, self._in = os.pipe()
        os.set_blocking(self._out, False)

    def fill(self, numbers: Iterable[int]) -> None:
        """Put all numbers in, which fit the system's pipe."""
        os.write(self._in, b"".join(map(self._number.pack, numbers)))

    def __iter__(self) -> Iterator[int]:
        while True:
            try:
                data = os.read(self._out, self._number.size)
            except BlockingIOError:
                return
            yield self._number.unpack(data)[0]

    def close(self) -> None:
        os.close(self._out)
        os.close(self._in)


class _Member:
    """A judge beside this one; `busy` until it has said that it found the bag empty."""

    def __init__(self, serve: Callable[[Connection], None]) -> None:
        self._trunk = warm.trunk()
        branch = None if self._trunk is None else self._trunk.branch()
        self.link, theirs = Pipe()

        def begin() -> None:
            self.link.close()
            warm.move_to(branch)
            serve(theirs)

        self._process = get_context("fork").Process(target=begin, daemon=True)
        self._process.start()
        theirs.close()
        if branch is not None:
            branch.abandon()
        self.busy = False

    def is_of_use(self) -> bool:
        """Say whether the sandbox that its own is a branch of is still there."""
        return self._trunk is None or self._trunk is warm.trunk()

    def ask(self, request: Request) -> None:
        """Have it take from the bag, and play on that submission."""
        self.link.send(request)
        self.busy = True

    def settle(self) -> None:
        """Wait until it is through with the submission before: it may have come late."""
        while self.busy:
            self.next()

    def next(self) -> Played | None:
        """Return what it tells next; None if it has no more to tell of this submission."""
        try:
            told = self.link.recv()
        except EOFError:
            raise SandboxFault("a judge beside this one ended unexpectedly") from None
        if isinstance(told, str):
            raise SandboxFault(told)
        self.busy = told is not None
        return told  # type: ignore[no-any-return]

    def end(self) -> None:
        self.link.close()
        self._process.terminate()
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


class Team:
    """So many judges in all, this one among them."""

    def __init__(self, size: int, play: Play) -> None:
        self._size = size
        self._play = play
        self._bag = _Bag()
        self._others: list[_Member] = []

    def share(
        self, request: Request, numbers: Sequence[int], own: Play
    ) -> Generator[Played, None, None]:
        """Yield what becomes of each of the tests, in the order in which they end.

        This process has its share by `own`. Raises `SandboxFault` if another judge fails.
        """
        try:
            yield from self._shared(request, numbers, own)
        except BaseException:
            self._dismiss()
            raise

    def _shared(
        self, request: Request, numbers: Sequence[int], own: Play
    ) -> Iterator[Played]:
        if not all(member.is_of_use() for member in self._others):
            self._dismiss()
        for member in self._others:
            member.settle()
        helping = self._summon(min(self._size, len(numbers)) - 1)
        self._bag.fill(numbers)
        for member in helping:
            member.ask(request)
        left = set(numbers)
        for played in own(request, iter(self._bag)):
            left.discard(played.number)
            yield played
        while left:
            for member in _speaking(helping):
                told = member.next()
                if told is not None:
                    left.discard(told.number)
                    yield told

    def _summon(self, count: int) -> list[_Member]:
        while len(self._others) < count:
            self._others.append(_Member(self._serve))
        return self._others[:count]

    def _serve(self, link: Connection) -> None:
        """Be a judge beside the one that asks, as long as that one lives."""
        from grader.sandbox.walls import die_with_parent

        die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, _leave)
        for other in self._others:
            other.link.close()
        try:
            with suppress(EOFError, ConnectionError):
                while True:
                    self._answer(link, link.recv())
        finally:
            warm.cool_down()

    def _answer(self, link: Connection, request: Request) -> None:
        try:
            for played in self._play(request, iter(self._bag)):
                link.send(played)
            link.send(None)
        except SandboxFault as fault:
            link.send(str(fault))
        except Exception:  # noqa: BLE001 - whatever it is, it is no zero
            link.send(traceback.format_exc()[-3000:])

    def _dismiss(self) -> None:
        """End the other judges and leave nothing to do."""
        for _ in self._bag:
            pass
        while self._others:
            self._others.pop().end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._dismiss()
        self._bag.close()


def _speaking(members: Sequence[_Member]) -> list[_Member]:
    """Wait until some of them have something to tell; return those."""
    links = [member.link for member in members if member.busy]
    ready = wait(links)
    return [member for member in members if member.link in ready]


def _leave(*_: object) -> None:
    raise SystemExit(0)
