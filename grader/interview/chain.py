"""Lines of which each holds a hash over itself and all before it.

Who changes, adds or takes away a line must make all hashes behind it anew. The last one is
the head: where it is written down elsewhere, even that shows.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SEED = b"asyncio-katas interview 1\n"
_HEX = set("0123456789abcdef")
_LENGTH = 64


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
    if path.exists() and not path.is_file():
        # What is no plain file may be read for ever.
        raise OSError(errno.EINVAL, "it is no plain file", str(path))
    *lines, rest = path.read_bytes().split(b"\n")
    return [_link(line) for line in lines], bool(rest)


def _link(line: bytes) -> Link:
    name, _, data = line.partition(b" ")
    return Link(data, name.decode("ascii", "replace"))


def first_break(links: Sequence[Link], nonce: str) -> Break | None:
    """Return the first line that does not follow from those before it; None if all do."""
    before = first_hash(nonce)
    for number, link in enumerate(links, 1):
        is_hash = len(link.hash) == _LENGTH and set(link.hash) <= _HEX
        if not is_hash or next_hash(before, link.data) != link.hash:
            return Break(number, "its hash does not follow from what stands before it")
        before = link.hash
    return None


def clear_stillborn(path: Path) -> None:
    """Remove a chain that crashed before its first line was whole, if nobody has it."""
    with suppress(OSError):
        file = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if b"\n" not in path.read_bytes():
                path.unlink()
        finally:
            os.close(file)


class Chain:
    """A chain that is being added to, by one process at a time."""

    def __init__(self, path: Path, flags: int, head: str) -> None:
        self._path = path
        self._file = _locked(path, os.O_RDWR | os.O_APPEND | flags)
        self.head = head

    def add(self, data: bytes) -> None:
        """Add a line; it is on the disk, whole, when this returns."""
        if b"\n" in data:
            raise ValueError("a line cannot hold another")
        self._restore()
        name = next_hash(self.head, data)
        size = os.fstat(self._file).st_size
        try:
            _write(self._file, name.encode() + b" " + data + b"\n")
        except OSError:
            os.ftruncate(self._file, size)
            raise
        self.head = name

    def cut(self, size: int) -> None:
        """Take off what stands behind so many bytes."""
        os.ftruncate(self._file, size)

    def _restore(self) -> None:
        """Put the chain back where something else, or nothing, has taken its place."""
        ours = os.fstat(self._file)
        with suppress(FileNotFoundError):
            if os.path.samestat(ours, self._path.stat()):
                return
        beside = self._path.with_suffix(".restored")
        file = _locked(beside, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC)
        _write(file, os.pread(self._file, ours.st_size, 0))
        beside.replace(self._path)
        os.close(self._file)
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)


def begun(path: Path, nonce: str) -> Chain:
    """Return a new chain; raise `FileExistsError` if there is a file of that name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return Chain(path, os.O_CREAT | os.O_EXCL, first_hash(nonce))


def resumed(path: Path, nonce: str) -> Chain:
    """Return a chain that was begun, without the half line that a crash may have left.

    Raises `Busy` while another process has it.
    """
    chain = Chain(path, 0, "")
    try:
        links, torn = read(path)
        if torn:
            chain.cut(path.read_bytes().rfind(b"\n") + 1)
    except BaseException:
        chain.__exit__()
        raise
    chain.head = links[-1].hash if links else first_hash(nonce)
    return chain


def _locked(path: Path, flags: int) -> int:
    file = os.open(path, flags | os.O_NONBLOCK, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise Busy from None
    return file


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
    os.fsync(file)
