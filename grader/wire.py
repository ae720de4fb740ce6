"""What the judge and the player say to each other, and in what bytes.

The judge speaks first and holds the clock. A run is one `Play`, then turns: whenever
nothing inside the player is ready, the player sends one `Turn` with everything that
happened since the last one, in order, and waits for a `Reply` (or for `Over`).

The judge decodes with `from_player`: strict types, bounded frames. Nothing a player
sends can become anything but these structs.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import Annotated, Generic, Literal, TypeVar

import msgspec

from grader.sandbox.capabilities import Capability

NANOSECONDS = 1_000_000_000
NEVER = 2**62
"""A timer at or beyond this instant is no timer."""

MAX_FRAME = 1 << 20
"""Bytes in one message of a player; a longer one is a protocol violation."""

MAX_ORDER = 4 << 20
"""The same of the judge's, which holds a submission of up to 1 MiB, and its code."""

HEADER = struct.Struct(">I")

Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
"""A line of a file, or a number that one side gave to something."""


class Part(msgspec.Struct, array_like=True, frozen=True, tag_field="tag"):
    """A message or a piece of one; on the wire an array, its tag or its name first."""


# --- values -------------------------------------------------------------------


class Packed(Part, frozen=True):
    """A value for which msgpack has no type of its own."""


class List(Packed, frozen=True, tag="list"):
    """An exact `list`."""

    items: list[Value]


class Tuple(Packed, frozen=True, tag="tuple"):
    """An exact `tuple`."""

    items: list[Value]


class Set(Packed, frozen=True, tag="set"):
    """An exact `set` or `frozenset`."""

    items: list[Value]
    frozen: bool


class Dict(Packed, frozen=True, tag="dict"):
    """An exact `dict`, its pairs in order."""

    pairs: list[tuple[Value, Value]]


class Bytes(Packed, frozen=True, tag="bytes"):
    """Exact `bytes`."""

    data: bytes


class BigInt(Packed, frozen=True, tag="int"):
    """An integer that does not fit 64 bits, in hexadecimal."""

    digits: str


class Surrogates(Packed, frozen=True, tag="surrogates"):
    """A string that is not valid Unicode, as UTF-8 with lone surrogates let through."""

    data: bytes


class Handle(Packed, frozen=True, tag="handle"):
    """An object both sides know by name: the very object, not an equal one."""

    name: str


class Record(Packed, frozen=True, tag="record"):
    """An instance of a dataclass that the kata declares, field by field."""

    name: str
    fields: list[tuple[str, Value]]


class Opaque(Packed, frozen=True, tag="opaque"):
    """Anything else: only its type's name travels, and why it is not a plain value."""

    type: str
    why: str = ""


Value = (
    None
    | bool
    | int
    | float
    | str
    | Bytes
    | List
    | Tuple
    | Set
    | Dict
    | BigInt
    | Surrogates
    | Handle
    | Record
    | Opaque
)


class Frame(Part, frozen=True):
    """One of the learner's own lines in a traceback.

    `raised` says that a `raise` with an error to raise stands there.
    """

    line: Count
    function: str
    raised: bool = False


class Failure(Part, frozen=True, tag="failure"):
    """An exception: what it is, what it says and where in the learner's file it was.

    `handle` names the very exception object when the world made it. `group` holds the
    members of an exception group and is None for a bare exception.
    """

    type: str
    message: str
    handle: str | None = None
    notes: list[str] = []
    group: list[Failure] | None = None
    frames: list[Frame] = []
    bases: list[str] = []


# --- what the player reports --------------------------------------------------


class Started(Part, frozen=True, tag="started"):
    """The submission has been executed, and the scenario begins: time counts from now."""


class Began(Part, frozen=True, tag="began"):
    """The submission entered an operation."""

    op: Count
    name: str
    args: list[Value]
    keywords: dict[str, Value]
    line: Count
    task: str
    thread: Count


