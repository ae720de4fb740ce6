"""What comes over the wire: honest messages, mutated ones, msgpack of any shape, bytes."""

from __future__ import annotations

import struct

import msgspec
from hypothesis import strategies as st

from grader import values, wire
from tests.grader.world.arbitrary import FAILURES, FRAMES, TURNS, VALUES

# --- honest messages ------------------------------------------------------------

STOOD = wire.Stuck("task", "Task-2", 7, "fetch_all", "a lock that Task-3 holds")
FAILED = wire.Failure(
    "ValueError", "no", None, ["a note"], None, [wire.Frame(3, "run")], ["Exception"]
)
PAGE = values.pack({"a": [1, 2.5, None], (1, "b"): {True, b"\x00"}, "big": 2**80})

RECORDED: list[wire.FromPlayer] = [
    wire.Loaded(None),
    wire.Loaded(None, wire.Code(b"\xe3", b"\xe3")),
    wire.Loaded(wire.Problem("syntax", "bad", 3, [wire.Frame(3, "<module>")])),
    wire.Turn([wire.Started()], None, None),
    wire.Turn(
        [
            wire.Began(1, "fetch", ["/a", PAGE], {"depth": 2}, 12, "Task-1", 0),
            wire.Began(2, "work", [], {}, 13, "Task-1", 1),
            wire.Noted("script", [1, PAGE]),
        ],
        10**9,
        2,
    ),
    wire.Turn(
        [
            wire.CancelSeen(1),
            wire.Closed(1, "cancelled"),
            wire.Stepped(1, FAILED),
            wire.Yielded("lines", values.pack("\ud800")),
            wire.Blocked("time.sleep(1)", 4, "Task-1"),
            wire.Left(STOOD),
            wire.Raised(wire.Failure("ExceptionGroup", "two", group=[FAILED, FAILED])),
        ],
        None,
        None,
    ),
    wire.Turn([wire.Returned(PAGE), wire.Spun(10_001, [STOOD])], 5, None),
    wire.Ended(
        [STOOD],
        [STOOD],
        ["Task-2", "Task-3"],
        [wire.LoopFact(False, True, 1)],  # noqa: FBT003
        False,  # noqa: FBT003
        False,  # noqa: FBT003
        [wire.Warned("RuntimeWarning", "coroutine 'x' was never awaited", 9)],
        "printed\n",
        False,  # noqa: FBT003
    ),
    wire.Runaway([wire.Frame(3, "spin")]),
    wire.Fault("Traceback: KeyError"),
]
BODIES = [wire.encode(each)[4:] for each in RECORDED]

MESSAGES: st.SearchStrategy[wire.FromPlayer] = st.one_of(
    st.sampled_from(RECORDED),
    TURNS,
    st.builds(wire.Runaway, FRAMES),
    st.builds(wire.Fault, st.text(max_size=8)),
    st.builds(
        wire.Turn, st.lists(st.builds(wire.Returned, VALUES)), st.none(), st.none()
    ),
    st.builds(
        wire.Turn,
        st.lists(st.builds(wire.Raised, FAILURES)),
        st.none(),
        st.none(),
    ),
)

# --- mutated --------------------------------------------------------------------

_POSITIONS = st.integers(0, 400)
_HARD = [
    b"\xdd\xff\xff\xff\xff",
    b"\xdf\xff\xff\xff\xff",
    b"\xdb\xff\xff\xff\xff",
    b"\xc6\xff\xff\xff\xff",
    b"\xc9\xff\xff\xff\xff\xff",
    b"\xcf" + b"\xff" * 8,
    b"\xd3\x80" + b"\x00" * 7,
    b"\xcb\x7f\xf8" + b"\x00" * 6,
    b"\xc1",
    b"\xa2\xff\xfe",
    b"\x92\xa4list\x91" * 400,
    b"\x9a" * 2000,
    b"\x81\xc0" * 2000,
    b"\xd6\xff" + b"\xff" * 4,
]
"""Lengths that are lies, nesting without end, types that nobody sends."""

