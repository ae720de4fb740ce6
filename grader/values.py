"""How plain values travel: packed exactly, compared exactly, shown in one line.

Only exact built-in types are values. A subclass, a lookalike with an obliging
`__eq__`, a generator or a coroutine becomes an `Opaque` marker, which equals nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

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
    Value,
)

MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_TEXT = 256 * 1024
MAX_INT_BITS = 16_384

_SMALL = range(-(2**63), 2**63)


def pack(
    value: object,
    name_of: Callable[[object], str | None] | None = None,
    fields_of: Callable[[object], tuple[str, list[tuple[str, object]]] | None]
    | None = None,
) -> Value:
    """Return `value` as it travels.

    `name_of` gives the name of an object that both sides know, `fields_of` the name
    and fields of a declared record; each answers None for anything else.
    """
    return _Packer(name_of, fields_of).pack(value, 0)


class _TooLarge(Exception):
    """The value has more parts or more text than one message may carry."""


class _Packer:
    def __init__(self, name_of: Any, fields_of: Any) -> None:
        self._name_of = name_of
        self._fields_of = fields_of
        self._open: set[int] = set()
        self._nodes = 0
        self._text = 0

    def pack(self, value: object, depth: int) -> Value:
        if value is None or type(value) is bool or type(value) is float:
            return value
        if type(value) is int:
            return _pack_int(value)
        if type(value) is str:
            return self._pack_str(value)
        if self._name_of is not None and (name := self._name_of(value)) is not None:
            return Handle(name)
        if type(value) is bytes:
            return self._pack_bytes(value)
        return self._pack_container(value, depth)

    def _pack_str(self, value: str) -> Value:
        self._text += len(value)
        if self._text > MAX_TEXT:
            return Opaque("str", "too large to compare")
        if value.isascii():
            return value
        try:
            value.encode()
        except UnicodeEncodeError:
            return Surrogates(value.encode("utf-8", "surrogatepass"))
        return value

    def _pack_bytes(self, value: bytes) -> Value:
        self._text += len(value)
        if self._text > MAX_TEXT:
            return Opaque("bytes", "too large to compare")
        return Bytes(value)

    def _pack_container(self, value: object, depth: int) -> Value:
        kind = type(value)
        if depth >= MAX_DEPTH:
            return Opaque(kind.__name__, f"nested deeper than {MAX_DEPTH}")
        if id(value) in self._open:
            return Opaque(kind.__name__, "contains itself")
        self._open.add(id(value))
        try:
            return self._pack_parts(value, depth + 1)
        finally:
            self._open.discard(id(value))

    def _pack_parts(self, value: Any, depth: int) -> Value:
        kind = type(value)
        if kind is list:
            return List(self._pack_all(value, depth))
        if kind is tuple:
            return Tuple(self._pack_all(value, depth))
        if kind is dict:
            pairs = [self._pack_all(pair, depth) for pair in value.items()]
            return Dict([(key, item) for key, item in pairs])
        if kind is set or kind is frozenset:
            return Set(self._pack_all(value, depth), kind is frozenset)
        if self._fields_of is not None and (found := self._fields_of(value)):
            name, fields = found
            return Record(name, [(key, self.pack(item, depth)) for key, item in fields])
        return Opaque(_type_name(kind))

    def _pack_all(self, items: Iterable[object], depth: int) -> list[Value]:
        packed: list[Value] = []
        for item in items:
            self._nodes += 1
            if self._nodes > MAX_NODES:
                packed.append(Opaque("…", "too large to compare"))
                break
            packed.append(self.pack(item, depth))
        return packed


def _pack_int(value: int) -> Value:
    if value in _SMALL:
        return value
    if value.bit_length() > MAX_INT_BITS:
        return Opaque("int", f"of {value.bit_length()} bits, too large to compare")
    return BigInt(f"{value:x}")


def _type_name(kind: type) -> str:
    name = getattr(kind, "__name__", "object")
    return name[:80] if type(name) is str and name.isprintable() else "object"


def nested(value: Value, levels: int = MAX_DEPTH + 1) -> bool:
    """Say whether a packed value is nested deeper than any that `pack` makes."""
    parts: list[Value] = []
    if isinstance(value, List | Tuple | Set):
        parts = value.items
    elif isinstance(value, Dict):
        parts = [part for pair in value.pairs for part in pair]
    elif isinstance(value, Record):
        parts = [part for _, part in value.fields]
    return levels == 0 or any(nested(part, levels - 1) for part in parts)


def unpack(value: Value, object_of: Callable[[str], object] | None = None) -> Any:
    """Return what `value` stands for.

    A handle becomes `object_of(name)`; without `object_of`, handles, records and
    opaque markers stay what they are.
    """
    if isinstance(value, List):
        return [unpack(item, object_of) for item in value.items]
    if isinstance(value, Tuple):
        return tuple(unpack(item, object_of) for item in value.items)
    if isinstance(value, Dict):
        return {
            unpack(key, object_of): unpack(item, object_of) for key, item in value.pairs
        }
    if isinstance(value, Set):
        items = [unpack(item, object_of) for item in value.items]
        return frozenset(items) if value.frozen else set(items)
    if isinstance(value, Handle) and object_of is not None:
        return object_of(value.name)
    return _unpack_scalar(value)


def _unpack_scalar(value: Value) -> Any:
    if isinstance(value, Bytes):
        return value.data
    if isinstance(value, BigInt):
        return int(value.digits, 16)
    if isinstance(value, Surrogates):
        return value.data.decode("utf-8", "surrogatepass")
    return value


def record(name: str, **fields: object) -> Record:
    """Return the record of a kata's dataclass, for comparing with what was returned."""
    return Record(name, [(key, pack_known(item)) for key, item in fields.items()])