class CancelSeen(Part, frozen=True, tag="cancel-seen"):
    """A cancellation reached an operation that had not ended."""

    op: Count


class Closed(Part, frozen=True, tag="closed"):
    """An operation's frame was left."""

    op: Count
    how: Literal["value", "error", "cancelled", "dropped"]


class Noted(Part, frozen=True, tag="noted"):
    """The scenario wrote something down."""

    name: str
    values: list[Value]


class Stepped(Part, frozen=True, tag="stepped"):
    """One step of a script ended."""

    step: Count
    outcome: Value | Failure


class Yielded(Part, frozen=True, tag="yielded"):
    """The submission handed an item to whoever iterates over it."""

    name: str
    value: Value


class Returned(Part, frozen=True, tag="returned"):
    """The scenario returned."""

    value: Value


class Raised(Part, frozen=True, tag="raised"):
    """The scenario raised."""

    error: Failure


class Blocked(Part, frozen=True, tag="blocked"):
    """A loop's own thread entered a wait (observed)."""

    what: str
    line: Count
    task: str


class Stuck(Part, frozen=True):
    """A task or thread that has not ended, where it stands and what it waits for."""

    kind: Literal["task", "thread", "generator"]
    name: str
    line: Count
    function: str
    waits_for: str
    waits_on: str = ""


NEXT_TURN = "its next turn"
"""What a task waits for that has nothing to wait for."""


class Left(Part, frozen=True, tag="left"):
    """Something the submission started was still there when the scenario ended."""

    what: Stuck


class Spun(Part, frozen=True, tag="spun"):
    """The loop went round and round while nothing moved."""

    turns: Count
    stuck: list[Stuck]


# --- the network, as both sides tell of it ------------------------------------

Port = Annotated[int, msgspec.Meta(ge=0, lt=2**16)]


class Listens(Part, frozen=True, tag="listens"):
    """The submission takes connections at a port."""

    port: Port


class Deaf(Part, frozen=True, tag="deaf"):
    """The submission takes connections at a port no longer."""

    port: Port


class Dialled(Part, frozen=True, tag="dialled"):
    """The submission asks for a connection; it gets the next number."""

    connection: Count
    host: str
    port: Port


class Incoming(Part, frozen=True, tag="incoming"):
    """Somebody has connected to a port of the submission; it gets the next number."""

    connection: int
    port: int
    host: str
    from_port: int


class Answered(Part, frozen=True, tag="answered"):
    """A connection that was dialled is open, or could not be: `error` is an errno."""

    connection: int
    error: int = 0


class Sent(Part, frozen=True, tag="sent"):
    """Bytes that one side has sent, and that the other side has now."""

    connection: Count
    data: bytes


class Room(Part, frozen=True, tag="room"):
    """One side has taken so many bytes out: there is room for as many again."""

    connection: Count
    count: Count


class Finished(Part, frozen=True, tag="finished"):
    """One side sends no more."""

    connection: Count


class HungUp(Part, frozen=True, tag="hung-up"):
    """One side neither sends nor takes any more; with `reset` all on its way is lost."""

    connection: Count
    reset: bool


Event = (
    Started
    | Began
    | CancelSeen
    | Closed
    | Noted
    | Stepped
    | Yielded
    | Returned
    | Raised
    | Blocked
    | Left
    | Spun
    | Listens
    | Deaf
    | Dialled
    | Sent
    | Room
    | Finished
    | HungUp
)


class Turn(Part, frozen=True, tag="turn"):
    """Everything since the last turn. Nothing goes on until the judge replies.

    `timer` is the earliest instant at which anything inside wakes by itself.
    `asking` is the synchronous operation that needs its answer now, or None when
    everything inside is parked. `outside` says that something inside waits for a process
    that it has started; `elapsed` are the nanoseconds that it has waited so since the last
    reply.
    """

    events: list[Event]
    timer: int | None
    asking: Count | None
    outside: bool = False
    elapsed: int = 0


