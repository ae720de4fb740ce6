"""The judge's end of a sandbox: start it, get players from it, end it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grader import wire
from grader.sandbox.capabilities import MODULES, Library
from grader.sandbox.deadlines import (
    CPU_SECONDS,
    MAX_BYTES,
    WALL_SECONDS,
    Deadlines,
    OutOfTime,
    Watch,
    cpu_seconds,
)
from grader.sandbox.files import Folder
from grader.sandbox.levels import Walls, unwalled
from grader.sandbox.protocol import NO_PLAYER, REPLY, REQUEST, send_setup

__all__ = [
    "CPU_SECONDS",
    "WALL_SECONDS",
    "Deadlines",
    "OutOfTime",
    "Player",
    "PlayerDied",
    "Sandbox",
    "SandboxFault",
]


class PlayerDied(Exception):
    """The player is gone; `status` is its wait status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"player ended with wait status {status}")
        self.status = status


class SandboxFault(Exception):
    """The sandbox itself failed: our fault."""


class Player:
    """A connection to one player."""

    def __init__(self, sandbox: Sandbox, sock: socket.socket, ticket: int) -> None:
        self._sandbox = sandbox
        self._ticket = ticket
        self._pid: int | None = None
        self._status: int | None = None
        self._watch: Watch | None = None
        if not sandbox.unbounded:
            self._watch = Watch(sandbox.deadlines)
            sock.settimeout(sandbox.deadlines.tick)
        self._channel: wire.Channel[wire.FromPlayer] = wire.Channel(
            sock, wire.from_player, self._look
        )

    @property
    def pid(self) -> int:
        """The player's process id; waits until it has been forked."""
        if self._pid is None:
            self._pid = self._sandbox.answer(self._ticket)
        if self._pid == NO_PLAYER:
            raise SandboxFault("the sandbox could not start a player")
        return self._pid

    def known_pid(self, answers: dict[int, int]) -> int:
        """Return the process id if it is known, or among `answers`; else 0."""
        return self._pid or answers.get(self._ticket, 0)

    def send(self, message: wire.FromJudge) -> None:
        """Send a message; raise `PlayerDied` or `OutOfTime` when nobody takes it."""
        if isinstance(message, wire.Load | wire.Check | wire.Play):
            self._begin_order(message)
        try:
            self._channel.send(message)
        except wire.Disconnected:
            raise PlayerDied(self.close()) from None

    def _begin_order(self, order: wire.FromJudge) -> None:
        self._channel.received = 0
        if self._watch is not None:
            # A player is loaded while it is being forked: there is no pid to ask yet.
            new = isinstance(order, wire.Load)
            self._watch.new_order(0.0 if new else cpu_seconds(self.pid))

    def receive(self) -> wire.FromPlayer:
        """Return the next message; raise `PlayerDied` or `OutOfTime` if none comes."""
        if self._watch is not None:
            self._watch.new_turn()
        try:
            message = self._channel.receive()
        except wire.Disconnected:
            raise PlayerDied(self.close()) from None
        self._look()
        if self._channel.received > MAX_BYTES:
            raise wire.ProtocolViolation(f"more than {MAX_BYTES} bytes about one run")
        return message

    def _look(self) -> None:
        watch = self._watch
        if watch is not None and watch.is_due():
            watch.look(cpu_seconds(self.pid), self._sandbox.allowance)

    def hang_up(self) -> None:
        """Close the connection; an honest player leaves of itself."""
        self._channel.socket.close()

    def close(self) -> int:
        """End the player; return its wait status."""
        if self._status is None:
            self.hang_up()
            self._status = self._sandbox.end(self)
        return self._status


