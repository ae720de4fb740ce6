"""How is a server started in a folder of its own, waited for, and stopped?"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

UNPRIVILEGED = "nobody"  # database servers refuse to run as root
WITHIN = 60.0  # seconds, for a machine that is busy; an idle one needs one


def find_program(
    name: str, *, server: str, package: str, beside: Sequence[Path]
) -> str:
    """Find a program on PATH or in the folders where a package puts it."""
    folders = [os.environ.get("PATH", os.defpath), *map(str, beside)]
    found = shutil.which(name, path=os.pathsep.join(folders))
    return found or miss(server, package)


def miss(server: str, package: str) -> NoReturn:
    """End the test: what it needs is not installed here."""
    reason = f"{server} is not installed; as root: apt-get install {package}"
    if os.environ.get("REAL_SKIP_MISSING") == "1":
        pytest.skip(reason)
    pytest.fail(f"{reason} (or skip its tests with REAL_SKIP_MISSING=1)")


@contextmanager
def private_folder() -> Iterator[Path]:
    """Give a new folder that only the user of the servers can enter, and root."""
    # A path that is short, since that of a socket may have no more than 100 characters,
    # and open to that user, which what pytest or TMPDIR gives need not be.
    folder = Path(tempfile.mkdtemp(prefix="kata-real-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(
    command: Sequence[str],
    folder: Path,
    *,
    ready: Callable[[], bool],
    stop: signal.Signals,
) -> Iterator[None]:
    """Run a server while the block runs; it begins when the server is ready."""
    log = folder / "log"
    process = start([*dies_with_us(stop), *command], folder, log)
    try:
        await_ready(process, ready, log)
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(WITHIN)
        finally:
            process.kill()
            process.wait()


def await_ready(
    process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path
) -> None:
    """Return when a server is ready; fail with its last words if it ends before."""
    deadline = time.monotonic() + WITHIN
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"{process.args!r} did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)


def run(command: Sequence[str], folder: Path) -> None:
    """Run a command of a server to its end; fail with its last words if it fails."""
    log = folder / "log"
    process = start(command, folder, log)
    try:
        code = process.wait(WITHIN)
    finally:
        process.kill()
        process.wait()
    if code:
        pytest.fail(f"{command!r} failed:\n{log.read_text()[-2000:]}")


def start(command: Sequence[str], folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a command in a folder, as a user that is not root, away from our terminal."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
        )


def dies_with_us(stop: signal.Signals) -> list[str]:
    """Return what makes Linux stop a server when pytest is killed."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    return [setpriv, "--pdeathsig", stop.name.removeprefix("SIG"), "--"]
