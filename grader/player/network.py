"""Simulated TCP: sockets whose other end is the world.

Only the sockets are simulated. Streams, transports, servers and everything above them are
the real ones, so that each Python behaves here as it does anywhere.
"""

from __future__ import annotations

import errno
import os
import socket as real
import warnings
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from selectors import SelectorKey
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakValueDictionary

from grader import wire

if TYPE_CHECKING:
    from grader.player.kernel import Kernel

FIRST_DESCRIPTOR = 1 << 20
"""Simulated descriptors begin far beyond what any real one can be."""

FIRST_PORT = 49_152
"""The first port of those that are handed out where 0 is asked for."""

WINDOW = 1 << 16
BACKLOG = 1 << 12
LOCAL = "127.0.0.1"
_FAMILIES = {int(real.AF_INET), int(real.AF_INET6)}
_READ, _WRITE = 1, 2

_network: Network | None = None
_RealSocket = real.socket
_real_getaddrinfo = real.getaddrinfo


def use_network(network: Network | None) -> None:
    """Let sockets that are made from now on belong to this network; None is the real one."""
    global _network  # noqa: PLW0603
    _network = network


def in_use() -> Network | None:
    """Return the network that sockets belong to now, or None."""
    return _network


class _AnySocket(type(_RealSocket)):  # type: ignore[misc]
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _RealSocket | Socket)


class _SocketMaker(_RealSocket, metaclass=_AnySocket):
    """Stands for `socket.socket`: makes simulated sockets where there is a network."""

    def __new__(
        cls,
        family: int = -1,
        type: int = -1,  # noqa: A002
        proto: int = -1,
        fileno: Any = None,
    ) -> Any:
        simulated = family == -1 or family in _FAMILIES
        if _network is not None and fileno is None and simulated:
            return Socket(family, type, proto)
        return _RealSocket(family, type, proto, fileno)


def _getaddrinfo(
    host: Any,
    port: Any,
    family: int = 0,
    type: int = 0,  # noqa: A002
    proto: int = 0,
    flags: int = 0,
) -> Any:
    if _network is None:
        return _real_getaddrinfo(host, port, family, type, proto, flags)
    return look_up(_network, host, port, family)


def look_up(network: Network, host: Any, port: Any, family: int = 0) -> Any:
    """Return what `getaddrinfo` returns: one address, of TCP, in version 4."""
    if family == real.AF_INET6:
        raise real.gaierror(real.EAI_ADDRFAMILY, "Address family not supported")
    name = host.decode("idna") if isinstance(host, bytes) else host or ""
    address = "0.0.0.0" if host is None else network.address_of(name)
    number = int(port or 0)
    found = (real.AF_INET, real.SOCK_STREAM, real.IPPROTO_TCP, "", (address, number))
    return [found]


def look(keys: Iterable[SelectorKey]) -> list[tuple[SelectorKey, int]]:
    """Return with which sockets what can be done without waiting, as selectors do."""
    if _network is None:
        return []
    socket_of = _network.socket_of
    return [
        (key, ready)
        for key in keys
        if (socket := socket_of(key.fd)) is not None
        and (ready := socket.readiness() & key.events)
    ]


def install() -> None:
    """Make every way of making a socket look for a simulated network first."""
    module: Any = real
    module.socket = _SocketMaker
    module.SocketType = _SocketMaker
    module.getaddrinfo = _getaddrinfo