class Problem(Part, frozen=True, tag="problem"):
    """Why a submission could not be loaded."""

    reason: Literal[
        "syntax", "encoding", "empty", "import", "exit", "missing", "signature"
    ]
    message: str
    line: Count = 0
    frames: list[Frame] = []


class Code(Part, frozen=True):
    """The code of a submission and of its scenarios, as `marshal` of this Python has it."""

    submission: bytes
    scenarios: bytes


class Loaded(Part, frozen=True, tag="loaded"):
    """The answer to `Load` and to `Check`: nothing is wrong, or this is.

    `code` is what other players of the submission need not compile again. It comes before
    anything of the submission has run.
    """

    problem: Problem | None
    code: Code | None = None


class LoopFact(Part, frozen=True):
    """What became of one event loop that the submission made (observed)."""

    closed: bool
    executor_running: bool
    generators_open: Count


class Warned(Part, frozen=True):
    """A warning or a loop's complaint, and the learner's line it points at."""

    kind: str
    message: str
    line: Count


class Tried(Part, frozen=True):
    """Something that no submission may do, in words that follow "line 3"."""

    what: str
    line: Count


class Ended(Part, frozen=True, tag="ended"):
    """What the player saw of a finished run. All of it is `observed`.

    `spent` says that something of the run is still alive inside: this player must
    not be used again, and it has left.
    """

    stuck: list[Stuck]
    left: list[Stuck]
    cycle: list[str]
    loops: list[LoopFact]
    loop_set: bool
    policy_set: bool
    warnings: list[Warned]
    printed: str
    spent: bool
    tried: list[Tried] = []


class Runaway(Part, frozen=True, tag="runaway"):
    """The player used up its processor time; its last word."""

    frames: list[Frame]


class Fault(Part, frozen=True, tag="fault"):
    """The player itself failed: our error, never the submission's."""

    message: str


FromPlayer = Turn | Loaded | Ended | Runaway | Fault


# --- what the judge says ------------------------------------------------------


class Done(Part, frozen=True, tag="done"):
    """An operation ended with a value."""

    op: int
    value: Value


class Failed(Part, frozen=True, tag="failed"):
    """An operation ended with an exception; `handle` is that object's name."""

    op: int
    type: str
    message: str
    handle: str


class Gone(Part, frozen=True, tag="gone"):
    """A cancelled operation has cleaned up; its cancellation goes on."""

    op: int


class Exhausted(Part, frozen=True, tag="exhausted"):
    """An iterator has no more items."""

    op: int


class Cancel(Part, frozen=True, tag="cancel"):
    """Cancel the scenario now."""


Answer = Done | Failed | Gone | Exhausted
Arrival = Incoming | Answered | Sent | Room | Finished | HungUp
Delivery = Answer | Cancel | Arrival


class Reply(Part, frozen=True, tag="reply"):
    """It is now `now`, and these things happened.

    `until` is how long the player may wait for its processes before it says a word.
    """

    now: int
    deliveries: list[Delivery]
    until: int | None = None


class Over(Part, frozen=True, tag="over"):
    """The run is over: report, and clean up."""


class Need(Part, frozen=True):
    """A name the submission must define, and how it will be called."""

    name: str
    kind: Literal[
        "async", "sync", "stream", "class", "method", "async-method", "classmethod"
    ]
    positional: list[str] = []
    keywords: list[str] = []


class Load(Part, frozen=True, tag="load"):
    """Take in a submission and the scenarios it will be run by.

    `code` is what a player before made of both, `wants_code` that it is wanted.
    """

    kata: str
    filename: str
    source: bytes
    scenarios: str
    needs: list[Need]
    records: list[str]
    cpu_seconds: float
    unbounded: bool
    allow: list[Capability] = []
    code: Code | None = None
    wants_code: bool = False


OperationKind = Literal["async", "sync", "stream", "iterator", "context", "guard"]


