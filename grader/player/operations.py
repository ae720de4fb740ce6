"""The simulated operations, as the scenario and the submission call them."""

from __future__ import annotations

from asyncio import CancelledError, Future, get_running_loop
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from grader import wire
from grader.player.text import name_of

if TYPE_CHECKING:
    from grader.player.stage import Stage


class Call:
    """One call of an operation, from its beginning to what the world answers."""

    __slots__ = ("__weakref__", "_future", "_stage", "actor", "answer", "loop", "op")

    def __init__(self, stage: Stage, op: int) -> None:
        self._stage = stage
        self._future: Future[Any] | None = None
        self.op = op
        self.loop: Any = None
        self.actor: Any = None
        self.answer: wire.Answer | None = None

    # --- asynchronous ---------------------------------------------------------

    async def result(self, *, lingers: bool) -> Any:
        """Wait for the world's answer, as a well-behaved coroutine does."""
        try:
            answer = await self._answered()
        except CancelledError:
            self._stage.report(wire.CancelSeen(self.op))
            if not lingers:
                self._close("cancelled")
                raise
            answer = await self._answer_to_cancellation()
            if isinstance(answer, wire.Gone):
                self._close("cancelled")
                raise
        except BaseException:
            # Its coroutine was closed, or driven without a loop.
            self._close("dropped")
            raise
        return self._conclude(answer)

    async def _answer_to_cancellation(self) -> wire.Answer:
        try:
            return await self._answered()
        except CancelledError:
            self._stage.report(wire.CancelSeen(self.op))
            self._close("cancelled")
            raise
        except BaseException:
            self._close("dropped")
            raise

    async def _answered(self) -> wire.Answer:
        self.loop = get_running_loop()
        self._future = self.loop.create_future()
        answer: wire.Answer = await self._future
        return answer

    def settle(self, answer: wire.Answer) -> None:
        """Take the world's answer, on the thread of the loop that waits for it."""
        future = self._future
        if future is not None and not future.done():
            future.set_result(answer)

    # --- synchronous ----------------------------------------------------------

    def wait(self, what: str) -> Any:
        """Return the answer; a call that takes time parks its thread, waiting for `what`."""
        kernel = self._stage.kernel
        self.actor = kernel.running
        kernel.ask(self.op)
        while self.answer is None:
            kernel.wait(what, None)
        return self._conclude(self.answer)

    # --- both -----------------------------------------------------------------

    def _conclude(self, answer: wire.Answer) -> Any:
        if isinstance(answer, wire.Done):
            self._close("value")
            return self._stage.packing.unpack(answer.value)
        self._close("error")
        if isinstance(answer, wire.Failed):
            raise self._stage.packing.exception(answer)
        raise _Exhausted

    def _close(self, how: Any) -> None:
        self._stage.report(wire.Closed(self.op, how))


class _Exhausted(Exception):
    """The world has no more items for an iterator."""


class World:
    """What a scenario calls `world`: one attribute an operation, and `note`."""

    def __init__(
        self,
        stage: Stage,
        specs: list[wire.OperationSpec],
        follow: Callable[..., Any],
    ) -> None:
        self._stage = stage
        self.follow = follow
        for spec in specs:
            self._place(spec.name.split("."), _MAKERS[spec.kind](stage, spec))

    def _place(self, path: list[str], operation: Any) -> None:
        owner: Any = self
        for part in path[:-1]:
            if part not in vars(owner):
                setattr(owner, part, SimpleNamespace())
            owner = getattr(owner, part)
        setattr(owner, path[-1], operation)

    def note(self, name: str, *values: Any) -> None:
        """Write something down for the judge, at this point of the order of events."""
        self._stage.note(name, values)

    def yielded(self, name: str, item: Any) -> None:
        """Report an item that the submission handed to the scenario."""
        self._stage.report(wire.Yielded(name, self._stage.packing.pack(item)))

    def object(self, name: str) -> Any:
        """Return the object that both sides know by this name."""
        return self._stage.packing.object_of(name)

    def register(self, value: Any, name: str) -> Any:
        """Give an object a name, under which the judge will recognise it."""
        return self._stage.packing.register(value, name)


def _asynchronous(stage: Stage, spec: wire.OperationSpec) -> Any:
    async def operation(*args: Any, **keywords: Any) -> Any:
        __operation__ = spec.name  # noqa: F841 (the census reads it)
        call = stage.begin(spec.name, args, keywords)
        return await call.result(lingers=spec.lingers)

    return _named(operation, spec.name)


def _synchronous(stage: Stage, spec: wire.OperationSpec) -> Any:
    def operation(*args: Any, **keywords: Any) -> Any:
        call = stage.begin(spec.name, args, keywords)
        return call.wait(f"the operation {spec.name}")

    return _named(operation, spec.name)


def _named(function: Any, name: str) -> Any:
    function.__name__ = name.rpartition(".")[2]
    function.__qualname__ = name
    return function


class _Stream:
    """An asynchronous iterator whose items come from the world."""

    def __init__(self, stage: Stage, spec: wire.OperationSpec, args: Any) -> None:
        self._next = _asynchronous(stage, _part(spec, "next"))
        self._close = _asynchronous(stage, _part(spec, "close"))
        self._args = args

    def __aiter__(self) -> _Stream:
        return self

    async def __anext__(self) -> Any:
        try:
            return await self._next(*self._args)
        except _Exhausted:
            raise StopAsyncIteration from None

    async def aclose(self) -> None:
        await self._close(*self._args)


class _Iterator:
    """An iterator whose items come from the world."""

    def __init__(self, stage: Stage, spec: wire.OperationSpec, args: Any) -> None:
        self._next = _synchronous(stage, _part(spec, "next"))
        self._args = args

    def __iter__(self) -> _Iterator:
        return self

    def __next__(self) -> Any:
        try:
            return self._next(*self._args)
        except _Exhausted:
            raise StopIteration from None


class _Context:
    """An asynchronous context manager whose ends are operations."""

    def __init__(self, stage: Stage, spec: wire.OperationSpec, args: Any) -> None:
        self._enter = _asynchronous(stage, _part(spec, "enter"))
        self._exit = _asynchronous(stage, _part(spec, "exit"))
        self._args = args

    async def __aenter__(self) -> Any:
        return await self._enter(*self._args)

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        # Only a plain True swallows what was raised inside: a token must not.
        return await self._exit(None if kind is None else name_of(kind)) is True


class _Guard:
    """A context manager whose ends are operations."""

    def __init__(self, stage: Stage, spec: wire.OperationSpec, args: Any) -> None:
        self._enter = _synchronous(stage, _part(spec, "enter"))
        self._exit = _synchronous(stage, _part(spec, "exit"))
        self._args = args

    def __enter__(self) -> Any:
        return self._enter(*self._args)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return self._exit(None if kind is None else name_of(kind)) is True


def _part(spec: wire.OperationSpec, part: str) -> wire.OperationSpec:
    return wire.OperationSpec(f"{spec.name}.{part}", spec.kind, spec.lingers)


def _object_maker(kind: Any) -> Callable[..., Any]:
    def maker(stage: Stage, spec: wire.OperationSpec) -> Any:
        return _named(lambda *args: kind(stage, spec, args), spec.name)

    return maker


_MAKERS: dict[str, Callable[..., Any]] = {
    "async": _asynchronous,
    "sync": _synchronous,
    "stream": _object_maker(_Stream),
    "iterator": _object_maker(_Iterator),
    "context": _object_maker(_Context),
    "guard": _object_maker(_Guard),
}