class Network:
    """All simulated sockets of one run."""

    def __init__(self, kernel: Kernel, hosts: list[str]) -> None:
        self.kernel = kernel
        self._addresses = {
            host: f"10.0.{number // 250}.{number % 250 + 1}"
            for number, host in enumerate(hosts)
        }
        self._hosts = {address: host for host, address in self._addresses.items()}
        # A socket that nobody holds is closed, here as elsewhere.
        self._sockets: WeakValueDictionary[int, Socket] = WeakValueDictionary()
        self._listening: WeakValueDictionary[int, Socket] = WeakValueDictionary()
        self._lines: WeakValueDictionary[int, Socket] = WeakValueDictionary()
        self._made = 0
        self._descriptors = FIRST_DESCRIPTOR
        self._ports = FIRST_PORT
        self.threads_waiting = 0

    def adopt(self, socket: Socket) -> int:
        """Return the descriptor of a new socket."""
        self._descriptors += 1
        self._sockets[self._descriptors] = socket
        return self._descriptors

    def forget(self, descriptor: int) -> None:
        """Let a descriptor be no socket's any more."""
        self._sockets.pop(descriptor, None)

    def socket_of(self, descriptor: int) -> Socket | None:
        """Return the simulated socket of a descriptor, or None."""
        return self._sockets.get(descriptor)

    # --- names ----------------------------------------------------------------

    def address_of(self, host: str) -> str:
        """Return the address of a computer; raise `socket.gaierror` if there is none."""
        if host in {"", "localhost", LOCAL, "0.0.0.0", "::1", "::"}:
            return LOCAL
        if host in self._addresses:
            return self._addresses[host]
        if _is_address(host):
            return host
        raise real.gaierror(real.EAI_NONAME, "Name or service not known")

    def host_of(self, address: str) -> str:
        """Return the name of the computer at an address."""
        return self._hosts.get(address, address)

    # --- ports ----------------------------------------------------------------

    def free_port(self, wanted: int) -> int:
        """Return a port to bind to; raise `OSError` where it is taken."""
        if wanted in self._listening:
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        if wanted:
            return wanted
        self._ports += 1
        return self._ports

    def listen(self, port: int, socket: Socket) -> None:
        """Take connections at a port."""
        if port in self._listening:
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        self._listening[port] = socket
        self.kernel.report(wire.Listens(port))

    def go_deaf(self, port: int) -> None:
        """Take no more connections at a port."""
        self._listening.pop(port, None)
        self.kernel.report(wire.Deaf(port))

    # --- connections ----------------------------------------------------------

    def dial(self, socket: Socket, host: str, port: int) -> int:
        """Ask for a connection; return its number."""
        self._made += 1
        self._lines[self._made] = socket
        self.kernel.report(wire.Dialled(self._made, self.host_of(host), port))
        return self._made

    def report(self, event: wire.Event) -> None:
        """Tell the world."""
        self.kernel.report(event)

    def take(self, arrival: wire.Arrival) -> None:
        """Take what the world has to say of a connection."""
        if isinstance(arrival, wire.Incoming):
            self._incoming(arrival)
        else:
            socket = self._lines.get(arrival.connection)
            if socket is not None:
                socket.take(arrival)
        self._wake_up()

    def _incoming(self, arrival: wire.Incoming) -> None:
        self._made = arrival.connection
        listening = self._listening.get(arrival.port)
        if listening is None:
            # It went deaf in the very instant: who called is told as by a crash.
            self.report(wire.HungUp(arrival.connection, reset=True))
            return
        socket = Socket(listening.family, real.SOCK_STREAM)
        socket.become(
            arrival.connection,
            (LOCAL, arrival.port),
            (arrival.host, arrival.from_port),
        )
        self._lines[arrival.connection] = socket
        listening.queue(socket)

    def _wake_up(self) -> None:
        """Let whoever waits for a socket look at it again."""
        for loop in self.kernel.loops:
            if not loop.is_closed() and loop.has_events():
                self.kernel.wake_loop(loop)
        if self.threads_waiting:
            for socket in list(self._sockets.values()):
                socket.wake_waiter()


def _is_address(host: str) -> bool:
    for family in _FAMILIES:
        with suppress(OSError):
            real.inet_pton(family, host)
            return True
    return False