class OperationSpec(Part, frozen=True):
    """How an operation looks from inside.

    `lingers` says that a cancelled call waits for the world before it ends.
    """

    name: str
    kind: OperationKind
    lingers: bool


class Check(Part, frozen=True, tag="check"):
    """Execute the submission once and hold it against the interface it must have."""


class Play(Part, frozen=True, tag="play"):
    """Run one scenario afresh. `hosts` are the computers of its network, if it has one."""

    scenario: str
    args: dict[str, Value]
    operations: list[OperationSpec]
    seed: int
    order: list[int]
    collect: bool
    hosts: list[str] | None = None


FromJudge = Load | Check | Play | Reply | Over


# --- bytes --------------------------------------------------------------------

_encoder = msgspec.msgpack.Encoder()
_from_player: msgspec.msgpack.Decoder[FromPlayer] = msgspec.msgpack.Decoder(FromPlayer)
_from_judge: msgspec.msgpack.Decoder[FromJudge] = msgspec.msgpack.Decoder(FromJudge)


class ProtocolViolation(Exception):
    """The other side sent bytes that are no message."""


class Disconnected(Exception):
    """The other side is gone."""


def encode(message: FromPlayer | FromJudge) -> bytes:
    """Return the bytes of one framed message."""
    body = _encoder.encode(message)
    return HEADER.pack(len(body)) + body


def from_player(body: bytes | memoryview) -> FromPlayer:
    """Decode what a player sent; raise `ProtocolViolation` for anything else."""
    return _decode(_from_player, body)


def from_judge(body: bytes | memoryview) -> FromJudge:
    """Decode what the judge sent."""
    return _decode(_from_judge, body)


_M = TypeVar("_M")


def _decode(decoder: msgspec.msgpack.Decoder[_M], body: bytes | memoryview) -> _M:
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise ProtocolViolation(str(error)[:200]) from None


class Channel(Generic[_M]):
    """A stream socket that carries whole messages.

    `waiting` is called whenever a message is not whole: after each piece of it, and at
    the socket's timeout; it raises to give up. Without it a timeout raises
    `TimeoutError`, and `receive` may be called again: no byte is lost. `most` bytes may
    come in one message.
    """

    def __init__(
        self,
        sock: socket.socket,
        decode: Callable[[bytes], _M],
        waiting: Callable[[], None] | None = None,
        most: int = MAX_FRAME,
    ) -> None:
        self.socket = sock
        self._most = most
        self.received = 0
        self._decode = decode
        self._waiting = waiting
        self._pending = bytearray()

    def send(self, message: FromPlayer | FromJudge) -> None:
        """Send one message; raise `Disconnected` when nobody listens any more."""
        data = memoryview(encode(message))
        while data:
            data = data[self._write(data) :]

    def _write(self, data: memoryview) -> int:
        try:
            return self.socket.send(data)
        except TimeoutError:
            self._wait()
        except OSError as error:
            raise Disconnected(str(error)) from None
        return 0

    def receive(self) -> _M:
        """Return the next message."""
        while (body := self._whole_frame()) is None:
            self._read_more()
        return self._decode(body)

    def _whole_frame(self) -> bytes | None:
        pending = self._pending
        if len(pending) < HEADER.size:
            return None
        (size,) = HEADER.unpack_from(pending)
        if size > self._most:
            raise ProtocolViolation(f"a message of {size} bytes, over {self._most}")
        end = HEADER.size + size
        if len(pending) < end:
            if self._waiting is not None:
                self._waiting()
            return None
        body = bytes(memoryview(pending)[HEADER.size : end])
        del pending[:end]
        return body

    def _read_more(self) -> None:
        try:
            data = self.socket.recv(1 << 16)
        except TimeoutError:
            self._wait()
            return
        except OSError as error:
            raise Disconnected(str(error)) from None
        if not data:
            raise Disconnected("end of stream")
        self.received += len(data)
        self._pending += data

    def _wait(self) -> None:
        if self._waiting is None:
            raise TimeoutError
        self._waiting()