def pack_known(value: object) -> Value:
    """Pack a value the judge wrote itself; packed parts inside it stay as they are."""
    if isinstance(value, Handle | Record | Opaque | Surrogates):
        return value
    if isinstance(value, list):
        return List([pack_known(item) for item in value])
    if isinstance(value, tuple):
        return Tuple([pack_known(item) for item in value])
    if isinstance(value, Mapping):
        return Dict([(pack_known(key), pack_known(v)) for key, v in value.items()])
    return pack(value)


def same(left: Value, right: Value) -> bool:  # noqa: PLR0911
    """Say whether two packed values are equal, types included; NaN equals NaN."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Opaque):
        return False
    if isinstance(left, List | Tuple):
        return _same_items(left.items, right.items)  # type: ignore[union-attr]
    if isinstance(left, Set):
        return _same_set(left, right)  # type: ignore[arg-type]
    if isinstance(left, Dict):
        return _same_dict(left, right)  # type: ignore[arg-type]
    if isinstance(left, Record):
        return _same_record(left, right)  # type: ignore[arg-type]
    if isinstance(left, float) and math.isnan(left):
        return math.isnan(right)  # type: ignore[arg-type]
    return left == right


def _same_items(left: list[Value], right: list[Value]) -> bool:
    return len(left) == len(right) and all(map(same, left, right))


def _same_set(left: Set, right: Set) -> bool:
    unmatched = list(right.items)
    for item in left.items:
        found = next((other for other in unmatched if same(item, other)), _NOTHING)
        if found is _NOTHING:
            return False
        unmatched.remove(found)
    return left.frozen == right.frozen and not unmatched


_NOTHING: Any = object()


def _same_dict(left: Dict, right: Dict) -> bool:
    """Equal keys and values; the order of keys is a law of its own where it matters."""
    return len(left.pairs) == len(right.pairs) and all(
        any(same(key, other) and same(item, found) for other, found in right.pairs)
        for key, item in left.pairs
    )


def _same_record(left: Record, right: Record) -> bool:
    return (
        left.name == right.name
        and [key for key, _ in left.fields] == [key for key, _ in right.fields]
        and all(
            same(a, b) for (_, a), (_, b) in zip(left.fields, right.fields, strict=True)
        )
    )


def show(
    value: Value, width: int = 60, label: Callable[[str], str] = lambda text: text
) -> str:
    """Return one printable line for a packed value, cut at `width` characters.

    `label` may replace a string by a readable name, as for tokens.
    """
    text = _show(value, label)
    return text if len(text) <= width else text[: width - 1] + "…"


def _show(  # noqa: PLR0911
    value: Value, label: Callable[[str], str]
) -> str:
    if isinstance(value, str):
        named = label(value)
        return repr(value) if named == value else named
    if isinstance(value, List):
        return "[" + _show_all(value.items, label) + "]"
    if isinstance(value, Tuple):
        comma = "," if len(value.items) == 1 else ""
        return "(" + _show_all(value.items, label) + comma + ")"
    if isinstance(value, Dict):
        pairs = (f"{_show(k, label)}: {_show(v, label)}" for k, v in value.pairs[:50])
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Set):
        return "{" + _show_all(value.items, label) + "}" if value.items else "set()"
    if isinstance(value, Record):
        fields = (f"{key}={_show(item, label)}" for key, item in value.fields)
        return f"{value.name}({', '.join(fields)})"
    if isinstance(value, Handle):
        return label(value.name)
    return _show_scalar(value)


def _show_all(items: list[Value], label: Callable[[str], str]) -> str:
    return ", ".join(_show(item, label) for item in items[:50])


_ARTICLES = {"coroutine": "a coroutine that was never awaited"}


def _show_scalar(value: Value) -> str:
    if isinstance(value, Opaque):
        named = _ARTICLES.get(value.type, f"<{value.type} object>")
        return f"<{value.type} {value.why}>" if value.why else named
    if isinstance(value, BigInt):
        return "0x" + value.digits
    return repr(_unpack_scalar(value))
