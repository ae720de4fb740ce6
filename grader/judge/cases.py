"""What a hidden test declares: the law it checks and the cases it is played on."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from grader import values, wire
from grader.judge.draws import Draw

if TYPE_CHECKING:
    from grader.judge.play import Play

_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Case:
    """The inputs of one run: the values a test gets, and the tape of the world's draws."""

    id: str
    values: Mapping[str, Any]
    tape: tuple[int, ...] = ()
    drawn: bool = True


class _Stored(msgspec.Struct, array_like=True):
    values: wire.Value
    tape: list[int]
    drawn: bool


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Stored)


def make_case(
    test: str,
    drawn_values: Mapping[str, Any],
    tape: Sequence[int],
    *,
    drawn: bool = True,
) -> Case:
    """Return a case of `test`; its id is a hash of what it holds."""
    ordered = dict(sorted(drawn_values.items()))
    packed = _encoder.encode([values.pack(ordered), list(tape)])
    name = hashlib.blake2b(test.encode() + b"/" + packed, digest_size=4).hexdigest()
    return Case(name, ordered, tuple(tape), drawn)


def store(case: Case) -> bytes:
    """Return a case as bytes for the judge's own cache."""
    packed = values.pack(dict(case.values))
    return _encoder.encode(_Stored(packed, list(case.tape), case.drawn))


def restore(test: str, data: bytes) -> Case:
    """Return the case that `store` made; raise `msgspec.MsgspecError` for other bytes."""
    stored = _decoder.decode(data)
    return make_case(
        test, values.unpack(stored.values), stored.tape, drawn=stored.drawn
    )


@dataclass(frozen=True)
class Cases:
    """Where a test's cases come from. `examples` come first and are always the same."""

    draws: Mapping[str, Draw]
    count: int
    examples: Sequence[Mapping[str, Any]]
    assume: Callable[..., bool] | None
    given: str


@dataclass
class LawTest:
    """A hidden test: the function, its law and its cases."""

    name: str
    function: Callable[..., Any]
    cases: Cases
    law: str = ""
    fixed: list[Case] = field(default_factory=list)

    def examples(self) -> list[Case]:
        """Return the cases that are not drawn; a test without draws has just one."""
        given = self.cases.examples or ([] if self.cases.draws else [{}])
        return [make_case(self.name, each, (), drawn=False) for each in given]


LAW_TEST = "__law_test__"


def cases(
    *,
    count: int = 24,
    examples: Sequence[Mapping[str, Any]] = (),
    assume: Callable[..., bool] | None = None,
    given: str = "",
    **draws: Draw,
) -> Callable[[_F], Callable[..., Any]]:
    """Play a test on `examples` and then on `count` distinct drawn cases.

    `assume` filters what is drawn. `given` is a format string that says the inputs in
    words, with the values by name.
    """

    def decorate(function: _F) -> Callable[..., Any]:
        return _as_item(function, Cases(draws, count, examples, assume, given))

    return decorate


def law(name: str) -> Callable[[_F], Callable[..., Any]]:
    """Say which law a test checks. A law may have several tests."""

    def decorate(function: _F) -> Callable[..., Any]:
        item = function
        if not hasattr(function, LAW_TEST):
            item = _as_item(function, Cases({}, 0, (), None, ""))  # type: ignore[assignment]
        getattr(item, LAW_TEST).law = name
        return item

    return decorate


def _as_item(function: Callable[..., Any], spec: Cases) -> Callable[..., Any]:
    """Return what pytest collects: a function that wants `play` and nothing else."""

    def item(play: Play) -> None:
        play.all_cases()

    item.__name__ = function.__name__
    item.__doc__ = function.__doc__
    item.__module__ = function.__module__
    item.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter("play", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    )
    setattr(item, LAW_TEST, LawTest(function.__name__, function, spec))
    return item
