"""How values travel, are compared and are shown."""

from __future__ import annotations

import asyncio
import math
from collections import Counter, OrderedDict, UserDict, namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum
from itertools import product
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import values, wire
from grader.values import pack, pack_known, record, same, show, unpack
from grader.wire import (
    BigInt,
    Bytes,
    Dict,
    Handle,
    List,
    Opaque,
    Record,
    Set,
    Surrogates,
    Tuple,
)

often = settings(max_examples=150, deadline=None, derandomize=True, database=None)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
HASHABLE: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | ANY_TEXT
    | st.binary(max_size=8),
    lambda part: (
        st.lists(part, max_size=3).map(tuple) | st.frozensets(part, max_size=3)
    ),
    max_leaves=5,
)
PLAIN: st.SearchStrategy[Any] = st.recursive(
    HASHABLE,
    lambda part: (
        st.lists(part, max_size=3)
        | st.lists(part, max_size=3).map(tuple)
        | st.dictionaries(HASHABLE, part, max_size=3)
        | st.sets(HASHABLE, max_size=3)
    ),
    max_leaves=6,
)


# --- there and back -----------------------------------------------------------


def spelt(value: Any) -> object:
    """Return a value's spelling, in which sets of equal members are equal."""
    if isinstance(value, set | frozenset):
        return type(value).__name__, sorted(repr(spelt(each)) for each in value)
    if isinstance(value, list | tuple):
        return type(value).__name__, [spelt(each) for each in value]
    if isinstance(value, dict):
        return [(spelt(key), spelt(each)) for key, each in value.items()]
    return repr(value)


@often
@given(PLAIN)
def test_a_plain_value_comes_back_as_it_was(value: Any) -> None:
    assert spelt(unpack(pack(value))) == spelt(value)


@often
@given(PLAIN)
def test_a_plain_value_survives_the_wire(value: Any) -> None:
    sent = pack(value)
    message = wire.from_player(wire.encode(wire.Turn([wire.Returned(sent)], 1, 1))[4:])

    assert isinstance(message, wire.Turn)
    assert isinstance(returned := message.events[0], wire.Returned)
    assert same(returned.value, sent)


@often
@given(PLAIN)
def test_what_the_judge_packs_is_what_the_player_packs(value: Any) -> None:
    assert same(pack_known(value), pack(value))


@pytest.mark.parametrize(
    ("value", "packed"),
    [
        ([1, "a"], List([1, "a"])),
        ((1,), Tuple([1])),
        ({1}, Set([1], frozen=False)),
        (frozenset({1}), Set([1], frozen=True)),
        ({"a": [b"b"]}, Dict([("a", List([Bytes(b"b")]))])),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
        (2**63, BigInt("8000000000000000")),
        (-(2**63) - 1, BigInt("-8000000000000001")),
        ("\ud800é", Surrogates(b"\xed\xa0\x80\xc3\xa9")),
    ],
)
def test_how_plain_values_travel(value: object, packed: wire.Value) -> None:
    assert pack(value) == packed


# --- what is no plain value ---------------------------------------------------


