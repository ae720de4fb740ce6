"""The folder of a kata that is about files: laid out, read and emptied by the judge.

All goes through one descriptor of the folder, and no link is followed: whatever a
submission puts there, nothing outside can be read or changed.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

MAX_ENTRIES = 256
"""How many files and folders are told of; a right answer leaves a handful."""

MAX_BYTES = 4 << 20
"""How much of all files is told, one after another in the order of their names."""

_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Folder:
    """A folder behind a descriptor, which it owns. `owner` gets what is laid out."""

    def __init__(self, descriptor: int, owner: int = 0) -> None:
        self._descriptor = descriptor
        self._owner = owner

    def lay_out(
        self, files: Mapping[str, bytes], *, seconds: float | None = None
    ) -> None:
        """Let the folder hold these files and nothing else; names may have folders.

        Raises `OSError` where that cannot be brought about, or not in so many seconds.
        """
        self.empty(seconds)
        for name, data in files.items():
            *parents, last = name.split("/")
            with self._inside(parents, make=True) as descriptor:
                self._write(descriptor, last, data)

    def contents(self) -> dict[str, bytes | None]:
        """Return what every file holds, by its name.

        None stands for what is no plain file, cannot be read, or is more than all that is
        told; the name of a folder ends in a stroke. At most `MAX_ENTRIES` are told.
        """
        found: dict[str, bytes | None] = {}
        waiting, left = [""], MAX_BYTES
        while waiting:
            prefix = waiting.pop()
            with suppress(OSError), self._inside(prefix.split("/")[:-1]) as folder:
                for name in sorted(os.listdir(folder))[: MAX_ENTRIES - len(found)]:
                    if _is_folder(name, folder):
                        waiting.append(f"{prefix}{name}/")
                        found[waiting[-1]] = None
                    else:
                        found[prefix + name] = data = _read(name, folder, left)
                        left -= len(data or b"")
        return {_readable(name): found[name] for name in sorted(found)}

    def look(self, name: str) -> bytes | None:
        """Return what a file holds; None if there is none that can be read."""
        *parents, last = name.split("/")
        with suppress(OSError), self._inside(parents) as folder:
            return _read(last, folder, MAX_BYTES)
        return None

    def empty(self, seconds: float | None = None) -> None:
        """Remove all that is in the folder.

        Raises `OSError` where something cannot be removed, or not in so many seconds, for
        who still runs may fill it again and again. However deep its folders go,
        only one of them is open at a time: what is in a folder is moved up first.
        """
        until = None if seconds is None else time.monotonic() + seconds
        while names := os.listdir(self._descriptor):
            for name in names:
                if until is not None and time.monotonic() > until:
                    raise OSError(errno.ENOTEMPTY, "the folder fills itself")
                if _is_folder(name, self._descriptor):
                    self._dissolve(name)
                else:
                    os.unlink(name, dir_fd=self._descriptor)

    def _dissolve(self, name: str) -> None:
        _make_accessible(name, self._descriptor)
        descriptor = os.open(name, _OPEN_FOLDER, dir_fd=self._descriptor)
        try:
            for inner in os.listdir(descriptor):
                if _is_folder(inner, descriptor):
                    self._move_up(inner, descriptor)
                else:
                    os.unlink(inner, dir_fd=descriptor)
        finally:
            os.close(descriptor)
        os.rmdir(name, dir_fd=self._descriptor)

    def _move_up(self, name: str, folder: int) -> None:
        # To move a folder elsewhere is to write to it.
        _make_accessible(name, folder)
        os.rename(
            name,
            os.urandom(16).hex(),
            src_dir_fd=folder,
            dst_dir_fd=self._descriptor,
        )

    def close(self) -> None:
        """Give the descriptor up."""
        os.close(self._descriptor)

    @contextmanager
    def _inside(self, parents: list[str], *, make: bool = False) -> Iterator[int]:
        """Give the descriptor of a folder."""
        descriptor = os.dup(self._descriptor)
        try:
            for name in parents:
                if make:
                    self._make(name, descriptor)
                inner = os.open(name, _OPEN_FOLDER, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = inner
            yield descriptor
        finally:
            os.close(descriptor)

    def _make(self, name: str, folder: int) -> None:
        with suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=folder)
            self._hand_over(name, folder)

    def _write(self, folder: int, name: str, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(name, flags, 0o600, dir_fd=folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        self._hand_over(name, folder)

    def _hand_over(self, name: str, folder: int) -> None:
        if self._owner:
            owner = self._owner
            os.chown(name, owner, owner, dir_fd=folder, follow_symlinks=False)


def _readable(name: str) -> str:
    """Return a name without what is no text in it: names are bytes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _is_folder(name: str, folder: int) -> bool:
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    return stat.S_ISDIR(found.st_mode)


def _make_accessible(name: str, folder: int) -> None:
    """Take back what a folder's own mode denies its owner."""
    if sys.platform != "linux":
        return
    descriptor = os.open(name, os.O_PATH | _OPEN_FOLDER, dir_fd=folder)
    try:
        # By way of the descriptor: a name could have become a link meanwhile.
        os.chmod(f"/proc/self/fd/{descriptor}", 0o700)
    except FileNotFoundError:
        # In a sandbox there is no /proc, and nobody else any more who could do that.
        os.chmod(name, 0o700, dir_fd=folder)
    finally:
        os.close(descriptor)


def _read(name: str, folder: int, most: int) -> bytes | None:
    try:
        descriptor = os.open(name, _OPEN_FILE, dir_fd=folder)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = file.read(most + 1)
        return data if len(data) <= most else None
