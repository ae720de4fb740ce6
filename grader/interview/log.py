"""What happens in an interview, one entry after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from grader.interview import FILE, chain
from grader.interview.chain import Break, Chain, Link
from grader.verdict import Verdict

FRESH_SEEDS = 3
"""So many times the last save is graded on other cases at the end."""


class Began(msgspec.Struct, frozen=True, tag="began"):
    """The interview began. `seed` draws the cases of every save's verdict."""

    kata: str
    minutes: float
    nonce: str
    seed: int
    grader: str
    python: str


class Saved(msgspec.Struct, frozen=True, tag="saved"):
    """The file was saved. `text` is what it held; a stub that was found counts too."""

    sha256: str
    text: bytes


class Graded(msgspec.Struct, frozen=True, tag="graded"):
    """What became of the save with that hash."""

    sha256: str
    verdict: Verdict


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The file could not be taken in: too long, unreadable, gone."""

    why: str


class Resumed(msgspec.Struct, frozen=True, tag="resumed"):
    """The program ran again, after it had been left or had crashed."""


class Left(msgspec.Struct, frozen=True, tag="left"):
    """The program was left; the clock goes on."""


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """The interview ended: by `finish`, or by the clock."""

    how: Literal["finished", "time"]


class Final(msgspec.Struct, frozen=True, tag="final"):
    """The last save, graded on cases that nobody had seen before."""

    seed: int
    verdict: Verdict


What = Began | Saved | Graded | Refused | Resumed | Left | Ended | Final
_What = TypeVar("_What", bound=What)


class Entry(msgspec.Struct, frozen=True):
    """Something that happened.

    `at` is what the clock on the wall said, `elapsed` the seconds since the interview
    began, on a clock that nobody sets; `ticks` is that clock, `boot` the start of the
    machine from which it counts.
    """

    number: int
    at: str
    elapsed: float
    boot: str
    ticks: float
    what: What


_writer = msgspec.json.Encoder()
_reader = msgspec.json.Decoder(Entry)


class Unreadable(Exception):
    """The log cannot be read; the message says why."""


@dataclass
class Log:
    """An interview's entries, and the chain that they stand in."""

    entries: list[Entry]
    hashes: list[str]
    chain: Chain

    def add(self, what: What) -> None:
        """Write down what happened."""
        entry = Entry(len(self.entries) + 1, _now(), self.elapsed(), *_ticks(), what)
        self.chain.add(_writer.encode(entry))
        self.entries.append(entry)
        self.hashes.append(self.chain.head)

    def elapsed(self) -> float:
        """Return the seconds since the interview began, which only ever grow."""
        if not self.entries:
            return 0.0
        last = self.entries[-1]
        boot, ticks = _ticks()
        passed = ticks - last.ticks
        if not boot or boot != last.boot or passed < 0:
            # The machine was started anew: the clock on the wall is all there is.
            since = datetime.now(UTC) - datetime.fromisoformat(last.at)
            passed = since.total_seconds()
        return round(last.elapsed + max(0.0, passed), 3)

    @property
    def began(self) -> Began:
        """The first entry."""
        return beginning(self.entries)

    def left(self) -> float:
        """Return the seconds that are left; none is less than 0."""
        return max(0.0, self.began.minutes * 60 - self.elapsed())


def beginning(entries: list[Entry]) -> Began:
    """Return what the first entry says."""
    first = entries[0].what if entries else None
    if not isinstance(first, Began):
        raise Unreadable("it does not begin as an interview does")
    return first


def only(entries: list[Entry], kind: type[_What]) -> list[_What]:
    """Return what happened of one kind."""
    return [entry.what for entry in entries if isinstance(entry.what, kind)]


def read(path: Path) -> list[Entry]:
    """Return the entries of a log, as far as they can be read as such."""
    links, _ = _links(path)
    entries = []
    for number, link in enumerate(links, 1):
        try:
            entries.append(_reader.decode(link.data))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise Unreadable(f"entry {number} of {path} is no entry") from None
    beginning(entries)
    return entries


def _links(path: Path) -> tuple[list[Link], bool]:
    try:
        return chain.read(path)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from None


def log_path(root: Path) -> Path:
    """Return where the log of an interview on the katas of a folder stands."""
    return root / FILE


def running(root: Path) -> Began | None:
    """Return the interview that was begun in a folder and has not ended, if there is one."""
    with suppress(Unreadable):
        entries = read(log_path(root))
        if not _is_concluded(entries):
            return beginning(entries)
    return None


def _is_concluded(entries: list[Entry]) -> bool:
    if not only(entries, Ended):
        return False
    return not only(entries, Saved) or len(only(entries, Final)) >= FRESH_SEEDS


def hashes(path: Path) -> list[str]:
    """Return the hash of each entry; the last one is the head."""
    return [link.hash for link in chain.read(path)[0]]


def first_break(path: Path, nonce: str = "") -> Break | None:
    """Return the first entry that was changed, or follows on one that was taken away.

    Without a nonce, the one that the log itself names is believed. Raises `Unreadable`.
    """
    links, torn = _links(path)
    if not links:
        return Break(1, "there is no whole entry")
    named = _nonce(links[0].data)
    found = chain.first_break(links, nonce or named)
    if found is None and nonce and nonce != named:
        return Break(1, "it names another nonce than it was begun with")
    if found is None and torn:
        return Break(
            len(links) + 1,
            "it is half a line, as a crash or a full disk leaves it; those before are whole",
        )
    return found


def _nonce(data: bytes) -> str:
    try:
        what = _reader.decode(data).what
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ""
    return what.nonce if isinstance(what, Began) else ""


@contextmanager
def begun(path: Path, what: Began) -> Iterator[Log]:
    """Give a new log that holds its beginning."""
    with chain.begun(path, what.nonce) as added:
        log = Log([], [], added)
        log.add(what)
        yield log


@contextmanager
def resumed(path: Path) -> Iterator[Log]:
    """Give a log that was begun; raise `chain.Busy` while another process has it."""
    links, _ = _links(path)
    with chain.resumed(path, _nonce(links[0].data)) as added:
        yield Log(read(path), hashes(path), added)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _ticks() -> tuple[str, float]:
    """Return which start of the machine this is, and the seconds since then."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        boot = ""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return boot, round(time.clock_gettime(clock), 3)