class Obliging(str):
    """Equals everything."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


class Raising:
    """Raises at whatever is asked of it."""

    def _raise(self, *_: object) -> NoReturn:
        raise RuntimeError

    __eq__ = __hash__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = _raise
    __getattribute__ = __getattr__ = _raise


class Disguised:
    """Says that it is a list."""

    __class__ = list  # type: ignore[assignment]

    def __iter__(self) -> Iterator[int]:
        return iter([1])


class Meta(type):
    """Raises when its classes are asked for their name."""

    def __getattribute__(cls, name: str) -> NoReturn:
        raise RuntimeError(name)


HOSTILE: dict[str, Callable[[], object]] = {
    "Raising": Raising,
    "Disguised": Disguised,
    "Nameless": lambda: type.__call__(Meta("Nameless", (), {})),
    "Meta": lambda: Meta("Nameless", (), {}),
}


class Whole(int):
    """A subclass of int."""


class Level(IntEnum):
    LOW = 1


class Colour(Enum):
    RED = 1


@dataclass
class Point:
    x: object
    y: object = 0


Pair = namedtuple("Pair", "a b")  # noqa: PYI024


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Obliging("x"), "Obliging"),
        (Whole(1), "Whole"),
        (Level.LOW, "Level"),
        (Colour.RED, "Colour"),
        (Pair(1, 2), "Pair"),
        (Point(1), "Point"),
        (OrderedDict(a=1), "OrderedDict"),
        (Counter("a"), "Counter"),
        (UserDict(a=1), "UserDict"),
        (bytearray(b"a"), "bytearray"),
        (memoryview(b"a"), "memoryview"),
        (range(3), "range"),
        ({}.keys(), "dict_keys"),
        (1j, "complex"),
        (..., "ellipsis"),
        (object(), "object"),
        (ValueError("no"), "ValueError"),
        (iter(()), "tuple_iterator"),
        (type("a\nb", (), {})(), "object"),
        (type("x" * 100, (), {})(), "x" * 80),
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_is_told_by_the_name_of_its_type(value: Any, name: str) -> None:
    assert pack(value) == Opaque(name)
    assert not same(pack(value), pack(value))


@pytest.mark.parametrize("name", HOSTILE)
def test_an_object_that_lies_or_raises_has_no_say(name: str) -> None:
    assert pack(HOSTILE[name]()) == Opaque(name)


def test_a_coroutine_is_no_value() -> None:
    coroutine = asyncio.sleep(0)

    packed = pack(coroutine)
    coroutine.close()

    assert packed == Opaque("coroutine")
    assert show(packed) == "a coroutine that was never awaited"


def test_what_stands_inside_something_plain_is_told_there() -> None:
    assert pack([1, {"a": object()}]) == List([1, Dict([("a", Opaque("object"))])])


# --- too large ----------------------------------------------------------------


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels - 1):
        value = [value]
    return value


def depth(value: wire.Value) -> int:
    found = 0
    while isinstance(value, List):
        found += 1
        value = value.items[0] if value.items else None
    return found


def test_a_value_may_be_nested_to_a_depth() -> None:
    assert unpack(pack(nested(values.MAX_DEPTH))) == nested(values.MAX_DEPTH)


def test_a_value_nested_deeper_is_cut_there() -> None:
    packed = pack(nested(100_000))

    assert depth(packed) == values.MAX_DEPTH
    assert "nested deeper than 32" in repr(packed)
    assert not values.nested(packed)


def test_a_value_that_contains_itself_is_cut_there() -> None:
    value: list[Any] = [1]
    value.append({"again": value})

    assert pack(value) == List(
        [1, Dict([("again", Opaque("list", "contains itself"))])]
    )


def test_one_object_may_stand_in_two_places() -> None:
    shared = [1]

    assert unpack(pack([shared, shared])) == [[1], [1]]


def too_wide() -> list[Any]:
    value: list[Any] = []
    for _ in range(30):
        value = [value, value]
    return value


LARGE = {
    "list": list(range(10**6)),
    "dict": dict.fromkeys(range(10**6)),
    "set": set(range(10**6)),
    "wide": too_wide(),
    "text": "x" * 10**7,
    "wide text": ["\U0001f600" * 1000] * 1000,
    "surrogates": ["\ud800" * 1000] * 1000,
    "bytes": [b"x" * 1000] * 1000,
    "integers": [2**16_000 + n for n in range(1000)],
    "objects": [type("é" * 80, (), {})() for _ in range(100)] * 1000,
    "pairs": {("a", n): ("b", [n]) for n in range(10**5)},
}


@pytest.mark.parametrize("value", LARGE.values(), ids=LARGE)
def test_any_value_fits_a_frame_and_a_large_one_equals_nothing(value: object) -> None:
    packed = pack(value)

    assert len(wire.encode(wire.Turn([wire.Returned(packed)], 1, 1))) < wire.MAX_FRAME
    assert not same(packed, packed)
    assert "too large to compare" in repr(packed)


def test_records_fit_a_frame_too() -> None:
    def fields_of(value: object) -> tuple[str, list[tuple[str, object]]] | None:
        return ("Record" * 9, [("field" * 9, 1), ("f" * 40, value)]) if value else None

    chained = pack([*range(1, 30_000)], fields_of=fields_of)
    records = pack([object()] * 10**5, fields_of=lambda _: ("R" * 80, [("x" * 80, 1)]))

    assert not same(records, records)
    assert len(wire.encode(wire.Turn([wire.Returned(records)], 1, 1))) < wire.MAX_FRAME
    assert same(chained, chained)


def test_the_largest_integer_that_is_compared() -> None:
    largest = 2**values.MAX_INT_BITS - 1

    assert unpack(pack(largest)) == largest
    assert pack(largest + 1) == Opaque("int", "of 16385 bits, too large to compare")


# --- objects known by name, records -------------------------------------------


def test_an_object_known_by_name_travels_as_its_name() -> None:
    key = object()

    packed = pack([key, 1], name_of=lambda value: "key" if value is key else None)

    assert packed == List([Handle("key"), 1])
    assert unpack(packed, {"key": key}.__getitem__) == [key, 1]


def test_without_the_objects_a_handle_stays_one() -> None:
    assert unpack(List([Handle("key")])) == [Handle("key")]


def test_a_record_travels_field_by_field() -> None:
    def fields_of(value: object) -> tuple[str, list[tuple[str, object]]] | None:
        return ("Point", list(vars(value).items())) if type(value) is Point else None

    packed = pack(Point(1, (2,)), fields_of=fields_of)

    assert packed == Record("Point", [("x", 1), ("y", Tuple([2]))])
    assert same(packed, record("Point", x=1, y=(2,)))


def test_the_judge_may_put_packed_parts_into_its_values() -> None:
    key = Handle("a")
    parts: list[wire.Value] = [key, Opaque("b"), Record("c", []), BigInt("9"), List([])]

    assert pack_known([{"k": {key}}, tuple(parts)]) == List(
        [Dict([("k", Set([key], frozen=False))]), Tuple(parts)]
    )


# --- what no honest player packs ----------------------------------------------


@pytest.mark.parametrize(
    "packed",
    [
        Dict([(List([]), 1)]),
        Dict([(Record("Point", []), 1)]),
        Set([Dict([])], frozen=True),
        BigInt("x"),
        BigInt(""),
        Surrogates(b"\xff"),
        Record("Point", [("x", 1)]),
        Opaque("object"),
    ],
    ids=repr,
)
def test_what_stands_for_nothing_stays_as_it_travelled(packed: wire.Value) -> None:
    assert unpack(packed) == packed
    assert unpack(List([1, packed])) == [1, packed]


# --- equal --------------------------------------------------------------------


DIFFERENT = [
    None,
    False,
    0,
    0.5,
    1,
    1.0,
    True,
    "1",
    b"1",
    "",
    [],
    (),
    {},
    set(),
    frozenset(),
    [1],
    (1,),
    [True],
    [1.0],
    [[1]],
    {1},
    {1.0},
    {True},
    frozenset({1}),
    {1: 1},
    {True: 1},
    {1: True},
    {"a": 1, "b": 2},
    {"a": 2, "b": 1},
    math.inf,
    -math.inf,
    math.nan,
    2**63,
    -(2**63) - 1,
    float(2**63),
    "\ud800",
    "\ud801",
]


@pytest.mark.parametrize("left", range(len(DIFFERENT)))
def test_values_of_other_types_or_parts_differ(left: int) -> None:
    equal = [same(pack(DIFFERENT[left]), pack(right)) for right in DIFFERENT]

    assert equal == [number == left for number in range(len(DIFFERENT))]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (0.0, -0.0),
        (math.nan, -math.nan),
        ({math.nan}, {float("nan")}),
        ([(math.nan,)], [(float("nan"),)]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1, "a", 2.5}, {2.5, 1, "a"}),
        ({(1, frozenset({2})): [3]}, {(1, frozenset({2})): [3]}),
    ],
)
def test_values_that_are_equal(left: object, right: object) -> None:
    assert same(pack(left), pack(right))


def test_handles_are_equal_by_name() -> None:
    assert same(Handle("a"), Handle("a"))
    assert not same(Handle("a"), Handle("b"))
    assert not same(Handle("a"), "a")


@pytest.mark.parametrize(
    "other",
    [
        record("Point", x=1, y=True),
        record("Point", y=2, x=1),
        record("Point", x=1),
        record("Spot", x=1, y=2),
        Dict([("x", 1), ("y", 2)]),
    ],
    ids=repr,
)
def test_records_are_equal_by_name_and_fields_in_order(other: wire.Value) -> None:
    point = record("Point", x=1, y=2)

    assert same(point, record("Point", x=1, y=2))
    assert not same(point, other)
    assert not same(Set([point], frozen=True), Set([other], frozen=True))


def test_what_is_opaque_equals_nothing_wherever_it_stands() -> None:
    opaque = Opaque("object")
    around: list[wire.Value] = [
        opaque,
        List([opaque]),
        Set([opaque], frozen=False),
        Dict([(opaque, 1)]),
        Dict([(1, opaque)]),
        Record("Point", [("x", opaque)]),
        Set([Tuple([opaque])], frozen=True),
    ]

    assert not any(same(value, value) for value in around)


@pytest.mark.parametrize(
    ("forged", "wanted"),
    [
        (Dict([("a", 1), ("a", 1)]), {"a": 1, "b": 2}),
        (Dict([("a", 1), ("a", 2)]), {"a": 1}),
        (Dict([("a", 1), ("b", 2), ("b", 2)]), {"a": 1, "b": 2}),
        (Set([1, 1], frozen=False), {1, 2}),
        (Set([1, 1], frozen=False), {1}),
        (Set([True, 1], frozen=False), {1, 2}),
    ],
)
def test_a_part_told_twice_does_not_stand_for_another(
    forged: wire.Value, wanted: object
) -> None:
    assert not same(forged, pack(wanted))
    assert not same(pack(wanted), forged)
    assert not same(List([Set([Tuple([forged])], frozen=True)]), pack([{(0,)}]))


@often
@given(PLAIN, PLAIN)
def test_equal_is_what_looks_the_same(left: Any, right: Any) -> None:
    # Only ever more exact than `==`; the order of sets and dictionaries is no matter.
    if same(pack(left), pack(right)):
        assert type(left) is type(right)
        assert left == right or "nan" in repr(left)
    assert same(pack(left), pack(left))
    assert same(pack(right), pack(left)) == same(pack(left), pack(right))


def test_large_sets_are_compared_in_no_time() -> None:
    left = Set([*range(50_000)], frozen=False)
    right = Set([*reversed(range(50_000))], frozen=False)

    assert same(left, right)


# --- shown --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        (True, "True"),
        (-1, "-1"),
        (0.1, "0.1"),
        (math.nan, "nan"),
        ("it's", '"it\'s"'),
        (b"\x00", "b'\\x00'"),
        ([], "[]"),
        ([1, "a"], "[1, 'a']"),
        ((), "()"),
        ((1,), "(1,)"),
        ((1, 2), "(1, 2)"),
        ({1: "a"}, "{1: 'a'}"),
        (set(), "set()"),
        ({1}, "{1}"),
        (frozenset(), "frozenset()"),
        (frozenset({1}), "frozenset({1})"),
        (2**64, "0x10000000000000000"),
        (-(2**64), "-0x10000000000000000"),
        ("\ud800", "'\\ud800'"),
        (object(), "<object object>"),
        (2**20_000, "<int of 20001 bits, too large to compare>"),
    ],
    ids=lambda value: value if type(value) is str else type(value).__name__,
)
def test_how_values_are_shown(value: object, shown: str) -> None:
    assert show(pack(value)) == shown


def test_how_records_and_handles_are_shown() -> None:
    assert show(record("Point", x=Handle("key"), y="a")) == "Point(x=key, y='a')"


def test_a_long_value_is_cut() -> None:
    assert show(pack("x" * 100), 10) == "'xxxxxxxx…"
    assert show(pack(list(range(100))), 20) == "[0, 1, 2, 3, 4, 5, …"


def test_of_very_many_parts_some_are_shown() -> None:
    assert show(pack([0] * 60), 1000) == "[" + "0, " * 50 + "…]"


def test_tokens_are_shown_by_their_labels() -> None:
    labels = {"4f-a1": "<answer of fetch(1)>", "error 4f-a1": "the error of fetch(1)"}

    def label(text: str) -> str:
        return labels.get(text, text)

    packed = pack_known(["4f-a1", "else", Handle("error 4f-a1"), {"4f-a1": 1}])
    assert show(packed, 200, label) == (
        "[<answer of fetch(1)>, 'else', the error of fetch(1), {<answer of fetch(1)>: 1}]"
    )


EVIL = "\x1b[2J\n\r\u202e\ud800"


@pytest.mark.parametrize(
    "packed",
    [
        EVIL,
        Surrogates(EVIL.encode("utf-8", "surrogatepass")),
        Surrogates(b"\xff\n"),
        BigInt(EVIL),
        Handle(EVIL),
        Opaque(EVIL, EVIL),
        Record(EVIL, [(EVIL, EVIL)]),
        List([Handle(EVIL)] * 30),
    ],
    ids=lambda packed: type(packed).__name__,
)
@pytest.mark.parametrize("width", [2, 11, 60])
def test_whatever_was_sent_is_shown_in_one_printable_line(
    packed: wire.Value, width: int
) -> None:
    shown = show(packed, width)

    assert shown.isprintable()
    assert len(shown) <= width


@often
@given(PLAIN, st.integers(1, 80))
def test_any_plain_value_is_shown_in_one_printable_line(value: Any, width: int) -> None:
    shown = show(pack(value), width)

    assert shown.isprintable()
    assert 0 < len(shown) <= width


# --- chosen hashes --------------------------------------------------------------


def alike(length: int) -> list[wire.Value]:
    """Return tuples that all have the same hash, since -1 and -2 have."""
    return [wire.Tuple(list(each)) for each in product([-1, -2], repeat=length)]


@pytest.mark.parametrize("kind", ["set", "frozenset", "dict"])
def test_a_set_chosen_for_its_hashes_stays_packed(kind: str) -> None:
    items = alike(8)
    packed: wire.Value = wire.Set(items, kind == "frozenset")
    if kind == "dict":
        packed = wire.Dict([(each, None) for each in items])

    assert values.unpack(packed) is packed


def test_a_set_in_which_a_few_have_the_same_hash_is_unpacked() -> None:
    grid = set(product(range(-3, 3), repeat=3))

    assert values.unpack(values.pack(grid)) == grid


def test_keys_to_compare_by_have_hashes_that_nobody_can_choose() -> None:
    keys = {values._key(each) for each in alike(8)}

    assert len({hash(key) for key in keys}) == len(keys) == 256


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (0.0, -0.0, True),
        (float("nan"), float("nan"), True),
        (float("inf"), float("-inf"), False),
        (1, 1.0, False),
        (1, True, False),
        (-1, -2, False),
    ],
)
def test_numbers_in_a_set_are_told_apart_as_outside_of_one(
    left: float, right: float, equal: object
) -> None:
    assert values.same(left, right) is equal
    sets = [wire.Set([each], frozen=False) for each in (left, right)]
    assert values.same(*sets) is equal
