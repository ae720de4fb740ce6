"""A sandbox whose files, processes and network are its own, made by bubblewrap.

Only what the interpreter needs is there, and only to be read: no home, no /proc, no
hidden tests, no solutions.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from grader.sandbox.capabilities import (
    FOLDER,
    FOLDER_BYTES,
    SHARED_BYTES,
    SHARED_MEMORY,
    Capability,
)
from grader.sandbox.walls import DEVICES

_LIBRARIES = ("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64")
_LINKER_CACHE = "/etc/ld.so.cache"


def found() -> str | None:
    """Return where bubblewrap is installed, or None."""
    return shutil.which("bwrap")


def command(
    program: str, readable: list[str], allow: Collection[Capability], *, root: bool
) -> list[str]:
    """Return the command line that runs what is appended to it in a sandbox.

    What it may write to is its own, in memory, and ends with it. `root` says who calls: root makes the namespaces by its own right and keeps just the
    right to become somebody else; anybody else makes a user namespace first.
    """
    namespaces = ["pid", "net", "ipc", "uts", *([] if root else ["user"])]
    kept = ["CAP_SETUID", "CAP_SETGID"] if root else []
    return [
        program,
        *(f"--unshare-{each}" for each in namespaces),
        *("--as-pid-1", "--die-with-parent", "--new-session"),
        *("--cap-drop", "ALL"),
        *(part for each in kept for part in ("--cap-add", each)),
        *_mounts(readable),
        *(_own_folder(FOLDER, FOLDER_BYTES) if "files" in allow else []),
        *(_own_folder(SHARED_MEMORY, SHARED_BYTES) if "processes" in allow else []),
        *("--remount-ro", "/", "--chdir", "/"),
    ]


def interpreter() -> list[str]:
    """Return the folders and files that this interpreter and its packages are in."""
    wanted = {sys.base_prefix, sys.prefix, str(Path(__file__).parents[1])}
    wanted |= {os.path.realpath(each) for each in wanted}
    wanted |= {str(hop.parent.parent) for hop in _hops(Path(sys.executable))}
    wanted |= {each for each in _LIBRARIES if Path(each).is_dir()}
    wanted |= {each for each in (_LINKER_CACHE,) if Path(each).exists()}
    return sorted(wanted)


def _hops(link: Path) -> Iterator[Path]:
    """Yield a link and all that it leads to."""
    yield link
    for _ in range(40):
        if not link.is_symlink():
            return
        link = link.parent / link.readlink()
        yield Path(os.path.normpath(link))


def _mounts(readable: list[str]) -> list[str]:
    """Return the options that show these files, each parent a folder that all may enter."""
    options: list[str] = []
    there = {"/"}
    for path in sorted(readable):
        for parent in reversed(Path(path).parents):
            if str(parent) not in there and not _is_inside(str(parent), readable):
                options += ["--perms", "0755", "--dir", str(parent)]
                there.add(str(parent))
        if _is_inside(str(Path(path).parent), readable):
            continue
        if Path(path).is_symlink():
            options += ["--symlink", str(Path(path).readlink()), path]
        else:
            options += ["--ro-bind", path, path]
    options += ["--perms", "0755", "--dir", "/dev"]
    for device in DEVICES:
        options += ["--dev-bind", device, device]
    return options


def _own_folder(path: str, size: int) -> list[str]:
    return ["--perms", "0777", "--size", str(size), "--tmpfs", path]


def _is_inside(path: str, folders: list[str]) -> bool:
    return any(path == each or path.startswith(each + "/") for each in folders)
