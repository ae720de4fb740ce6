"""Files whose use takes time of the world: opening, reading, writing, replacing.

The files are real, in the folder that the kata allows. In a run whose world has a `disk`,
each use of them is an operation `disk.open`, `disk.read`, ... that the judge sees, however
it is reached: `open`, `pathlib`, `tempfile`, `aiofiles`, or `os.open` itself.
"""

from __future__ import annotations

import _io
import builtins
import errno
import functools
import io
import os
import random
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.player import locks

if TYPE_CHECKING:
    from grader import wire
    from grader.player.stage import Stage

NAME = "disk"
_BUFFER = io.DEFAULT_BUFFER_SIZE
_ERRORS = {
    os.strerror(each): each
    for each in (errno.ENOENT, errno.EIO, errno.ENOSPC, errno.EROFS, errno.EXDEV)
}
_real_open = io.open
_real_os_open = os.open
_real_os_close = os.close
_real_urandom = os.urandom

_stage: Stage | None = None
_handles: dict[int, tuple[str, int]] = {}
"""Of what path each descriptor is that was opened in this run, and which handle."""

_opened = 0
_temporary: Any = None
"""The module `tempfile`, once it is needed."""


def use_stage(stage: Stage | None, specs: list[wire.OperationSpec]) -> None:
    """Let files take time in this stage's run, if its world has a disk; None ends that."""
    global _stage, _opened  # noqa: PLW0603
    has_disk = any(spec.name.startswith(f"{NAME}.") for spec in specs)
    _stage = stage if has_disk else None
    _opened = 0
    _handles.clear()
    if _temporary is not None:
        _use_names(random.Random(0) if has_disk else None)


def _use_names(source: random.Random | None) -> None:
    """Let the names of temporary files be the same in each run, in the folder allowed."""
    system: Any = os
    draws: Any = random
    system.urandom = draws._urandom = source.randbytes if source else _real_urandom  # noqa: SLF001
    _temporary.tempdir = _own_folder() if source else None
    names = _temporary._RandomNameSequence()  # noqa: SLF001
    names._rng, names._rng_pid = source, os.getpid()  # noqa: SLF001
    _temporary._name_sequence = names if source else None  # noqa: SLF001


@functools.cache
def _own_folder() -> str:
    # Only once: a submission may have removed it.
    return str(Path.cwd())


def install() -> None:
    """Make every way of using a file look for a disk first."""
    global _temporary  # noqa: PLW0603
    import tempfile

    _temporary = tempfile
    for module in (builtins, io, _io):
        opening: Any = module
        opening.open = _open
    system: Any = os
    system.open, system.close = _os_open, _os_close
    for wrap, verb, names in _CALLS:
        for name in names.split():
            if hasattr(os, name):
                setattr(os, name, wrap(getattr(os, name), verb))


def _is_used() -> bool:
    return _stage is not None and not _stage.kernel.over


def _take_time(verb: str, *args: object) -> None:
    """Let the world say how long this takes, and wait as long."""
    stage = _stage
    if stage is None or stage.kernel.over:
        return
    try:
        stage.begin(f"{NAME}.{verb}", args, {}).wait("the disk")
    except OSError as error:
        # The judge knows errors by their words alone; programs look at the number.
        error.errno, error.strerror = _ERRORS.get(str(error)), str(error)
        error.filename = args[0]
        raise


def _named(path: Any) -> str:
    """Return a path as the judge knows it: from the submission's folder on."""
    name = os.path.normpath(os.fsdecode(path))
    name = os.path.relpath(name) if Path(name).is_absolute() else name
    # Where its folder lies is no affair of a verdict.
    return f"../{Path(name).name}" if name.startswith("..") else name


def _is_a_file(path: Any) -> bool:
    """Say whether this names a file that is not the interpreter's own."""
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    return not _named(path).startswith("..")


# --- descriptors --------------------------------------------------------------


def _begin_handle(path: Any, mode: str) -> tuple[str, int]:
    global _opened  # noqa: PLW0603
    _opened += 1
    handle = _named(path), _opened
    _take_time("open", handle[0], handle[1], mode)
    return handle


