"""Messages, their bytes, and a socket that carries them."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import wire

often = settings(max_examples=150, deadline=None, derandomize=True, database=None)

TURN = wire.Turn([wire.Closed(1, "value")], 5, None)
FAULT = wire.Fault("no")

Sockets = tuple[socket.socket, socket.socket]


@pytest.fixture
def sockets() -> Iterator[Sockets]:
    """The judge's end and the player's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def channel(sockets: Sockets) -> wire.Channel[wire.FromPlayer]:
    sockets[0].settimeout(0.001)
    return wire.Channel(sockets[0], wire.from_player)


def body(message: wire.FromPlayer) -> bytes:
    return wire.encode(message)[4:]


def packed(plain: Any) -> bytes:
    return msgspec.msgpack.encode(plain)


# --- frames -------------------------------------------------------------------


def test_a_frame_is_the_length_and_the_body() -> None:
    frame = wire.encode(FAULT)

    assert frame[:4] == struct.pack(">I", len(frame) - 4)
    assert wire.from_player(frame[4:]) == FAULT


def test_a_message_arrives_as_it_was_sent(
    sockets: Sockets, channel: wire.Channel[wire.FromPlayer]
) -> None:
    player: wire.Channel[wire.FromJudge] = wire.Channel(sockets[1], wire.from_judge)

    player.send(TURN)
    assert channel.receive() == TURN

    channel.send(wire.Over())
    assert player.receive() == wire.Over()


def test_messages_that_arrive_together_are_told_apart(
    sockets: Sockets, channel: wire.Channel[wire.FromPlayer]
) -> None:
    sockets[1].sendall(wire.encode(TURN) + wire.encode(FAULT))

    assert [channel.receive(), channel.receive()] == [TURN, FAULT]


@pytest.mark.parametrize("cut", range(len(wire.encode(TURN))))
def test_a_timeout_in_the_middle_of_a_message_loses_no_byte(
    cut: int, sockets: Sockets, channel: wire.Channel[wire.FromPlayer]
) -> None:
    frame = wire.encode(TURN)
    sockets[1].sendall(frame[:cut])
    with pytest.raises(TimeoutError):
        channel.receive()
    sockets[1].sendall(frame[cut:])

    assert channel.receive() == TURN


def test_a_message_longer_than_a_frame_is_refused_before_it_is_read(
    sockets: Sockets, channel: wire.Channel[wire.FromPlayer]
) -> None:
    sockets[1].sendall(struct.pack(">I", wire.MAX_FRAME + 1))

    with pytest.raises(
        wire.ProtocolViolation, match=r"^a message of 1048577 bytes, over 1048576$"
    ):
        channel.receive()


def test_the_longest_message_is_taken(sockets: Sockets) -> None:
    waits: list[int] = []

    def feed() -> None:
        with suppress(BlockingIOError):
            waits.append(sockets[1].send(frame[sum(waits) :]))

    longest = wire.Fault("x" * (wire.MAX_FRAME - 12))
    frame = wire.encode(longest)
    sockets[0].settimeout(0.001)
    sockets[1].setblocking(False)  # noqa: FBT003
    channel = wire.Channel(sockets[0], wire.from_player, feed)

    assert len(frame) - 4 == wire.MAX_FRAME
    assert channel.receive() == longest
    assert channel.received == len(frame)


def test_who_waits_is_called_at_each_timeout_and_each_piece(sockets: Sockets) -> None:
    frame = iter([wire.encode(TURN)[:3], b"", wire.encode(TURN)[3:]])
    sockets[0].settimeout(0.001)
    channel = wire.Channel(
        sockets[0], wire.from_player, lambda: sockets[1].sendall(next(frame))
    )

    assert channel.receive() == TURN
    assert next(frame, None) is None


def test_who_waits_may_give_up(sockets: Sockets) -> None:
    def give_up() -> None:
        raise KeyError

    sockets[0].settimeout(0.001)
    channel = wire.Channel(sockets[0], wire.from_player, give_up)

    with pytest.raises(KeyError):
        channel.receive()


