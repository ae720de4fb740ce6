"""How a file is opened, so that nothing but a regular file is ever read."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.submission.record import MAX_BYTES, Rejected, too_large

# A link is refused, not followed: in a folder that was handed in it may point anywhere.
# O_NONBLOCK is for a pipe that nobody writes to; a regular file does not heed it.
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


@contextmanager
def opened(
    path: str | os.PathLike[str], name: str, within: int | None = None
) -> Iterator[int]:
    """Open what lies at `path`, in the folder `within` if one is given, but no link."""
    try:
        descriptor = os.open(path, _FLAGS, dir_fd=within)
    except (OSError, ValueError) as error:
        # In a folder only a name is opened, so that it can be no link on the way there.
        linked = within is not None or _is_link(path)
        raise _refusal(error, name, linked=linked) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def contents(descriptor: int, name: str, limit: int = MAX_BYTES) -> bytes:
    """Return a regular file's bytes, at most one more than `limit`."""
    try:
        _check(os.fstat(descriptor), name)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(limit + 1)
    except OSError as error:
        raise unreadable(error, name) from None


def source_in(descriptor: int, name: str) -> bytes:
    """Return the bytes of a file of at most `MAX_BYTES`."""
    source = contents(descriptor, name)
    if len(source) > MAX_BYTES:
        raise too_large(name)
    return source


def unreadable(error: OSError | ValueError, name: str) -> Rejected:
    """Return the refusal of what the system does not let us read."""
    number = error.errno if isinstance(error, OSError) else errno.EINVAL
    why = os.strerror(number or errno.EIO)
    message = f"{name} cannot be read: {why}. Make it readable, or name another file."
    return Rejected(name, "unreadable", message)


def _refusal(error: OSError | ValueError, name: str, *, linked: bool) -> Rejected:
    number = error.errno if isinstance(error, OSError) else errno.EINVAL
    if number == errno.ELOOP and linked:
        message = f"{name} is a link. Name the file that it points to."
        return Rejected(name, "not a regular file", message)
    if number in {errno.ENOENT, errno.ENOTDIR}:
        message = (
            f"There is no {name}. Write your answer there, or name the right file."
        )
        return Rejected(name, "missing", message)
    if number == errno.ENXIO:
        return _irregular(name)
    return unreadable(error, name)


def _is_link(path: str | os.PathLike[str]) -> bool:
    try:
        return Path(path).is_symlink()
    except ValueError:  # a NUL in the path
        return False


def _check(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        message = f"{name} is a folder. Name the Python file in it."
        raise Rejected(name, "directory", message)
    if not stat.S_ISREG(status.st_mode):
        raise _irregular(name)


def _irregular(name: str) -> Rejected:
    message = f"{name} is not a regular file. Name a Python file."
    return Rejected(name, "not a regular file", message)