def _os_open(
    path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None
) -> int:
    if not _is_used() or dir_fd is not None or not _is_a_file(path) or _is_folder(path):
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


def _is_folder(path: Any) -> bool:
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 (it may be of bytes)
    except (OSError, ValueError):
        return False


def _os_close(descriptor: int, /) -> None:
    handle = _handles.pop(descriptor, None)
    _real_os_close(descriptor)
    if handle is not None:
        _take_time("close", *handle)


def _use(descriptor: int, verb: str) -> None:
    if handle := _handles.get(descriptor):
        _take_time(verb, *handle)


def _using(real: Callable[..., Any], verb: str) -> Callable[..., Any]:
    def use(descriptor: Any, /, *args: Any) -> Any:
        _use(descriptor if isinstance(descriptor, int) else descriptor.fileno(), verb)
        return real(descriptor, *args)

    return _called_as(real, use)


def _copying(real: Callable[..., Any], first: str) -> Callable[..., Any]:
    """Return what copies from one open file to another; `first` is told of the first."""

    def copy(one: int, other: int, /, *args: Any, **options: Any) -> Any:
        source, target = (one, other) if first == "read" else (other, one)
        _use(source, "read")
        _use(target, "write")
        return real(one, other, *args, **options)

    return _called_as(real, copy)


def _changing(real: Callable[..., Any], verb: str) -> Callable[..., Any]:
    def change(*args: Any, **options: Any) -> Any:
        named = [options[each] for each in ("path", "src", "dst") if each in options]
        paths = [*args, *named][: 2 if verb in {"replace", "link"} else 1]
        folders = any(options.get(each) is not None for each in _FOLDERS)
        if _is_used() and not folders and any(map(_is_a_file, paths)):
            _take_time(verb, *map(_named, paths))
        return real(*args, **options)

    return _called_as(real, change)


_FOLDERS = ("dir_fd", "src_dir_fd", "dst_dir_fd")


def _called_as(real: Callable[..., Any], ours: Any) -> Callable[..., Any]:
    ours.__name__ = ours.__qualname__ = real.__name__
    function: Callable[..., Any] = ours
    return function


_CALLS = (
    (_using, "read", "read readv pread preadv"),
    (_using, "write", "write writev pwrite pwritev ftruncate"),
    (_using, "sync", "fsync fdatasync"),
    (_copying, "write", "sendfile"),
    (_copying, "read", "copy_file_range"),
    (_changing, "replace", "replace rename"),
    (_changing, "link", "link"),
    (_changing, "remove", "remove unlink"),
    (_changing, "write", "truncate"),
)
"""What takes time in `os`, beside `open` and `close`."""


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

    def truncate(self, size: int | None = None, /) -> int:
        _use(self.fileno(), "write")
        return super().truncate(size)

    def close(self) -> None:
        descriptor = -1 if self.closed else self.fileno()
        handle = _handles.pop(descriptor, None) if self.closefd else None
        super().close()
        if handle is not None:
            _take_time("close", *handle)


def _in_turn(real: Any) -> Any:
    def method(self: Any, *args: Any) -> Any:
        with self.turn:
            return real(self, *args)

    return _called_as(real, method)


def _taking_turns(real: type) -> type:
    """Return a kind of buffered file whose users wait for each other in virtual time.

    The real one holds a lock of its own while it reads or writes, and who waits for that
    has the baton: nothing would ever move again.
    """
    methods = {
        name: _in_turn(getattr(real, name)) for name in _METHODS if hasattr(real, name)
    }

    def begin(self: Any, raw: Any, size: int) -> None:
        self.turn = locks.RLock()
        real.__init__(self, raw, size)  # type: ignore[misc]

    return type(real.__name__, (real,), {"__init__": begin, **methods})


_METHODS = (
    "read",
    "read1",
    "readinto",
    "readinto1",
    "readline",
    "peek",
    "write",
    "flush",
    "seek",
    "tell",
    "truncate",
    "close",
    "detach",
)
_Reader = _taking_turns(io.BufferedReader)
_Writer = _taking_turns(io.BufferedWriter)
_Random = _taking_turns(io.BufferedRandom)


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
        return _Random(raw, size)
    return _Reader(raw, size) if mode == "r" else _Writer(raw, size)