class Sandbox:
    """One zygote process and the players it forks.

    `fault` says what became of it once it is of no more use.
    """

    allowance = 0.0

    def __init__(
        self,
        walls: Walls | None = None,
        deadlines: Deadlines | None = None,
        libraries: Collection[Library] = (),
    ) -> None:
        walls = walls or unwalled("process")
        self._made = _make_folder(walls)
        ours, theirs = socket.socketpair()
        self._serve_at(ours, walls, deadlines or Deadlines())
        try:
            self._process: subprocess.Popen[bytes] | None = _exec_zygote(theirs, walls)
            _be_the_first_to_go(self._process.pid)
        except BaseException:
            ours.close()
            self._remove_folder()
            raise
        finally:
            theirs.close()
        setup = msgspec.structs.replace(
            walls.setup,
            folder=self._made or walls.setup.folder,
            libraries=tuple(name for each in libraries for name in MODULES[each]),
        )
        with suppress(OSError):
            # One that is gone is told of by the first answer that is missing.
            send_setup(ours, setup)

    def _serve_at(
        self, control: socket.socket, walls: Walls, deadlines: Deadlines
    ) -> None:
        self.walls = walls
        self.fault = ""
        self.unbounded = walls.setup.unbounded
        self.deadlines = deadlines
        self._players: set[Player] = set()
        self._answers: dict[int, int] = {}
        self._numbers: dict[int, int] = {}
        self._asked = 0
        self._read = 0
        self._folder: Folder | None = None
        self._control = control
        if not self.unbounded:
            control.settimeout(deadlines.silence)

    def branch(self) -> Sandbox:
        """Return a sandbox for another judge: a fork of the zygote, as warm and walled.

        It ends with this one. Submissions that may write files or start processes must
        not share a sandbox: they would find each other there.
        """
        if self.walls.allow:
            raise ValueError(
                "a sandbox whose submissions are allowed more has no branch"
            )
        ours, theirs = socket.socketpair()
        try:
            self.answer(self._ask(b"B", 0, [theirs.fileno()]))
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return _Branch(self, ours)

    @property
    def folder(self) -> Folder:
        """The folder that its submissions may write to, if their kata is allowed one."""
        if self._folder is None:
            data, descriptors = self._receive()
            if data != REPLY.pack(0) or not descriptors:
                raise self._fault("the sandbox has no folder")
            self._folder = Folder(descriptors[0], self.walls.setup.uid)
        return self._folder

    def player(self) -> Player:
        """Return a new player. It is forked while the caller goes on."""
        ours, theirs = socket.socketpair()
        try:
            player = Player(self, ours, self._ask(b"S", 0, [theirs.fileno()]))
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._players.add(player)
        return player

    def end(self, player: Player) -> int:
        """Kill and reap a player; return its wait status."""
        if player not in self._players:
            return signal.SIGKILL
        number = self._numbers.pop(player.pid, player.pid)
        status = self.answer(self._ask(b"K", number, []))
        self._players.discard(player)
        return status

    def _ask(self, verb: bytes, pid: int, descriptors: list[int]) -> int:
        try:
            socket.send_fds(self._control, [REQUEST.pack(verb, pid)], descriptors)
        except OSError as error:
            raise self._fault(f"the sandbox is gone: {error}") from None
        self._asked += 1
        return self._asked

    def answer(self, ticket: int) -> int:
        """Return the zygote's answer to an earlier request, once."""
        if "files" in self.walls.allow:
            # It is what comes first, whether or not anybody has asked for it.
            _ = self.folder
        while self._read < ticket:
            self._take_answer(*self._receive())
        return self._answers.pop(ticket)

    def _receive(self) -> tuple[bytes, list[int]]:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, REPLY.size, 1)
        except OSError as error:
            raise self._fault(f"the sandbox does not answer: {error}") from None
        if len(data) < REPLY.size:
            raise self._fault("the sandbox ended unexpectedly")
        return data, descriptors

    def _take_answer(self, data: bytes, descriptors: list[int]) -> None:
        self._read += 1
        (answer,) = REPLY.unpack(data)
        for descriptor in descriptors:
            number, answer = answer, _pid_of(descriptor)
            self._numbers[answer] = number
            os.close(descriptor)
        self._answers[self._read] = answer

    # --- the end --------------------------------------------------------------

    def close(self) -> None:
        """End the zygote and every player it still has."""
        self._read_the_rest()
        for player in self._players:
            player.hang_up()
        self._control.close()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self.deadlines.farewell)
        self._end_by_force()
        self._remove_folder()

    def abandon(self) -> None:
        """Leave it to the process that this one was forked from: it sees when that ends."""
        for player in self._players:
            player.hang_up()
        self._control.close()
        if self._folder is not None:
            self._folder.close()
        if self._process is not None:
            # It is no child of this process, which is not to wonder how it ended.
            self._process.returncode = 0

    def _remove_folder(self) -> None:
        if self._folder is not None:
            if self._made:
                with suppress(OSError):
                    self._folder.empty()
            self._folder.close()
            self._folder = None
        if self._made:
            with suppress(OSError):
                Path(self._made).rmdir()

    def _fault(self, what: str) -> SandboxFault:
        """Return the fault of a zygote that is of no more use, after ending it."""
        self.fault = what
        self._read_the_rest()
        self._end_by_force()
        return SandboxFault(what)

    def _read_the_rest(self) -> None:
        with suppress(OSError):
            self._control.settimeout(0)
            while True:
                data, descriptors, _, _ = socket.recv_fds(self._control, REPLY.size, 1)
                if len(data) < REPLY.size:
                    return
                self._take_answer(data, descriptors)

    def _end_by_force(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        for player in self._players:
            player.hang_up()
            if self._process is not None:
                _end_orphan(player.known_pid(self._answers), self._process.pid)
        self._players.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Branch(Sandbox):
    """A sandbox whose zygote is a fork of another one's, which ends it."""

    def __init__(self, trunk: Sandbox, control: socket.socket) -> None:
        self._made = ""
        self._process = None
        self._serve_at(control, trunk.walls, trunk.deadlines)


def _end_orphan(pid: int, session: int) -> None:
    """Kill a player whose zygote is gone, if it is still the process we know."""
    with suppress(OSError):
        if pid > 0 and os.getsid(pid) == session:
            os.killpg(pid, signal.SIGKILL)


def _make_folder(walls: Walls) -> str:
    """Make the folder that submissions may write to, where the sandbox has none."""
    if "files" not in walls.allow or walls.has_own_files:
        return ""
    made = tempfile.mkdtemp(prefix="kata-")
    if walls.setup.uid:
        os.chown(made, walls.setup.uid, walls.setup.uid)
    return made


def _exec_zygote(control: socket.socket, walls: Walls) -> subprocess.Popen[bytes]:
    descriptor = control.fileno()
    unbounded = walls.setup.unbounded
    command = [
        *walls.prefix,
        sys.executable,
        "-s",
        "-P",
        "-m",
        "grader.sandbox.zygote",
        str(descriptor),
    ]
    nowhere = None if unbounded else subprocess.DEVNULL
    return subprocess.Popen(
        command,
        stdin=nowhere,
        stdout=nowhere,
        stderr=nowhere,
        env=_environment(unbounded=unbounded),
        pass_fds=[descriptor],
        start_new_session=not unbounded,
    )


def _be_the_first_to_go(pid: int) -> None:
    """Where memory runs out, let it be a sandbox that is ended, and not its judge."""
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text("1000", encoding="ascii")


def _pid_of(descriptor: int) -> int:
    """Return the number that a process of another namespace has in ours."""
    facts = Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="ascii")
    (line,) = [each for each in facts.splitlines() if each.startswith("Pid:")]
    return int(line.partition(":")[2])


def _environment(*, unbounded: bool) -> dict[str, str]:
    environment = {
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_CTYPE": "C.UTF-8",
        "TZ": "UTC",
        # glibc sets 64 MiB of addresses aside for each thread: 16 of them are the limit.
        "MALLOC_ARENA_MAX": "1",
    }
    if unbounded and "TERM" in os.environ:
        environment["TERM"] = os.environ["TERM"]
    return environment
