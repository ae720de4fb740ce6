"""The judge's end of a sandbox: start it, get players from it, end it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from grader import wire
from grader.sandbox.protocol import REPLY, REQUEST

WALL_SECONDS = 30.0
"""How long a player may stay silent, whatever it does; far beyond any real run."""

CPU_SECONDS = 4.0
"""Processor time after which the judge ends a player that did not end itself."""

_TICK = 0.5


class PlayerDied(Exception):
    """The player is gone; `status` is its wait status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"player ended with wait status {status}")
        self.status = status


class OutOfTime(Exception):
    """The player used up its time without a word."""

    def __init__(self, what: Literal["wall time", "processor time"]) -> None:
        super().__init__(f"ran out of {what}")
        self.what: Literal["wall time", "processor time"] = what


class Player:
    """A connection to one player."""

    def __init__(self, sandbox: Sandbox, sock: socket.socket, ticket: int) -> None:
        self._sandbox = sandbox
        self._ticket = ticket
        self._channel: wire.Channel[wire.FromPlayer] = wire.Channel(
            sock, wire.from_player
        )
        if not sandbox.unbounded:
            sock.settimeout(_TICK)
        self._open = True

    @property
    def pid(self) -> int:
        """The player's process id."""
        return self._sandbox.answer(self._ticket)

    def send(self, message: wire.FromJudge) -> None:
        """Send a message; raise `PlayerDied` when nobody is there."""
        try:
            self._channel.send(message)
        except TimeoutError:
            raise OutOfTime("wall time") from None
        except wire.Disconnected:
            raise PlayerDied(self.close()) from None

    def receive(self) -> wire.FromPlayer:
        """Return the next message; raise `PlayerDied` or `OutOfTime` if none comes."""
        silent_since = time.monotonic()
        while True:
            try:
                return self._channel.receive()
            except TimeoutError:
                self._check_deadlines(time.monotonic() - silent_since)
            except wire.Disconnected:
                raise PlayerDied(self.close()) from None

    def _check_deadlines(self, silent: float) -> None:
        if silent > WALL_SECONDS:
            raise OutOfTime("wall time")
        if _cpu_seconds(self.pid) > CPU_SECONDS + self._sandbox.allowance:
            raise OutOfTime("processor time")

    def close(self) -> int:
        """End the player; return its wait status."""
        if not self._open:
            return 0
        self._open = False
        self._channel.socket.close()
        return self._sandbox.end(self.pid)


def _cpu_seconds(pid: int) -> float:
    """Return the processor time of another process (Linux; elsewhere 0)."""
    if sys.platform != "linux":
        return 0.0
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


class Sandbox:
    """One zygote process and the players it forks."""

    allowance = 0.0

    def __init__(self, *, unbounded: bool = False) -> None:
        self.unbounded = unbounded
        ours, theirs = socket.socketpair()
        self._control = ours
        self._answers: dict[int, int] = {}
        self._asked = 0
        self._read = 0
        try:
            self._process = _exec_zygote(theirs, unbounded=unbounded)
        finally:
            theirs.close()

    def player(self) -> Player:
        """Return a new player. It is forked while the caller goes on."""
        ours, theirs = socket.socketpair()
        try:
            ticket = self._ask(b"S", 0, [theirs.fileno()])
        finally:
            theirs.close()
        return Player(self, ours, ticket)

    def end(self, pid: int) -> int:
        """Kill and reap a player; return its wait status."""
        return self.answer(self._ask(b"K", pid, []))

    def _ask(self, verb: bytes, pid: int, descriptors: list[int]) -> int:
        try:
            socket.send_fds(self._control, [REQUEST.pack(verb, pid)], descriptors)
        except OSError as error:
            raise SandboxFault(f"the sandbox is gone: {error}") from None
        self._asked += 1
        return self._asked

    def answer(self, ticket: int) -> int:
        """Return the zygote's answer to an earlier request."""
        while self._read < ticket:
            data = self._control.recv(REPLY.size, socket.MSG_WAITALL)
            if len(data) < REPLY.size:
                raise SandboxFault("the sandbox ended unexpectedly")
            self._read += 1
            (self._answers[self._read],) = REPLY.unpack(data)
        return self._answers[ticket]

    def close(self) -> None:
        """End the zygote and every player it still has."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class SandboxFault(Exception):
    """The sandbox itself failed: our fault."""


def _exec_zygote(control: socket.socket, *, unbounded: bool) -> subprocess.Popen[bytes]:
    descriptor = control.fileno()
    command = [
        sys.executable,
        "-s",
        "-P",
        "-m",
        "grader.sandbox.zygote",
        str(descriptor),
    ]
    nowhere = None if unbounded else subprocess.DEVNULL
    return subprocess.Popen(
        command + (["--unbounded"] if unbounded else []),
        stdin=nowhere,
        stdout=nowhere,
        stderr=nowhere,
        env=_environment(unbounded=unbounded),
        pass_fds=[descriptor],
        start_new_session=not unbounded,
    )


def _environment(*, unbounded: bool) -> dict[str, str]:
    environment = {
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_CTYPE": "C.UTF-8",
    }
    if unbounded and "TERM" in os.environ:
        environment["TERM"] = os.environ["TERM"]
    return environment
