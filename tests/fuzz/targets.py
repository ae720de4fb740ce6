"""What is attacked, and what must hold of it whatever comes.

Each target takes an input, raises if the judge's side fails at it, and counts as met if
nothing but a `ProtocolViolation` came out.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import msgspec

from grader import wire
from grader.laws import JudgedRun
from grader.world.record import Run
from grader.world.world import World

from . import judged
from .worlds import Story, world_of

CALLS_FOR_A_BYTE = 60
CALLS_AT_LEAST = 20_000
"""Python calls that a step may take, for each byte that the player has said so far."""

SIZE_FOR_A_BYTE = 80
"""Bytes of record that the judge may hold, for each byte that the player said."""

TEXT_FOR_A_BYTE = 40
TEXT_AT_LEAST = 4_000
"""Bytes that a law may say: one byte of the wire is a value, which may be `None, `."""


class TooMuch(AssertionError):
    """A call of the judge's side took more than it may."""


@contextmanager
def at_most(calls: int) -> Iterator[None]:
    """Raise `TooMuch` as soon as more functions were called inside than that."""
    left = calls

    def count(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal left
        left -= event == "call"
        if left < 0:
            sys.setprofile(None)
            raise TooMuch(f"more than {calls} calls, in {frame.f_code.co_qualname}")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)


# --- the decoder ----------------------------------------------------------------


def decode(body: bytes) -> bool:
    """Decode a body; say whether it was a message. One travels back the same."""
    try:
        message = wire.from_player(body)
    except wire.ProtocolViolation as error:
        if len(str(error)) > 200:
            raise TooMuch(f"a violation of {len(str(error))} characters") from None
        return False
    assert wire.encode(wire.from_player(wire.encode(message)[4:])) == wire.encode(
        message
    )
    return True


class _Silent(Exception):
    """Nothing more will come."""


def receive(stream: bytes, cuts: list[int]) -> int:
    """Receive a stream that comes in pieces; return how many messages were in it."""
    ours, theirs = socket.socketpair()
    pieces = _pieces(stream, cuts)
    # One look at each piece, one at each silence before it, one at each whole message.
    most = 2 * len(pieces) + len(stream) // 4 + 4
    looks = 0

    def waiting() -> None:
        nonlocal looks
        looks += 1
        assert looks <= most, "it waits for ever"
        if not pieces:
            raise _Silent
        theirs.sendall(pieces.pop(0))

    with ours, theirs:
        ours.settimeout(0)
        channel = wire.Channel(_Impatient(ours), wire.from_player, waiting)  # type: ignore[arg-type]
        received = 0
        try:
            while True:
                channel.receive()
                received += 1
        except (wire.ProtocolViolation, _Silent):
            pass
        assert channel.received <= len(stream)
        assert len(channel._pending) <= len(stream)
    return received


def _pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    pieces = []
    for cut in cuts:
        pieces.append(stream[:cut])
        stream = stream[cut:]
    return [each for each in [*pieces, stream] if each]