class Socket:
    """A TCP socket of a simulated network; what it cannot do raises `OSError`."""

    def __init__(
        self,
        family: int = -1,
        type: int = -1,  # noqa: A002
        proto: int = -1,
        fileno: int | None = None,  # noqa: ARG002
    ) -> None:
        if _network is None:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        self._network = _network
        self.family = real.AddressFamily(real.AF_INET if family == -1 else family)
        self.type = real.SocketKind(real.SOCK_STREAM)
        self.proto = max(proto, 0)
        self._timeout: float | None = real.getdefaulttimeout()
        self._options: dict[tuple[int, int], Any] = {}
        self._own: tuple[str, int] = (_any_address(self.family), 0)
        self._other: tuple[str, int] | None = None
        self._line = 0
        self._state = "new"
        self._error = 0
        self._inbox = bytearray()
        self._ended = False
        self._reset = False
        self._finished = False
        self._room = WINDOW
        self._owed = 0
        self._accepted: deque[Socket] = deque()
        self._waiters: list[Any] = []
        self._descriptor = self._network.adopt(self)
        _ = type

    # --- what it is -----------------------------------------------------------

    def fileno(self) -> int:
        """Return the descriptor; -1 once it is closed."""
        return self._descriptor

    def getsockname(self) -> Any:
        """Return its own address."""
        self._check_open()
        return self._shown(self._own)

    def getpeername(self) -> Any:
        """Return the address of the other side."""
        self._check_open()
        if self._other is None or self._state != "open":
            raise _error(errno.ENOTCONN)
        return self._shown(self._other)

    def _shown(self, address: tuple[str, int]) -> Any:
        return address if self.family == real.AF_INET else (*address, 0, 0)

    def getblocking(self) -> bool:
        """Say whether calls wait."""
        return self._timeout != 0.0

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001
        """Let calls wait, or not."""
        self.settimeout(None if flag else 0.0)

    def gettimeout(self) -> float | None:
        """Return how long calls wait, in seconds."""
        return self._timeout

    timeout = property(gettimeout)

    def settimeout(self, value: float | None) -> None:
        """Let calls wait so long."""
        if value is not None and value < 0:
            raise ValueError("Timeout value out of range")
        self._timeout = None if value is None else float(value)

    def setsockopt(self, level: int, option: int, *value: Any) -> None:
        """Keep an option; none changes anything here."""
        self._check_open()
        self._options[level, option] = value[0] if value else 0

    def getsockopt(self, level: int, option: int, *_: Any) -> Any:
        """Return an option; an error of connecting is told once."""
        self._check_open()
        if (level, option) == (real.SOL_SOCKET, real.SO_ERROR):
            error, self._error = self._error, 0
            return error
        if (level, option) == (real.SOL_SOCKET, real.SO_TYPE):
            return int(self.type)
        return self._options.get((level, option), 0)

    def get_inheritable(self) -> bool:
        """Say that no program inherits it."""
        return False

    def set_inheritable(self, inheritable: bool) -> None:  # noqa: FBT001
        """Take note of nothing: no program inherits it."""

    def readiness(self) -> int:
        """Return what can be done without waiting: 1 reading, 2 writing, 3 both."""
        # Every turn of a loop asks every socket that it watches: no call from here.
        state = self._state
        if state == "listening":
            return _READ if self._accepted else 0
        if state == "connecting":
            return 0
        if self._reset or self._error:
            return _READ | _WRITE
        readable = _READ if self._inbox or self._ended else 0
        return readable | _WRITE if self._room > 0 else readable

    def _is_readable(self) -> bool:
        return bool(self.readiness() & _READ)

    def _is_writable(self) -> bool:
        return bool(self.readiness() & _WRITE)

    # --- serving --------------------------------------------------------------

    def bind(self, address: Any) -> None:
        """Take an address of its own."""
        self._check_open()
        host, port = address[0], address[1]
        if self._network.address_of(host) != LOCAL:
            raise _error(errno.EADDRNOTAVAIL)
        self._own = (
            _any_address(self.family) if host == "" else host,
            self._network.free_port(port),
        )

    def listen(self, backlog: int = BACKLOG) -> None:  # noqa: ARG002
        """Take connections from now on."""
        self._check_open()
        if self._state == "listening":
            return
        if not self._own[1]:
            self._own = self._own[0], self._network.free_port(0)
        self._network.listen(self._own[1], self)
        self._state = "listening"

    def queue(self, socket: Socket) -> None:
        """Take a connection, to be accepted."""
        self._accepted.append(socket)

    def become(self, line: int, own: tuple[str, int], other: tuple[str, int]) -> None:
        """Be the end of a connection that is open."""
        self._line, self._own, self._other = line, own, other
        self._state = "open"

    def accept(self) -> tuple[Socket, Any]:
        """Return a connection and who it is from."""
        self._check_open()
        if self._state != "listening":
            raise _error(errno.EINVAL)
        self._wait_until(lambda: bool(self._accepted), "a connection")
        socket = self._accepted.popleft()
        socket.settimeout(real.getdefaulttimeout())
        return socket, socket.getpeername()

    # --- connecting -----------------------------------------------------------

    def connect(self, address: Any) -> None:
        """Connect to a computer."""
        error = self._connect(address)
        if error:
            raise _error(error)

    def connect_ex(self, address: Any) -> int:
        """Connect to a computer; return an error's number, or 0."""
        return self._connect(address)

    def _connect(self, address: Any) -> int:
        self._check_open()
        if self._state == "open":
            return errno.EISCONN
        if self._state == "new":
            host, port = self._network.address_of(address[0]), address[1]
            self._other = host, port
            self._own = LOCAL, self._own[1] or self._network.free_port(0)
            self._line = self._network.dial(self, host, port)
            self._state = "connecting"
        elif self._timeout == 0.0:
            return errno.EALREADY
        if self._timeout == 0.0:
            return errno.EINPROGRESS
        self._wait_until(lambda: self._state != "connecting", "a connection")
        error, self._error = self._error, 0
        return error

    # --- what the world says --------------------------------------------------

    def take(self, arrival: wire.Arrival) -> None:
        """Take what the world has to say of this connection."""
        if isinstance(arrival, wire.Answered):
            self._error = arrival.error
            self._state = "refused" if arrival.error else "open"
        elif isinstance(arrival, wire.Sent):
            self._inbox += arrival.data
        elif isinstance(arrival, wire.Room):
            self._room += arrival.count
        elif isinstance(arrival, wire.Finished):
            self._ended = True
        elif isinstance(arrival, wire.HungUp):
            self._ended = True
            self._reset = arrival.reset
            if arrival.reset:
                self._inbox.clear()
            self._gone = True

    _gone = False

    # --- reading --------------------------------------------------------------

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Return what has come, at most so many bytes; b"" at the end."""
        self._readable_now()
        data = bytes(self._inbox[:size])
        if not flags & real.MSG_PEEK:
            self._took(len(data))
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Fill a buffer with what has come; return how many bytes that are."""
        view = memoryview(buffer).cast("B")
        data = self.recv(nbytes or len(view), flags)
        view[: len(data)] = data
        return len(data)

    def _readable_now(self) -> None:
        self._check_connected()
        self._wait_until(self._is_readable, "bytes")
        if self._reset:
            raise _error(errno.ECONNRESET)

    def _took(self, count: int) -> None:
        del self._inbox[:count]
        self._owed += count
        if self._owed > WINDOW // 2 and not self._gone:
            self._network.report(wire.Room(self._line, self._owed))
            self._owed = 0

    # --- writing --------------------------------------------------------------

    def send(self, data: Any, flags: int = 0) -> int:  # noqa: ARG002
        """Send what there is room for; return how many bytes that are."""
        self._check_connected()
        if self._finished or self._gone:
            raise _error(errno.ECONNRESET if self._reset else errno.EPIPE)
        view = memoryview(data).cast("B")
        if not len(view):
            return 0
        self._wait_until(self._is_writable, "room to write")
        if self._reset:
            raise _error(errno.ECONNRESET)
        piece = bytes(view[: self._room])
        self._room -= len(piece)
        self._network.report(wire.Sent(self._line, piece))
        return len(piece)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send all of it."""
        view = memoryview(data).cast("B")
        while len(view):
            view = view[self.send(view, flags) :]

    def sendmsg(self, buffers: Any, *_: Any) -> int:
        """Send what there is room for of several buffers."""
        return self.send(b"".join(bytes(each) for each in buffers))

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Send a file."""
        file.seek(offset)
        data = file.read() if count is None else file.read(count)
        self.sendall(data)
        return len(data)

    # --- the end --------------------------------------------------------------

    def shutdown(self, how: int) -> None:
        """Send no more, take no more, or both."""
        self._check_open()
        if self._state != "open" or self._gone:
            raise _error(errno.ENOTCONN)
        if how in {real.SHUT_WR, real.SHUT_RDWR} and not self._finished:
            self._finished = True
            self._network.report(wire.Finished(self._line))
        if how in {real.SHUT_RD, real.SHUT_RDWR}:
            self._ended = True

    def close(self) -> None:
        """Be of no more use; what has come and was not read makes the peer lose the line."""
        if self._descriptor == -1:
            return
        self._network.forget(self._descriptor)
        self._descriptor = -1
        if self._state == "listening":
            self._network.go_deaf(self._own[1])
            for socket in self._accepted:
                socket.close()
        elif self._line and self._state in {"open", "connecting"}:
            self._network.report(wire.HungUp(self._line, bool(self._inbox)))
        self._state = "closed"

    def detach(self) -> int:
        """Give the descriptor away: here it is of use to nobody."""
        raise _error(errno.EOPNOTSUPP)

    def makefile(self, *_: Any, **__: Any) -> Any:
        """Give a file: not here."""
        raise _error(errno.EOPNOTSUPP)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._descriptor == -1:
            return f"<socket.socket [closed] family={self.family!s} type={self.type!s}>"
        return (
            f"<socket.socket fd={self._descriptor}, family={self.family!s}, "
            f"type={self.type!s}, laddr={self._own}>"
        )

    def __del__(self) -> None:
        if self._descriptor != -1:
            with suppress(Exception):
                warnings.warn(f"unclosed {self!r}", ResourceWarning, 2, source=self)
            with suppress(BaseException):
                self.close()

    # --- waiting --------------------------------------------------------------

    def _wait_until(self, ready: Any, what: str) -> None:
        kernel = self._network.kernel
        if ready():
            return
        if self._timeout == 0.0:
            raise _error(errno.EAGAIN)
        deadline = (
            None if self._timeout is None else kernel.instant_after(self._timeout)
        )
        while not ready():
            self._waiters.append(kernel.running)
            self._network.threads_waiting += 1
            try:
                woken = kernel.wait(f"{what} from the network", deadline)
            finally:
                self._network.threads_waiting -= 1
            self._waiters = [each for each in self._waiters if each.parked]
            if not woken and not ready():
                raise TimeoutError("timed out")

    def wake_waiter(self) -> None:
        """Let threads look again that wait for it."""
        for actor in self._waiters:
            self._network.kernel.wake(actor)

    def _check_open(self) -> None:
        if self._descriptor == -1:
            raise _error(errno.EBADF)

    def _check_connected(self) -> None:
        self._check_open()
        if self._state != "open":
            raise _error(self._error or errno.ENOTCONN)


def _any_address(family: int) -> str:
    return "0.0.0.0" if family == real.AF_INET else "::"


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))
