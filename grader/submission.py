"""What is taken in for grading, and what is refused and why."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

MAX_BYTES = 1 << 20

# A link is refused, not followed: in a folder that was handed in it may point anywhere.
# O_NONBLOCK is for a pipe that nobody writes to; a regular file does not heed it.
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY

Refusal = Literal[
    "missing", "directory", "not a regular file", "too large", "unreadable"
]


@dataclass(frozen=True)
class Submission:
    """One file, read once. `name` is for people, `advice` a remark that costs nothing."""

    name: str
    path: Path
    source: bytes
    sha256: str
    advice: str = ""


class Rejected(Exception):
    """The submission is not taken in; the message says what to do."""

    def __init__(self, name: str, reason: Refusal, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.reason = reason


def read(path: str | os.PathLike[str]) -> Submission:
    """Take in the file at `path`; raise `Rejected` if it is no readable source file."""
    name = name_of(path)
    source = _read_file(path, name)
    digest = hashlib.sha256(source).hexdigest()
    return Submission(name, Path(path), source, digest, _advice(Path(path), name))


def name_of(path: str | os.PathLike[str]) -> str:
    """Return how `path` is shown: the shorter spelling, nothing in it but plain text."""
    given = os.fspath(path)
    try:
        shortest = min(os.path.relpath(given), given, key=len)
    except (OSError, ValueError):
        shortest = given
    return "".join(
        each if each.isprintable() else ascii(each)[1:-1] for each in shortest
    )


def _read_file(path: str | os.PathLike[str], name: str) -> bytes:
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            _check(os.fstat(descriptor), name)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                source = file.read(MAX_BYTES + 1)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise _refusal(error, path, name) from None
    if len(source) > MAX_BYTES:
        raise _too_large(name)
    return source


def _check(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _directory(name)
    if not stat.S_ISREG(status.st_mode):
        raise _irregular(name)
    if status.st_size > MAX_BYTES:
        raise _too_large(name)


def _refusal(
    error: OSError | ValueError, path: str | os.PathLike[str], name: str
) -> Rejected:
    number = error.errno if isinstance(error, OSError) else errno.EINVAL
    if number == errno.ELOOP and Path(path).is_symlink():
        message = f"{name} is a link. Name the file that it points to."
        return Rejected(name, "not a regular file", message)
    if number in {errno.ENOENT, errno.ENOTDIR}:
        message = (
            f"There is no {name}. Write your answer there, or name the right file."
        )
        return Rejected(name, "missing", message)
    if number == errno.ENXIO:
        return _irregular(name)
    why = os.strerror(number or errno.EIO)
    message = f"{name} cannot be read: {why}. Make it readable, or name another file."
    return Rejected(name, "unreadable", message)


def _directory(name: str) -> Rejected:
    message = f"{name} is a folder. Name the Python file in it."
    return Rejected(name, "directory", message)


def _irregular(name: str) -> Rejected:
    message = f"{name} is not a regular file. Name a Python file."
    return Rejected(name, "not a regular file", message)


def _too_large(name: str) -> Rejected:
    message = f"{name} is larger than 1 MiB. Hand in your source code alone."
    return Rejected(name, "too large", message)


def _advice(path: Path, name: str) -> str:
    if path.stem not in sys.stdlib_module_names:
        return ""
    return (
        f"{name} has the name of a standard module: it is graded all the same, but "
        "Python finds it in place of that module when you run code beside it."
    )