class _Impatient:
    """A socket whose timeout is over at once."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def recv(self, size: int) -> bytes:
        """Receive what is there."""
        try:
            return self._socket.recv(size)
        except BlockingIOError:
            raise TimeoutError from None


# --- the world ------------------------------------------------------------------


def tell(story: Story) -> JudgedRun:
    """Tell a world a story; return the run, having looked at every reply."""
    world = world_of(story)
    said, over = 0, False
    broken = ""
    for body in story.turns:
        said += len(body)
        try:
            message = wire.from_player(body)
            assert isinstance(message, wire.Turn)
            with at_most(CALLS_AT_LEAST + CALLS_FOR_A_BYTE * said):
                reply = world.step(message)
        except wire.ProtocolViolation as error:
            broken = str(error)
            assert len(broken) <= 300
            break
        check_reply(world, reply)
        over = isinstance(reply, wire.Over)
        if over:
            break
    run = _end(world, story, broken, over=over)
    check_record(run, said)
    return JudgedRun(run, world.label)


def check_reply(world: World, reply: wire.Reply | wire.Over) -> None:
    """Hold what a player may be sent."""
    again = wire.from_judge(wire.encode(reply)[4:])
    assert type(again) is type(reply)
    if isinstance(reply, wire.Reply):
        assert reply.now == world.now < wire.NEVER
        answered = [
            each.op for each in reply.deliveries if isinstance(each, wire.Answer)
        ]
        assert len(answered) == len(set(answered))
        assert set(answered) <= set(world._open)


def _end(world: World, story: Story, broken: str, *, over: bool) -> Run:
    if broken:
        return world.abort("protocol violation", broken)
    rests = 0 if story.ended is None else 200
    try:
        while not over and rests:
            rests -= 1
            over = isinstance(world.step(wire.Turn([], None, None)), wire.Over)
    except wire.ProtocolViolation as error:
        # What was called with is looked at when the call ends, and that may be now.
        return world.abort("protocol violation", str(error))
    if not over:
        return world.abort("wall time", "")
    if story.ended is None:
        return world.abort("crashed", "the process was ended by SIGKILL")
    return world.conclude(story.ended)


def check_record(run: Run, said: int) -> None:
    """Hold what must be true of any record, of which so many bytes were said."""
    assert run.outcome is not None
    numbers = [each.number for each in run.operations]
    assert numbers == list(range(1, len(numbers) + 1))
    for call in run.operations:
        moments = [call.began, call.cancelled, call.closed, run.end]
        there = [each for each in moments if each is not None]
        assert there == sorted(there, key=lambda each: each.order)
        assert there[0].at >= 0
    kept = [run.operations, run.notes, run.items, run.steps, run.idle_threads]
    size = size_of(kept)
    assert size <= SIZE_FOR_A_BYTE * (said + 99), f"{size} bytes kept of {said}"


def size_of(value: object) -> int:
    """Return roughly how much memory a record takes, text and numbers in full."""
    if isinstance(value, dict):
        return 64 + sum(size_of(key) + size_of(each) for key, each in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return 16 + sum(8 + size_of(each) for each in value)
    if hasattr(value, "__struct_fields__"):
        return 16 + sum(size_of(getattr(value, x)) for x in value.__struct_fields__)
    if hasattr(value, "__dataclass_fields__"):
        names = set(value.__dataclass_fields__) - {"plan"}
        return 16 + sum(size_of(getattr(value, name)) for name in names)
    return sys.getsizeof(value) if isinstance(value, int | str | bytes) else 16


# --- the verdict ----------------------------------------------------------------


def judge(story: Story) -> int:
    """Judge a story by every law and draw what is said; return how many laws spoke."""
    run = tell(story)
    said = len(msgspec.msgpack.encode(story))
    judged.check_shown(run)
    spoken = judged.check_laws(run, TEXT_AT_LEAST + TEXT_FOR_A_BYTE * said)
    for each in spoken[:: max(1, len(spoken) // 3)]:
        judged.check_verdict(run, each)
    return len(spoken)


# --- by name, for the replay of an input ------------------------------------------

_STORY = msgspec.msgpack.Decoder(Story)
_STREAM = msgspec.msgpack.Decoder(tuple[bytes, list[int]])


def _replay_stream(data: bytes) -> None:
    receive(*_STREAM.decode(data))


REPLAYS: dict[str, Callable[[bytes], object]] = {
    "decoder": decode,
    "channel": _replay_stream,
    "world": lambda data: tell(_STORY.decode(data)),
    "verdict": lambda data: judge(_STORY.decode(data)),
}


def packed(target: str, given: Any) -> bytes:
    """Return an input of a target as `REPLAYS` takes it."""
    return given if target == "decoder" else msgspec.msgpack.encode(given)
