"""Lines of which each holds a hash over itself and all before it.

Who changes, adds or takes away a line must make all hashes behind it anew. The last one is
the head: where it is written down elsewhere, even that shows.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SEED = b"asyncio-katas interview 1\n"
_HEX = 64


@dataclass(frozen=True)
class Link:
    """One line: what it says, and its hash, which follows from the one before."""

    data: bytes
    hash: str


@dataclass(frozen=True)
class Break:
    """Where a chain was changed: the number of the line, counted from 1, and how."""

    number: int
    why: str


class Busy(Exception):
    """Another process adds to the chain."""


def first_hash(nonce: str) -> str:
    """Return what a chain begins with: who does not know the nonce cannot begin it."""
    return hashlib.sha256(SEED + nonce.encode()).hexdigest()


def next_hash(before: str, data: bytes) -> str:
    """Return the hash of a line that follows on a hash."""
    return hashlib.sha256(before.encode() + b"\n" + data).hexdigest()


def read(path: Path) -> tuple[list[Link], bool]:
    """Return the lines of a chain as they stand, and whether half a line stands behind."""
    *lines, rest = path.read_bytes().split(b"\n")
    return [_link(line) for line in lines], bool(rest)


def _link(line: bytes) -> Link:
    name, _, data = line.partition(b" ")
    return Link(data, name.decode("ascii", "replace"))


def first_break(links: Sequence[Link], nonce: str) -> Break | None:
    """Return the first line that does not follow from those before it; None if all do."""
    before = first_hash(nonce)
    for number, link in enumerate(links, 1):
        if len(link.hash) != _HEX or next_hash(before, link.data) != link.hash:
            return Break(number, "its hash does not follow from what stands before it")
        before = link.hash
    return None


class Chain:
    """A chain that is being added to, by one process at a time."""

    def __init__(self, file: int, head: str) -> None:
        self._file = file
        self.head = head

    def add(self, data: bytes) -> None:
        """Add a line; it is on the disk when this returns."""
        if b"\n" in data:
            raise ValueError("a line cannot hold another")
        name = next_hash(self.head, data)
        os.write(self._file, name.encode() + b" " + data + b"\n")
        os.fsync(self._file)
        self.head = name


@contextmanager
def begun(path: Path, nonce: str) -> Iterator[Chain]:
    """Give a new chain; raise `FileExistsError` if there is a file of that name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
    with _locked(file):
        yield Chain(file, first_hash(nonce))


@contextmanager
def resumed(path: Path, nonce: str) -> Iterator[Chain]:
    """Give a chain that was begun, without the half line that a crash may have left.

    Raises `Busy` while another process has it.
    """
    file = os.open(path, os.O_RDWR | os.O_APPEND)
    with _locked(file):
        links, torn = read(path)
        if torn:
            os.ftruncate(file, path.read_bytes().rfind(b"\n") + 1)
        yield Chain(file, links[-1].hash if links else first_hash(nonce))


@contextmanager
def _locked(file: int) -> Iterator[None]:
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield
    finally:
        os.close(file)