def test_sending_waits_until_the_other_side_has_read(sockets: Sockets) -> None:
    read: list[bytes] = []
    sockets[0].settimeout(0.001)
    channel = wire.Channel(
        sockets[0], wire.from_player, lambda: read.append(sockets[1].recv(1 << 20))
    )
    reply = wire.Reply(0, [wire.Done(1, "x" * 500_000)])

    channel.send(reply)

    sockets[1].settimeout(1)
    rest = sockets[1].recv(1 << 20)
    assert b"".join([*read, rest])[:4] == wire.encode(reply)[:4]
    assert len(read) > 0


def test_sending_to_nobody_is_a_disconnection(
    sockets: Sockets, channel: wire.Channel[wire.FromPlayer]
) -> None:
    sockets[1].close()

    with pytest.raises(wire.Disconnected, match=r"Broken pipe"):
        channel.send(wire.Over())


@pytest.mark.parametrize("sent", [b"", b"\0", wire.encode(TURN)[:-1]])
def test_the_end_of_a_stream_is_a_disconnection(
    sent: bytes, sockets: Sockets, channel: wire.Channel[wire.FromPlayer]
) -> None:
    sockets[1].sendall(sent)
    sockets[1].close()

    with pytest.raises(wire.Disconnected, match=r"^end of stream$"):
        channel.receive()


def test_a_closed_socket_is_a_disconnection(
    channel: wire.Channel[wire.FromPlayer],
) -> None:
    channel.socket.close()

    with pytest.raises(wire.Disconnected, match=r"Bad file descriptor"):
        channel.receive()


@often
@given(
    st.lists(st.sampled_from([TURN, FAULT]), max_size=4), st.lists(st.integers(1, 9))
)
def test_messages_arrive_however_they_are_cut(
    messages: list[wire.FromPlayer], sizes: list[int]
) -> None:
    ours, theirs = socket.socketpair()
    sent = memoryview(b"".join(map(wire.encode, messages)))
    with ours, theirs:
        channel = wire.Channel(ours, wire.from_player)
        for size in sizes:
            theirs.sendall(sent[:size])
            channel._read_more() if sent else None
            sent = sent[size:]
        theirs.sendall(sent)

        assert [channel.receive() for _ in messages] == messages


# --- bytes that are no message ------------------------------------------------


DEEP = b"\x92\xa4list\x91"


@pytest.mark.parametrize(
    ("sent", "what"),
    [
        (b"", "Input data was truncated"),
        (b"\xdd\xff\xff\xff\xff", "Input data was truncated"),
        (b"\x94\xa4turn\xdd\xff\xff\xff\xff", "Input data was truncated"),
        (b"\x94\xa4turn\x90\xc0", "Input data was truncated"),
        (
            body(FAULT) + b"\x00",
            "MessagePack data is malformed: trailing characters (byte 10)",
        ),
        (packed({"tag": "fault"}), "Expected `array`, got `object`"),
        (packed(["none", 1]), "Invalid value 'none' - at `$[0]`"),
        (packed(["fault"]), "Expected `array` of at least length 2, got 1"),
        (packed(["fault", None]), "Expected `str`, got `None` - at `$[1]`"),
        (packed(["turn", [], 1.0, None]), "Expected `int | null`, got `float`"),
        (packed(["turn", [], float("nan"), None]), "Expected `int | null`"),
        (packed(["turn", [], None, -1]), "Expected `int` >= 0 - at `$[3]`"),
        (packed(["turn", [], None, 2**31]), "Expected `int` <= 2147483647 - at `$[3]`"),
        (packed(["turn", [], None, None, 1]), "Expected `bool`, got `int`"),
        (b"\x92\xa5fault\xa1\xff", "'utf-8' codec can't decode byte 0xff"),
        (b"\x92\xa5fault\xa3\xed\xa0\x80", "'utf-8' codec can't decode byte 0xed"),
        (
            b"\x94\xa4turn\x91\x92\xa8returned" + DEEP * 140_000,
            "maximum recursion depth exceeded",
        ),
        (b"\x91" * wire.MAX_FRAME, "Expected `str`, got `array` - at `$[0]`"),
    ],
    ids=lambda given: repr(given[:24]),
)
def test_bytes_that_are_no_message_are_refused(sent: bytes, what: str) -> None:
    with pytest.raises(wire.ProtocolViolation) as caught:
        wire.from_player(sent)

    assert str(caught.value).startswith(what)


