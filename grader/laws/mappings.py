"""What a returned dict holds: each key in its place, and what stands under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader import values, wire
from grader.laws import words
from grader.laws.order import first_argument
from grader.laws.outcome import Broken
from grader.laws.witness import Witness


class MappingLaws(Witness):
    """The returned dict, key by key. Values are told as they travel."""

    def answer(self, name: str, key: Any) -> wire.Value:
        """Return what the call of `name` with this first argument gave."""
        for each in self.run.named(name):
            if first_argument(each) == key and each.how == "value":
                return each.value
        return self._missing(name, key, "that never came")

    def error(self, name: str, key: Any) -> wire.Value:
        """Return the error that the call of `name` with this first argument raised."""
        for each in self.run.named(name):
            if first_argument(each) == key and each.failed:
                return wire.Handle(f"error {each.token}")
        return self._missing(name, key, "that never failed")

    def _missing(self, name: str, key: Any, why: str) -> wire.Value:
        # An Opaque one that says why is the same as no value.
        return wire.Opaque(f"call {words.call(name, [key], self.label)}", why)

    def returns_keys(self, keys: Sequence[Any], rule: str) -> None:
        """The scenario returns a dict with exactly these keys, in this order."""
        returned = [key for key, _ in self._returned_dict(rule).pairs]
        wanted = [values.pack_known(key) for key in keys]
        for key in wanted:
            if not _is_among(key, returned):
                raise self._wrong_dict(rule, f"{self.show(key)} is missing", "no-key")
        for key in returned:
            if not _is_among(key, wanted):
                seen = f"nobody asked for {self.show(key)}"
                raise self._wrong_dict(rule, seen, "extra-key")
        if not all(map(values.same, returned, wanted)):
            order = words.listing([self.show(key) for key in wanted], 8)
            raise self._wrong_dict(rule, f"expected {order}", "out-of-order")

    def returns_under(self, key: Any, wanted: wire.Value, rule: str) -> None:
        """In the dict that the scenario returns this stands under `key`.

        An `Opaque` in `wanted` stands for any object, or any error of an operation, that
        has this type; for any text if that is `str`, and for anything if it is `object`.
        """
        told = values.pack_known(key)
        for found, value in self._returned_dict(rule).pairs:
            if values.same(found, told):
                self._compare(told, value, wanted, rule)
                return
        raise self._wrong_dict(rule, f"{self.show(told)} is missing", "no-key")

    def _compare(
        self, key: wire.Value, value: wire.Value, wanted: wire.Value, rule: str
    ) -> None:
        if self._fits(value, wanted):
            return
        found, sought = self._difference(value, wanted)
        raise Broken(
            rule,
            f"under {self.show(key)} it returned {found}",
            sign=_sign_of(value, wanted),
            at=self.outcome.when.at,
            seen=f"expected {sought}",
        )

    def _difference(self, value: wire.Value, wanted: wire.Value) -> tuple[str, str]:
        """Return what was found and what was sought; of long records only one field."""
        kind = value.name if isinstance(value, wire.Record) else ""
        for name, found, sought in _side_by_side(value, wanted):
            if not self._fits(found, sought):
                return (
                    f"{kind} with {name}={self.show(found)}",
                    f"{name}={self.show(sought)}",
                )
        return self.show(value), self.show(wanted)

    def _fits(self, value: wire.Value, wanted: wire.Value) -> bool:
        if isinstance(wanted, wire.Record) and isinstance(value, wire.Record):
            same_kind = value.name == wanted.name
            found, sought = dict(value.fields), dict(wanted.fields)
            return (
                same_kind
                and list(found) == list(sought)
                and all(self._fits(found[name], sought[name]) for name in sought)
            )
        if isinstance(wanted, wire.Opaque) and not wanted.why:
            kinds = {"object", self._type_of(value), *self._error_types(value)}
            return wanted.type in kinds
        return values.same(value, wanted)

    def _type_of(self, value: wire.Value) -> str:
        if isinstance(value, str | wire.Surrogates):
            return "str"
        return value.type if isinstance(value, wire.Opaque) and not value.why else ""

    def _error_types(self, value: wire.Value) -> list[str]:
        """Return the type of the error of an operation, if that is what a value is."""
        name = value.name if isinstance(value, wire.Handle) else None
        return [
            each.plan.fails.type
            for each in self.run.operations
            if each.failed and each.plan.fails and name == f"error {each.token}"
        ]

    def _returned_dict(self, rule: str) -> wire.Dict:
        self.must_return(rule)
        returned = self.outcome.value
        if isinstance(returned, wire.Dict):
            return returned
        raise self._wrong_dict(rule, "a dict was expected", "no-dict")

    def _wrong_dict(self, rule: str, seen: str, sign: str) -> Broken:
        at = self.outcome.when.at
        return Broken(rule, self.ending(), sign=sign, at=at, seen=seen)


def _is_among(key: wire.Value, keys: Sequence[wire.Value]) -> bool:
    return any(values.same(key, each) for each in keys)


def _side_by_side(
    value: wire.Value, wanted: wire.Value
) -> list[tuple[str, wire.Value, wire.Value]]:
    """Return the fields of two records of one kind that are too long for a line."""
    if not isinstance(value, wire.Record) or not isinstance(wanted, wire.Record):
        return []
    names = [name for name, _ in value.fields]
    if value.name != wanted.name or names != [name for name, _ in wanted.fields]:
        return []
    pairs = zip(value.fields, wanted.fields, strict=True)
    fields = [(name, found, sought) for (name, found), (_, sought) in pairs]
    return fields if len(fields) > 1 else []


def _sign_of(value: wire.Value, wanted: wire.Value) -> str:
    """Return `wrong-record` where a value is not even of the wanted dataclass."""
    if isinstance(wanted, wire.Record):
        named = value.name if isinstance(value, wire.Record) else ""
        return "wrong-value" if named == wanted.name else "wrong-record"
    return "wrong-value"
