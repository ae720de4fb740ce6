"""How plain values travel: packed exactly, compared exactly, shown in one line.

Only exact built-in types are values. A subclass, a lookalike with an obliging
`__eq__`, a generator or a coroutine becomes an `Opaque` marker, which equals nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from grader.wire import (
    BigInt,
    Bytes,
    Dict,
    Handle,
    List,
    Opaque,
    Packed,
    Record,
    Set,
    Surrogates,
    Tuple,
    Value,
)

MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_TEXT = 256 * 1024
"""Bytes of text in one value; with `MAX_NODES` it keeps any value below a frame."""

MAX_INT_BITS = 16_384

MAX_ALIKE = 64
"""Keys of one set or dictionary that may have the same hash: honest ones never do."""

_SMALL = range(-(2**63), 2**63)
_TOO_LARGE = "too large to compare"
_SHOWN = 50
"""Parts of one container of which a line can tell at most."""


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


class _Packer:
    def __init__(self, name_of: Any, fields_of: Any) -> None:
        self._name_of = name_of
        self._fields_of = fields_of
        self._open: set[int] = set()
        self._nodes = 0
        self._text = 0
        self._full = False

    def pack(self, value: object, depth: int) -> Value:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._full = True
            return Opaque("…", _TOO_LARGE)
        if value is None or type(value) is bool or type(value) is float:
            return value
        if type(value) is int:
            return self._pack_int(value)
        if type(value) is str:
            return self._pack_str(value)
        return self._pack_object(value, depth)

    def _has_room(self, size: int) -> bool:
        self._text += size
        self._full = self._full or self._text > MAX_TEXT
        return self._text <= MAX_TEXT

    def _pack_int(self, value: int) -> Value:
        if value in _SMALL:
            return value
        bits = value.bit_length()
        if bits > MAX_INT_BITS:
            return self._opaque(int, f"of {bits} bits, {_TOO_LARGE}")
        return BigInt(f"{value:x}") if self._has_room(bits // 4) else _too_large("int")

    def _pack_str(self, value: str) -> Value:
        if value.isascii():
            return value if self._has_room(len(value)) else _too_large("str")
        data = value.encode("utf-8", "surrogatepass")
        if not self._has_room(len(data)):
            return _too_large("str")
        try:
            value.encode()
        except UnicodeEncodeError:
            return Surrogates(data)
        return value

    def _pack_object(self, value: object, depth: int) -> Value:
        if self._name_of is not None and (name := self._name_of(value)) is not None:
            return Handle(name) if self._has_room(len(name)) else _too_large("handle")
        if type(value) is bytes:
            return Bytes(value) if self._has_room(len(value)) else _too_large("bytes")
        return self._pack_container(value, depth)

    def _opaque(self, kind: type, why: str = "") -> Opaque:
        name = _type_name(kind)
        if not self._has_room(4 * len(name) + len(why)):
            return _too_large("…")
        return Opaque(name, why)

    def _pack_container(self, value: object, depth: int) -> Value:
        if depth >= MAX_DEPTH:
            return self._opaque(type(value), f"nested deeper than {MAX_DEPTH}")
        if id(value) in self._open:
            return self._opaque(type(value), "contains itself")
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
            return Dict(self._pack_pairs(value, depth))
        if kind is set or kind is frozenset:
            return Set(self._pack_all(value, depth), kind is frozenset)
        if self._fields_of is not None and (found := self._fields_of(value)):
            name, fields = found
            return self._pack_record(name, fields, depth)
        return self._opaque(kind)

    def _pack_all(self, items: Iterable[object], depth: int) -> list[Value]:
        packed: list[Value] = []
        for item in items:
            packed.append(self.pack(item, depth))
            if self._full:
                packed.append(_too_large("…"))
                break
        return packed

    def _pack_pairs(
        self, items: dict[object, object], depth: int
    ) -> list[tuple[Value, Value]]:
        packed: list[tuple[Value, Value]] = []
        for key, item in items.items():
            packed.append((self.pack(key, depth), self.pack(item, depth)))
            if self._full:
                packed.append((None, _too_large("…")))
                break
        return packed

    def _pack_record(
        self, name: str, fields: list[tuple[str, object]], depth: int
    ) -> Value:
        if not self._has_room(len(name) + sum(len(key) for key, _ in fields)):
            return _too_large(name)
        return Record(name, [(key, self.pack(item, depth)) for key, item in fields])


def _too_large(kind: str) -> Opaque:
    return Opaque(kind, _TOO_LARGE)


_class_name = vars(type)["__name__"].__get__


def _type_name(kind: type) -> str:
    # Asked of `type` itself: a metaclass may lie, or raise.
    name = _class_name(kind)
    return name[:80] if type(name) is str and name.isprintable() else "object"


def nested(value: Value, levels: int = MAX_DEPTH + 1) -> bool:
    """Say whether a packed value is nested deeper than any that `pack` makes."""
    parts: Iterable[Value] = ()
    if not isinstance(value, Packed):
        return levels == 0
    if isinstance(value, _SEQUENCES):
        parts = value.items
    elif isinstance(value, Dict):
        parts = (part for pair in value.pairs for part in pair)
    elif isinstance(value, Record):
        parts = (part for _, part in value.fields)
    return levels == 0 or any(nested(part, levels - 1) for part in parts)


_SEQUENCES = (List, Tuple, Set)


def unpack(value: Value, object_of: Callable[[str], object] | None = None) -> Any:
    """Return what `value` stands for.

    A handle becomes `object_of(name)`; without `object_of`, handles, records and
    opaque markers stay what they are. So does what no honest `pack` has made: a
    dictionary of lists, digits that are none, a set chosen for its hashes.
    """
    if not isinstance(value, Packed):
        return value
    try:
        return _unpack(value, object_of)
    except (TypeError, ValueError):
        return value


def _unpack(value: Packed, object_of: Callable[[str], object] | None) -> Any:
    if isinstance(value, List):
        return [unpack(item, object_of) for item in value.items]
    if isinstance(value, Tuple):
        return tuple([unpack(item, object_of) for item in value.items])
    if isinstance(value, Dict):
        keys = _spread([unpack(key, object_of) for key, _ in value.pairs])
        found = [unpack(item, object_of) for _, item in value.pairs]
        return dict(zip(keys, found, strict=True))
    if isinstance(value, Set):
        items = _spread([unpack(item, object_of) for item in value.items])
        return frozenset(items) if value.frozen else set(items)
    if isinstance(value, Handle) and object_of is not None:
        return object_of(value.name)
    return _unpack_scalar(value)


def _spread(keys: list[Any]) -> list[Any]:
    """Return the keys; refuse those that a hash table would compare without end."""
    if max(Counter(map(hash, keys)).values(), default=0) > MAX_ALIKE:
        raise ValueError(f"more than {MAX_ALIKE} keys have the same hash")
    return keys


def _unpack_scalar(value: Packed) -> Any:
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


def pack_known(value: object) -> Value:  # noqa: PLR0911
    """Pack a value the judge wrote itself; packed parts inside it stay as they are."""
    if value is None or isinstance(value, str | int | float):
        return pack(value)
    if isinstance(value, Packed):
        return value  # type: ignore[return-value]
    if isinstance(value, list):
        return List([pack_known(item) for item in value])
    if isinstance(value, tuple):
        return Tuple([pack_known(item) for item in value])
    if isinstance(value, set | frozenset):
        return Set([pack_known(item) for item in value], isinstance(value, frozenset))
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
    return left.frozen == right.frozen and _counted(left.items) == _counted(right.items)


def _same_dict(left: Dict, right: Dict) -> bool:
    """Equal keys and values; the order of keys is a law of its own where it matters."""
    return _counted(_pairs(left)) == _counted(_pairs(right))


def _pairs(value: Dict) -> Iterable[Value]:
    return (Tuple([key, item]) for key, item in value.pairs)


def _counted(items: Iterable[Value]) -> Counter[Hashable]:
    return Counter(map(_key, items))


def _key(value: Value) -> Hashable:
    """Return what equals the key of a value that is the same, and no other."""
    kind = type(value)
    if isinstance(value, Opaque):
        return object()
    if isinstance(value, List | Tuple):
        return kind, tuple(map(_key, value.items))
    if isinstance(value, Set):
        return kind, value.frozen, frozenset(_counted(value.items).items())
    if isinstance(value, Dict):
        return kind, frozenset(_counted(_pairs(value)).items())
    if isinstance(value, Record):
        return kind, value.name, tuple((key, _key(item)) for key, item in value.fields)
    return kind, _spelled(value) if isinstance(value, int | float) else value


def _spelled(number: float) -> str:
    # Numbers can be chosen so that all of a million tuples of them have one hash: -1 and
    # -2 do. Strings cannot, their hash is salted.
    return hex(number) if isinstance(number, int) else (number + 0.0).hex()


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
    shown = text[: width + 1]
    if not shown.isprintable():
        # Names come from the submission too.
        shown = "".join(map(_escape, shown))
    return shown if len(shown) <= width else shown[: width - 1] + "…"


def _escape(each: str) -> str:
    return each if each.isprintable() else each.encode("unicode_escape").decode()


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
        pairs = (
            f"{_show(k, label)}: {_show(v, label)}" for k, v in value.pairs[:_SHOWN]
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Set):
        return _show_set(value, label)
    if isinstance(value, Record):
        fields = (f"{key}={_show(item, label)}" for key, item in value.fields[:_SHOWN])
        return f"{value.name}({', '.join(fields)})"
    if isinstance(value, Handle):
        return label(value.name)
    return _show_scalar(value)


def _show_set(value: Set, label: Callable[[str], str]) -> str:
    shown = "{" + _show_all(value.items, label) + "}" if value.items else ""
    return f"frozenset({shown})" if value.frozen else shown or "set()"


def _show_all(items: list[Value], label: Callable[[str], str]) -> str:
    shown = [_show(item, label) for item in items[:_SHOWN]]
    return ", ".join(shown if len(items) <= _SHOWN else [*shown, "…"])


_ARTICLES = {"coroutine": "a coroutine that was never awaited"}


def _show_scalar(value: Value) -> str:
    if isinstance(value, Opaque):
        named = _ARTICLES.get(value.type, f"<{value.type} object>")
        return f"<{value.type} {value.why}>" if value.why else named
    if isinstance(value, BigInt):
        sign, digits = value.digits[:1] == "-", value.digits.lstrip("-")
        return f"{'-' if sign else ''}0x{digits}"
    return repr(unpack(value))