# By number: hypothesis would print all of them whenever it prints the strategy.
_PIECES = st.binary(max_size=4) | st.integers(0, len(_HARD) - 1).map(
    lambda place: _HARD[place]
)


def mutated(body: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Return the bytes with pieces cut out and others put in their places."""
    for at, length, piece in edits:
        place = at % (len(body) + 1)
        body = body[:place] + piece + body[place + length :]
    return body


MUTATED = st.builds(
    mutated,
    st.integers(0, len(BODIES) - 1).map(lambda place: BODIES[place])
    | MESSAGES.map(lambda each: wire.encode(each)[4:]),
    st.lists(st.tuples(_POSITIONS, st.integers(0, 9), _PIECES), max_size=4),
)

# --- msgpack of any shape -------------------------------------------------------

_TAGS = [
    *("turn", "loaded", "ended", "runaway", "fault", "started", "began", "closed"),
    *("cancel-seen", "noted", "stepped", "yielded", "returned", "raised", "blocked"),
    *("left", "spun", "list", "tuple", "set", "dict", "bytes", "int", "surrogates"),
    *("handle", "record", "opaque", "failure", "value", "task", "cancelled"),
]
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.integers(-1, 3),
    st.floats(),
    st.sampled_from(_TAGS),
    st.text(max_size=6),
    st.binary(max_size=6),
)
_SHAPES = st.recursive(
    _SCALARS,
    lambda part: st.one_of(
        st.lists(part, max_size=5),
        st.tuples(st.sampled_from(_TAGS), part, part).map(list),
        st.dictionaries(st.text(max_size=3) | st.integers(-3, 3), part, max_size=3),
    ),
    max_leaves=25,
)
MSGPACK = st.builds(
    lambda tag, parts: msgspec.msgpack.encode([tag, *parts]),
    st.sampled_from(_TAGS[:5]),
    st.lists(_SHAPES, max_size=6),
)

# --- giants ---------------------------------------------------------------------


def nested(tag: bytes, depth: int, inside: bytes) -> bytes:
    """Return a turn that returns a value in so many containers."""
    return b"\x94\xa4turn\x91\x92\xa8returned" + tag * depth + inside + b"\xc0\xc0"


GIANTS = [
    *(nested(b"\x92\xa4list\x91", depth, b"\xc0") for depth in (30, 500, 100_000)),
    *(nested(b"\x92\xa4dict\x91\x92\x01", depth, b"\xc0") for depth in (30, 70_000)),
    nested(b"\x92\xa4list\xdd" + struct.pack(">I", 10**6), 200, b"\xc0" * 10**6),
    wire.encode(wire.Fault("x" * 10**6))[4:],
    wire.encode(wire.Turn([wire.Started()] * 100_000, None, None))[4:],
    wire.encode(wire.Turn([wire.Returned(wire.BigInt("f" * 10**6))], None, None))[4:],
    wire.encode(
        wire.Turn([wire.Began(1, "x", [], {"k" * 10**6: 1}, 1, "", 0)], None, None)
    )[4:],
    wire.encode(wire.Turn([wire.Returned(wire.List([0] * 10**6))], None, None))[4:],
    msgspec.msgpack.encode(["turn", [["began", 2**64 - 1] * 9], -(2**63), 2**63]),
]

BODY = st.one_of(st.binary(max_size=64), MUTATED, MSGPACK)

# --- streams --------------------------------------------------------------------


def framed(body: bytes, lie: int | None) -> bytes:
    """Return a frame, with another length in its header than it has."""
    return struct.pack(">I", len(body) if lie is None else lie) + body


_FRAMES = st.builds(
    framed,
    BODY,
    st.none() | st.none() | st.integers(0, 300) | st.integers(0, 2**32 - 1),
)
STREAM = st.lists(_FRAMES | MESSAGES.map(wire.encode), max_size=5).map(b"".join)
CUTS = st.lists(st.integers(1, 60), max_size=12)
