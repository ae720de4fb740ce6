"""Fork players from warm imports; never import a submission.

Run as `python -m grader.sandbox.zygote FD`, where FD is the control socket. What is
said over it stands in `grader.sandbox.protocol`.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from grader.player import threads

threads.install()

from grader.player import (  # noqa: E402
    census,
    clock,
    dates,
    disk,
    guard,
    loop,
    machine,
    main,
    network,
    outside,
    stage,
)
from grader.player.imprint import Imprint  # noqa: E402
from grader.player.rehearsal import rehearse  # noqa: E402
from grader.sandbox import walls  # noqa: E402
from grader.sandbox.capabilities import SHARED_MEMORY  # noqa: E402
from grader.sandbox.files import Folder  # noqa: E402
from grader.sandbox.protocol import (  # noqa: E402
    NO_PLAYER,
    REPLY,
    REQUEST,
    Setup,
    receive_setup,
)

MAX_STRAYS = 1000
"""How often strays are looked for: one that forks faster than it is ended must not hang us."""

NO_WALLS = 71
"""The exit code of a player whose walls could not be put up."""


def serve(control: socket.socket, setup: Setup, imprint: Imprint) -> None:
    """Answer requests until the judge hangs up."""
    children: set[int] = set()
    branches = _Branches()
    if setup.folder:
        _show_folder(control, setup.folder)
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, REQUEST.size, 1)
        if len(data) < REQUEST.size:
            break
        verb, pid = REQUEST.unpack(data)
        if verb == b"S":
            answer = _start(control, descriptors[0], setup, imprint)
            children.add(answer)
            _tell(control, answer)
        elif verb == b"B":
            children -= branches.ended()
            children |= branches.start(control, descriptors[0], setup, imprint)
            control.sendall(REPLY.pack(0))
        else:
            answer = _end(pid, children) if pid in children else -1
            if setup.own_memory:
                _clear_shared_memory()
            control.sendall(REPLY.pack(answer))
        children -= {pid, NO_PLAYER}
    for child in children:
        _end(child, children)


def _show_folder(control: socket.socket, path: str) -> None:
    """Hand the judge what nobody outside of a sandbox could open by its name."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    socket.send_fds(control, [REPLY.pack(0)], [descriptor])
    os.close(descriptor)


class _Branches:
    """Forks of this process, each of which serves another judge."""

    def __init__(self) -> None:
        self._pids: set[int] = set()

    def start(
        self, control: socket.socket, descriptor: int, setup: Setup, imprint: Imprint
    ) -> set[int]:
        """Start one at the attached socket; return all of them."""
        zygote = os.getpid()
        try:
            pid = os.fork()
        except OSError:
            # Its judge finds nobody at the other end.
            pid = NO_PLAYER
        if pid == 0:
            control.close()
            try:
                walls.around_branch(setup, zygote)
                serve(socket.socket(fileno=descriptor), setup, imprint)
            finally:
                os._exit(0)
        os.close(descriptor)
        self._pids |= {pid} - {NO_PLAYER}
        return self._pids

    def ended(self) -> set[int]:
        """Reap and return those whose judge has hung up."""
        found = {pid for pid in self._pids if os.waitpid(pid, os.WNOHANG)[0]}
        self._pids -= found
        return found


def _start(
    control: socket.socket, descriptor: int, setup: Setup, imprint: Imprint
) -> int:
    zygote = os.getpid()
    try:
        pid = os.fork()
    except OSError:
        pid = NO_PLAYER
    if not setup.unbounded and pid != NO_PLAYER:
        _put_apart(pid)
    if pid == 0:
        control.close()
        _play(socket.socket(fileno=descriptor), setup, imprint, zygote)
    os.close(descriptor)
    return pid


def _play(sock: socket.socket, setup: Setup, imprint: Imprint, zygote: int) -> NoReturn:
    try:
        walls.around_one(setup, zygote)
    except BaseException:  # noqa: BLE001
        # Without its walls it must not run anything.
        os._exit(NO_WALLS)
    main.main(sock, imprint)


def _tell(control: socket.socket, pid: int) -> None:
    """Tell the judge about a player, with a descriptor of it where there are such."""
    try:
        descriptors = [os.pidfd_open(pid)]
    except (AttributeError, OSError):
        descriptors = []
    socket.send_fds(control, [REPLY.pack(pid)], descriptors)
    for each in descriptors:
        os.close(each)


def _put_apart(pid: int) -> None:
    """Give a player a process group, so that what it forks is ended with it."""
    # Both sides do it: neither knows which of them runs first.
    with suppress(OSError):
        os.setpgid(pid, 0)


def _end(pid: int, children: set[int]) -> int:
    """Kill and reap a player and all that it left; return its wait status."""
    with suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    with suppress(ChildProcessError):
        # Whoever is reaped hands its own children on, before it can be reaped.
        while True:
            os.waitpid(-pid, 0)
    _end_strays(children)
    return status


def _clear_shared_memory() -> None:
    """Leave the next submission nothing of this one's, and all of the room."""
    folder = Folder(os.open(SHARED_MEMORY, os.O_RDONLY | os.O_DIRECTORY))
    with suppress(OSError):
        folder.empty()
    folder.close()


def _end_strays(children: set[int]) -> None:
    """Kill and reap what left its group, where no wall stops that."""
    for _ in range(MAX_STRAYS):
        strays = _offspring() - children
        if not strays:
            return
        for pid in strays:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _offspring() -> set[int]:
    """Return the processes whose parent this is, where the system tells."""
    try:
        told = Path("/proc/thread-self/children").read_text(encoding="ascii")
    except OSError:
        return set()
    return {int(each) for each in told.split()}


def run() -> NoReturn:
    """Warm up and serve."""
    clock.install()
    dates.install()
    machine.install()
    loop.install()
    network.install()
    census.install()
    stage.install()
    guard.install()
    control = socket.socket(fileno=int(sys.argv[1]))
    setup = receive_setup(control)
    if setup.folder:
        disk.install()
    if setup.processes:
        outside.install()
    for name in setup.libraries:
        import_module(name)
    if not setup.unbounded:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    rehearse()
    imprint = Imprint()
    gc.collect()
    gc.freeze()
    try:
        walls.around_all(setup)
        serve(control, setup, imprint)
    finally:
        os._exit(0)


if __name__ == "__main__":
    run()
