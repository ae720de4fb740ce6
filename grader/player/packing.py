"""What goes over the wire: values, objects known by name, exceptions."""

from __future__ import annotations

import builtins
import dataclasses
from types import ModuleType
from typing import Any

from grader import values, wire
from grader.player.lines import Lines
from grader.player.text import name_of, plain, said_by

MAX_MESSAGE = 4096
MAX_MESSAGE_INSIDE = 400
MAX_GROUP_DEPTH = 20
MAX_FAILURES = 100
"""Exceptions told of one exception group, however it is nested."""

HANDLE = "__handle__"
"""The attribute by which an exception of the world's making is known again."""

_attributes_of = vars(BaseException)["__dict__"].__get__
_traceback_of = vars(BaseException)["__traceback__"].__get__
_members_of = vars(BaseExceptionGroup)["exceptions"].__get__
_bases_of = vars(type)["__mro__"].__get__


class Packing:
    """Packs what leaves a run and unpacks what comes in.

    Whatever a submission returns, raises or passes on, packing it never raises.
    """

    def __init__(self, lines: Lines, records: list[str]) -> None:
        self._lines = lines
        self._records = frozenset(records)
        self._objects: dict[str, object] = {}
        self._names: dict[int, str] = {}
        self.module = ModuleType("kata")
        self.scenarios = ModuleType("scenarios")

    # --- objects --------------------------------------------------------------

    def register(self, value: object, name: str) -> object:
        """Give an object a name that both sides know."""
        self._objects[name] = value
        self._names[id(value)] = name
        return value

    def object_of(self, name: str) -> object:
        """Return the object of that name, a new one if there is none yet."""
        if name not in self._objects:
            self.register(_Named(name), name)
        return self._objects[name]

    def forget(self) -> None:
        """Let go of all objects."""
        self._objects.clear()
        self._names.clear()

    def _name_of(self, value: object) -> str | None:
        if (name := self._names.get(id(value))) is not None:
            return name
        if not issubclass(type(value), BaseException):
            return None
        stamp = _attributes_of(value).get(HANDLE)
        # A copy of the exception carries the stamp of the original.
        if type(stamp) is tuple and stamp[1:] == (id(value),):
            return plain(stamp[0], 200)
        return None

    # --- values ---------------------------------------------------------------

    def pack(self, value: object) -> wire.Value:
        """Return a value as it travels."""
        try:
            return values.pack(value, self._name_of, self._fields_of)
        except BaseException:  # noqa: BLE001
            return wire.Opaque(name_of(type(value)), "cannot be read")

    def pack_all(self, given: tuple[object, ...]) -> list[wire.Value]:
        """Return values as they travel."""
        return [self.pack(value) for value in given]

    def pack_keywords(self, given: dict[str, object]) -> dict[str, wire.Value]:
        """Return keyword arguments as they travel."""
        return {plain(name, 80): self.pack(value) for name, value in given.items()}

    def unpack(self, value: wire.Value) -> Any:
        """Return what the judge's value stands for in here."""
        return values.unpack(value, self.object_of)

    def _fields_of(self, value: object) -> tuple[str, list[tuple[str, object]]] | None:
        kind = type(value)
        name = name_of(kind)
        if name not in self._records or vars(self.module).get(name) is not kind:
            return None
        if not dataclasses.is_dataclass(kind):
            return None
        fields = dataclasses.fields(kind)
        return name, [(field.name, getattr(value, field.name)) for field in fields]

    # --- exceptions -----------------------------------------------------------

    def exception(self, failed: wire.Failed) -> BaseException:
        """Return the exception that an operation raises."""
        error = self._exception_type(failed.type)(failed.message)
        _attributes_of(error)[HANDLE] = (failed.handle, id(error))
        return error

    def _exception_type(self, name: str) -> type[BaseException]:
        for place in (self.scenarios, builtins, self.module):
            found = vars(place).get(name)
            if isinstance(found, type) and issubclass(found, BaseException):
                return found
        raise LookupError(f"no exception called {name}")

    def failure(self, error: BaseException) -> wire.Failure:
        """Return an exception as it travels."""
        return _Failures(self._lines, self._name_of).pack(error, 0)


class _Failures:
    """Packs one exception and those inside it."""

    def __init__(self, lines: Lines, handle_of: Any) -> None:
        self._lines = lines
        self._handle_of = handle_of
        self._told = 0

    def pack(self, error: BaseException, depth: int) -> wire.Failure:
        try:
            return self._pack(error, depth)
        except BaseException:  # noqa: BLE001
            return wire.Failure(name_of(type(error)), "unavailable")

    def _pack(self, error: BaseException, depth: int) -> wire.Failure:
        self._told += 1
        kind = type(error)
        return wire.Failure(
            name_of(kind),
            said_by(error, MAX_MESSAGE_INSIDE if depth else MAX_MESSAGE),
            self._handle_of(error),
            _notes_of(error),
            self._members(error, depth),
            self._lines.frames_of(_traceback_of(error)),
            [name_of(base) for base in _bases_of(kind)[:12]],
        )

    def _members(self, error: BaseException, depth: int) -> list[wire.Failure] | None:
        if not issubclass(type(error), BaseExceptionGroup):
            return None
        told: list[wire.Failure] = []
        for member in _members_of(error) if depth < MAX_GROUP_DEPTH else ():
            if self._told >= MAX_FAILURES:
                break
            told.append(self.pack(member, depth + 1))
        return told


class _Named:
    """An object that means nothing but itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<{self._name}>"


def _notes_of(error: BaseException) -> list[str]:
    notes = _attributes_of(error).get("__notes__")
    if type(notes) is not list:
        return []
    return [plain(note, 400) for note in notes[:10] if type(note) is str]