def event(*parts: object) -> bytes:
    return packed(["turn", [list(parts)], None, None])


STUCK = ["Stuck", "task", "Task-1", 1, "answer", "a lock", ""]


@pytest.mark.parametrize("number", [-1, 2**31, 2**64 - 1])
@pytest.mark.parametrize(
    ("parts", "place"),
    [
        (("began", 1, "fetch", [], {}, 1, "", 0), 1),
        (("began", 1, "fetch", [], {}, 1, "", 0), 5),
        (("began", 1, "fetch", [], {}, 1, "", 0), 7),
        (("cancel-seen", 1), 1),
        (("closed", 1, "value"), 1),
        (("stepped", 1, None), 1),
        (("blocked", "a sleep", 1, ""), 2),
        (("spun", 1, []), 1),
    ],
)
def test_a_number_out_of_bounds_is_refused(
    parts: tuple[object, ...], place: int, number: int
) -> None:
    wire.from_player(event(*parts))

    with pytest.raises(wire.ProtocolViolation, match=rf"\$\[1\]\[0\]\[{place}\]`$"):
        wire.from_player(event(*parts[:place], number, *parts[place + 1 :]))


def test_the_lines_of_what_is_stuck_are_bounded_too() -> None:
    wire.from_player(event("left", STUCK))

    with pytest.raises(wire.ProtocolViolation, match=r"^Expected `int` >= 0"):
        wire.from_player(event("left", [*STUCK[:3], -1, *STUCK[4:]]))


def test_the_last_of_two_equal_keys_counts() -> None:
    began = event("began", 1, "fetch", [], {"a": 1, "b": 2}, 1, "", 0)

    turn = wire.from_player(began.replace(b"\xa1b", b"\xa1a"))

    assert isinstance(turn, wire.Turn)
    assert isinstance(turn.events[0], wire.Began)
    assert turn.events[0].keywords == {"a": 2}


def test_what_is_said_of_wrong_bytes_is_short() -> None:
    with pytest.raises(wire.ProtocolViolation) as caught:
        wire.from_player(packed(["x" * 10_000, 1]))

    assert len(str(caught.value)) == 200


TAGS = st.sampled_from(
    ["turn", "began", "closed", "list", "dict", "record", "failure", "value", "x"]
)
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=4)
    | st.binary(max_size=4)
    | TAGS,
    lambda part: (
        st.lists(part, max_size=5)
        | st.dictionaries(st.text(max_size=3), part, max_size=3)
    ),
)


@often
@given(ANY.map(packed) | st.binary(max_size=64))
def test_nothing_but_a_violation_comes_of_any_bytes(sent: bytes) -> None:
    with pytest.raises(wire.ProtocolViolation):
        wire.from_player(sent)


@often
@given(st.data())
def test_nothing_but_a_violation_comes_of_a_message_with_one_byte_changed(
    data: st.DataObject,
) -> None:
    whole = bytearray(
        event("began", 1, "fetch", [["list", [1, "a"]], 2.5], {"k": b"b"}, 1, "", 0)
    )
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))

    try:
        message = wire.from_player(bytes(whole))
    except wire.ProtocolViolation:
        return
    assert wire.from_player(body(message)) == message


# --- messages -----------------------------------------------------------------


def test_messages_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        FAULT.message = "yes"  # type: ignore[misc]


def test_handles_can_be_keys() -> None:
    assert {wire.Handle("a"): 1}[wire.Handle("a")] == 1
