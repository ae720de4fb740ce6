"""Whatever bytes a player sends, they are a message or a violation."""

from __future__ import annotations

import pytest
from hypothesis import Phase, example, given, settings

from grader import wire

from .messages import BODIES, BODY, CUTS, GIANTS, MSGPACK, RECORDED, STREAM
from .targets import at_most, decode, receive

often = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)


@often
@given(BODY)
def test_any_bytes_are_a_message_or_a_violation(body: bytes) -> None:
    decode(body)


@often
@given(MSGPACK)
def test_any_msgpack_is_a_message_or_a_violation(body: bytes) -> None:
    decode(body)


@pytest.mark.parametrize("message", RECORDED, ids=lambda each: type(each).__name__)
def test_an_honest_message_arrives_as_it_was(message: wire.FromPlayer) -> None:
    assert wire.encode(wire.from_player(wire.encode(message)[4:])) == wire.encode(
        message
    )


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_no_message_is_whole_without_its_last_bytes(body: bytes) -> None:
    assert [cut for cut in range(len(body)) if decode(body[:cut])] == []


@pytest.mark.parametrize("body", GIANTS, ids=range(len(GIANTS)))
def test_giants_are_taken_or_refused(body: bytes) -> None:
    with at_most(1_000):
        decode(body)


@settings(often, max_examples=200)
@given(STREAM, CUTS)
@example(b"\xff\xff\xff\xff" + b"x" * 99, [1, 1])
@example(b"\x00\x10\x00\x00" + b"x" * 99, [1, 1])
@example(b"", [])
def test_any_stream_is_messages_up_to_a_violation(
    stream: bytes, cuts: list[int]
) -> None:
    assert receive(stream, cuts) == receive(stream, [])


def test_all_messages_of_an_honest_stream_arrive() -> None:
    stream = b"".join(map(wire.encode, RECORDED))

    assert receive(stream, [1] * 300) == len(RECORDED)
