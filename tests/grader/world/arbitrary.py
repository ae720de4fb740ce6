"""Whatever a player may send: values, events and turns of any shape."""

from __future__ import annotations

from hypothesis import strategies as st

from grader import wire

INTEGERS = st.integers(-(2**63), 2**64 - 1)
SMALL = st.integers(-1, 4)
TEXT = st.text(max_size=8)
NAMES = st.sampled_from(["fetch", "save", "work", "lines.next", "lock.enter", "x"])

PLAIN: st.SearchStrategy[wire.Value] = st.one_of(
    st.none(),
    st.booleans(),
    INTEGERS,
    st.floats(),
    TEXT,
    st.builds(wire.Bytes, st.binary(max_size=8)),
    st.builds(wire.BigInt, st.text("-0fxz _\n", max_size=8)),
    st.builds(wire.Surrogates, st.binary(max_size=8)),
    st.builds(wire.Handle, TEXT),
    st.builds(wire.Opaque, TEXT, TEXT),
)


def _containers(part: st.SearchStrategy[wire.Value]) -> st.SearchStrategy[wire.Value]:
    parts = st.lists(part, max_size=3)
    pairs = st.lists(st.tuples(part, part), max_size=3)
    return st.one_of(
        st.builds(wire.List, parts),
        st.builds(wire.Tuple, parts),
        st.builds(wire.Set, parts, st.booleans()),
        st.builds(wire.Dict, pairs),
        st.builds(wire.Record, TEXT, st.lists(st.tuples(TEXT, part), max_size=3)),
    )


VALUES = st.recursive(PLAIN, _containers, max_leaves=6)

FRAMES = st.lists(st.builds(wire.Frame, SMALL, TEXT), max_size=2)
FAILURES: st.SearchStrategy[wire.Failure] = st.recursive(
    st.builds(wire.Failure, TEXT, TEXT, frames=FRAMES),
    lambda part: st.builds(
        wire.Failure, TEXT, TEXT, group=st.lists(part, max_size=2), bases=st.lists(TEXT)
    ),
    max_leaves=3,
)
STUCK = st.builds(
    wire.Stuck,
    st.sampled_from(["task", "thread", "generator"]),
    TEXT,
    SMALL,
    TEXT,
    TEXT,
)
OPS = SMALL | INTEGERS
PORTS = st.sampled_from([0, 80, 1000])
HOSTS = st.sampled_from(["site", "nowhere"])
EVENTS: st.SearchStrategy[wire.Event] = st.one_of(
    st.builds(wire.Started),
    st.builds(
        wire.Began,
        OPS,
        NAMES,
        st.lists(VALUES, max_size=2),
        st.dictionaries(TEXT, VALUES, max_size=1),
        SMALL,
        TEXT,
        SMALL,
    ),
    st.builds(wire.CancelSeen, OPS),
    st.builds(
        wire.Closed, OPS, st.sampled_from(["value", "error", "cancelled", "dropped"])
    ),
    st.builds(wire.Noted, TEXT, st.lists(VALUES, max_size=2)),
    st.builds(wire.Stepped, OPS, VALUES | FAILURES),
    st.builds(wire.Yielded, TEXT, VALUES),
    st.builds(wire.Returned, VALUES),
    st.builds(wire.Raised, FAILURES),
    st.builds(wire.Blocked, TEXT, SMALL, TEXT),
    st.builds(wire.Listens, PORTS),
    st.builds(wire.Deaf, PORTS),
    st.builds(wire.Dialled, OPS, HOSTS, PORTS),
    st.builds(wire.Sent, OPS, st.binary(max_size=8)),
    st.builds(wire.Room, OPS, OPS),
    st.builds(wire.Finished, OPS),
    st.builds(wire.HungUp, OPS, st.booleans()),
    st.builds(wire.Left, STUCK),
    st.builds(wire.Spun, SMALL, st.lists(STUCK, max_size=2)),
)
TIMERS = st.none() | SMALL | INTEGERS
TURNS = st.builds(
    wire.Turn,
    st.lists(EVENTS, max_size=5),
    TIMERS,
    st.none() | OPS,
    st.booleans(),
)
