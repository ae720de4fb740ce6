"""Files whose use takes time of the world: opening, reading, writing, replacing.

The files are real, in the folder that the kata allows. In a run whose world has a `disk`,
each use of them is an operation `disk.open`, `disk.read`, ... that the judge sees, however
it is reached: `open`, `pathlib`, `tempfile`, `aiofiles`, or `os.open` itself.
"""

from __future__ import annotations

import _io
import builtins
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader import wire
    from grader.player.stage import Stage

NAME = "disk"
_BUFFER = io.DEFAULT_BUFFER_SIZE
_real_open = io.open
_real_os_open = os.open
_real_os_close = os.close
_real_os_read = os.read
_real_os_write = os.write

_stage: Stage | None = None
_handles: dict[int, tuple[int, str]] = {}
"""Which handle, of what path, each descriptor is that was opened in this run."""

_opened = 0


def use_stage(stage: Stage | None, specs: list[wire.OperationSpec]) -> None:
    """Let files take time in this stage's run, if its world has a disk; None ends that."""
    global _stage, _opened  # noqa: PLW0603
    has_disk = any(spec.name.startswith(f"{NAME}.") for spec in specs)
    _stage = stage if has_disk else None
    _opened = 0
    _handles.clear()


def install() -> None:
    """Make every way of using a file look for a disk first."""
    for module in (builtins, io, _io):
        opening: Any = module
        opening.open = _open
    system: Any = os
    system.open, system.close = _os_open, _os_close
    system.read, system.write = _os_read, _os_write
    for name, verb in (
        ("replace", "replace"),
        ("rename", "replace"),
        ("remove", "remove"),
        ("unlink", "remove"),
    ):
        setattr(os, name, _changing(getattr(os, name), verb))


def _is_used() -> bool:
    return _stage is not None and not _stage.kernel.over


def _take_time(verb: str, *args: object) -> None:
    """Let the world say how long this takes, and wait as long."""
    stage = _stage
    if stage is not None and not stage.kernel.over:
        stage.begin(f"{NAME}.{verb}", args, {}).wait(f"{NAME}.{verb}")


def _named(path: Any) -> str:
    """Return a path as the judge knows it: from the submission's folder on."""
    name = os.path.normpath(os.fsdecode(path))
    return os.path.relpath(name) if Path(name).is_absolute() else name


def _is_a_file(path: Any) -> bool:
    """Say whether this names a file that is not the interpreter's own."""
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    return not _named(path).startswith("..")


# --- descriptors --------------------------------------------------------------


def _begin_handle(path: Any, mode: str) -> tuple[int, str]:
    global _opened  # noqa: PLW0603
    _opened += 1
    handle = _opened, _named(path)
    _take_time("open", handle[1], mode, handle[0])
    return handle


def _os_open(
    path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None
) -> int:
    if not _is_used() or dir_fd is not None or not _is_a_file(path):
        return _real_os_open(path, flags, mode, dir_fd=dir_fd)
    writing = flags & (os.O_WRONLY | os.O_RDWR)
    handle = _begin_handle(path, "w" if writing else "r")
    try:
        descriptor = _real_os_open(path, flags, mode)
    except BaseException:
        _take_time("close", *handle)
        raise
    _handles[descriptor] = handle
    return descriptor


def _os_close(descriptor: int, /) -> None:
    handle = _handles.pop(descriptor, None)
    _real_os_close(descriptor)
    if handle is not None:
        _take_time("close", *handle)


def _os_read(descriptor: int, length: int, /) -> bytes:
    _use(descriptor, "read")
    return _real_os_read(descriptor, length)


def _os_write(descriptor: int, data: Any, /) -> int:
    _use(descriptor, "write")
    return _real_os_write(descriptor, data)


def _use(descriptor: int, verb: str) -> None:
    if handle := _handles.get(descriptor):
        _take_time(verb, *handle)


def _changing(real: Callable[..., Any], verb: str) -> Callable[..., Any]:
    def change(*paths: Any, **options: Any) -> Any:
        if _is_used() and not options and all(map(_is_a_file, paths)):
            _take_time(verb, *map(_named, paths))
        return real(*paths, **options)

    change.__name__ = change.__qualname__ = real.__name__
    return change


# --- files --------------------------------------------------------------------


class _Raw(io.FileIO):
    """A file each use of which takes time."""

    def readinto(self, buffer: Any, /) -> int | None:
        _use(self.fileno(), "read")
        return super().readinto(buffer)

    def readall(self) -> bytes:
        _use(self.fileno(), "read")
        return super().readall()

    def read(self, size: int | None = -1, /) -> Any:
        _use(self.fileno(), "read")
        return super().read(-1 if size is None else size)

    def write(self, data: Any, /) -> int:
        _use(self.fileno(), "write")
        return super().write(data) or 0

    def close(self) -> None:
        descriptor = -1 if self.closed else self.fileno()
        handle = _handles.pop(descriptor, None) if self.closefd else None
        super().close()
        if handle is not None:
            _take_time("close", *handle)


def _open(  # noqa: PLR0913, PLR0917 (it is called as the real one is)
    file: Any,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,  # noqa: FBT001, FBT002
    opener: Any = None,
) -> Any:
    ours = _is_used() and (
        file in _handles if isinstance(file, int) else _is_a_file(file)
    )
    if not ours:
        return _real_open(
            file, mode, buffering, encoding, errors, newline, closefd, opener
        )
    raw_mode = mode.replace("b", "").replace("t", "")
    binary = "b" in mode
    _check_mode(raw_mode, binary=binary, text=(encoding, errors, newline))
    raw = _raw(file, raw_mode, closefd, opener)
    try:
        buffered = _buffered(raw, raw_mode, buffering, binary=binary)
        if binary:
            return buffered
        text = io.TextIOWrapper(
            buffered, io.text_encoding(encoding), errors, newline, buffering == 1
        )
    except BaseException:
        raw.close()
        raise
    text.mode = mode  # type: ignore[misc]
    return text


def _check_mode(mode: str, *, binary: bool, text: tuple[Any, ...]) -> None:
    if len(mode.replace("+", "")) != 1 or set(mode) - set("rwxa+"):
        raise ValueError(f"invalid mode: {mode!r}")
    if binary and any(each is not None for each in text):
        raise ValueError("binary mode takes no encoding, errors or newline argument")


def _raw(file: Any, mode: str, closefd: Any, opener: Any) -> _Raw:
    if isinstance(file, int) or opener is not None:
        # It was opened, or will be, by `os.open`: there its time is taken.
        return _Raw(file, mode, closefd, opener)
    handle = _begin_handle(file, "r" if mode == "r" else "w")
    try:
        raw = _Raw(file, mode, closefd)
    except BaseException:
        _take_time("close", *handle)
        raise
    _handles[raw.fileno()] = handle
    return raw


def _buffered(raw: _Raw, mode: str, buffering: int, *, binary: bool) -> Any:
    if buffering == 0:
        if not binary:
            raise ValueError("can't have unbuffered text I/O")
        return raw
    size = buffering if buffering > 1 else _BUFFER
    if "+" in mode:
        return io.BufferedRandom(raw, size)
    if mode == "r":
        return io.BufferedReader(raw, size)
    return io.BufferedWriter(raw, size)
