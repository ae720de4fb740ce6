"""From the bytes of a submission to a fresh module, or to the reason why not."""

from __future__ import annotations

import inspect
import linecache
import marshal
import sys
import tokenize
from collections.abc import Callable, Sequence
from io import BytesIO
from types import CodeType, ModuleType
from typing import Any

from grader import wire
from grader.player import spawning
from grader.player.actor import RunOver
from grader.player.lines import Lines
from grader.player.text import name_of, plain, said_by


class Unloadable(Exception):
    """The submission cannot be run at all."""

    def __init__(self, problem: wire.Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Submission:
    """A submission compiled once, to be executed afresh for each run.

    `code` is what it was compiled to.
    """

    def __init__(self, load: wire.Load, lines: Lines) -> None:
        self._load = load
        self._lines = lines
        self.code = load.code or _compiled(load)
        # Also where it was compiled here: all players execute what came out of `marshal`.
        self._code = marshal.loads(self.code.submission)
        self._scenarios = marshal.loads(self.code.scenarios)
        _remember(load.source, load.filename)
        spawning.carry(load.kata, load.filename, load.source)
        spawning.carry("scenarios", "<scenarios>", load.scenarios.encode())

    def execute(self) -> ModuleType:
        """Return a new module; raise `Unloadable` when its own code raises."""
        module = ModuleType(self._load.kata)
        module.__file__ = self._load.filename
        sys.modules[self._load.kata] = module
        try:
            exec(self._code, module.__dict__)
        except RunOver:
            raise
        except BaseException as error:  # noqa: BLE001
            raise Unloadable(self._import_problem(error)) from None
        return module

    def scenarios(self) -> ModuleType:
        """Return a new module of scenarios."""
        module = ModuleType("scenarios")
        sys.modules["scenarios"] = module
        exec(self._scenarios, module.__dict__)
        return module

    def check(self) -> wire.Problem | None:
        """Execute the submission once and hold it against its interface."""
        try:
            module = self.execute()
        except Unloadable as error:
            return error.problem
        for need in self._load.needs:
            if problem := _look_at(module, need):
                return problem
        return None

    def _import_problem(self, error: BaseException) -> wire.Problem:
        frames = self._lines.frames_of(error.__traceback__)
        line = frames[-1].line if frames else 0
        if isinstance(error, SystemExit):
            return wire.Problem(
                "exit", "the file calls sys.exit() while it is imported", line, frames
            )
        text = name_of(type(error))
        if said := said_by(error, 400):
            text += f": {said}"
        return wire.Problem("import", f"importing the file raised {text}", line, frames)


def _compiled(load: wire.Load) -> wire.Code:
    scenarios = compile(load.scenarios, "<scenarios>", "exec", dont_inherit=True)
    return wire.Code(_compile(load.source, load.filename), marshal.dumps(scenarios))


def _compile(source: bytes, filename: str) -> bytes:
    if not source.strip():
        raise Unloadable(wire.Problem("empty", "the file is empty"))
    _check_encoding(source)
    try:
        return marshal.dumps(compile(source, filename, "exec", dont_inherit=True))
    except SyntaxError as error:
        kind = type(error).__name__
        message = f"{kind}: {plain(error.msg, 400)}"
        line = max(0, error.lineno or 0)
        raise Unloadable(wire.Problem("syntax", message, line)) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        message = f"the file cannot be compiled: {said_by(error, 400) or type(error).__name__}"
        raise Unloadable(wire.Problem("syntax", message)) from None


def _remember(source: bytes, filename: str) -> None:
    """Let tracebacks that a submission prints show its lines."""
    lines = source.decode("utf-8", "replace").splitlines(keepends=True)
    linecache.cache[filename] = len(source), None, lines, filename


def _check_encoding(source: bytes) -> None:
    if b"\x00" in source:
        line = source[: source.index(b"\x00")].count(b"\n") + 1
        raise Unloadable(wire.Problem("encoding", "the file contains a NUL byte", line))
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(source).readline)
        source.decode(encoding)
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        message = f"the file is not {error.encoding.upper()}: byte {error.start} is {source[error.start]:#04x}"
        raise Unloadable(wire.Problem("encoding", message, line)) from None
    except (SyntaxError, LookupError) as error:
        raise Unloadable(_undecodable(source, error)) from None


def _undecodable(source: bytes, error: Exception) -> wire.Problem:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = source[: wrong.start].count(b"\n") + 1
        byte = source[wrong.start]
        message = f"the file is not UTF-8: byte {wrong.start} is {byte:#04x}"
        return wire.Problem("encoding", message, line)
    return wire.Problem(
        "encoding", f"the file cannot be read: {said_by(error, 400)}", 1
    )


# --- the interface ------------------------------------------------------------


def _look_at(module: ModuleType, need: wire.Need) -> wire.Problem | None:
    try:
        return _misfit(module, need)
    except Exception as error:  # noqa: BLE001
        # Looking at it runs code of its own: a property, a metaclass.
        what = name_of(type(error))
        message = f"{need.name} cannot be looked at: that raises {what}"
        return wire.Problem("signature", message)


def _misfit(module: ModuleType, need: wire.Need) -> wire.Problem | None:
    owner_name, _, name = need.name.rpartition(".")
    owner: Any = getattr(module, owner_name, None) if owner_name else module
    found = inspect.getattr_static(owner, name, None) if owner is not None else None
    if found is None:
        return _missing(module, owner if owner_name else module, need)
    value = getattr(owner, name)
    if need.kind == "class":
        return None if isinstance(value, type) else _not(need, value, "a class")
    if not callable(value):
        return _not(need, value, "a function")
    if need.kind == "sync" and inspect.iscoroutinefunction(value):
        message = f"{need.name} must be a plain function: def, not async def"
        return wire.Problem("signature", message, _line_of(value))
    return _wrong_call(value, need, bound=_is_bound(owner, found))


def _is_bound(owner: Any, found: Any) -> bool:
    return not isinstance(owner, type) or isinstance(found, classmethod | staticmethod)


def _missing(module: ModuleType, owner: Any, need: wire.Need) -> wire.Problem:
    wanted = need.name.rpartition(".")[2]
    names = [name for name in vars(owner or module) if not name.startswith("__")]
    close = _closest(wanted, names)
    message = f"{need.name} is missing"
    line = 0
    if close is not None:
        message += f"; found {close}, which is spelt differently"
        line = _line_of(vars(owner or module).get(close))
    return wire.Problem("missing", message, line)


def _closest(wanted: str, names: Sequence[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(wanted, names, 1, 0.7)), None)


def _not(need: wire.Need, value: object, wanted: str) -> wire.Problem:
    kind = name_of(type(value))
    return wire.Problem("signature", f"{need.name} must be {wanted}, not {kind}")


def _wrong_call(
    function: Callable[..., Any], need: wire.Need, *, bound: bool
) -> wire.Problem | None:
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        return None
    own = [] if bound else ["self"]
    try:
        signature.bind(*(own + need.positional), **dict.fromkeys(need.keywords, None))
    except TypeError:
        star = ["*", *need.keywords] if need.keywords else []
        expected = ", ".join(own + need.positional + star)
        got = ", ".join(_parameter(found) for found in signature.parameters.values())
        message = f"{need.name} must accept ({expected}); it accepts ({got})"
        return wire.Problem("signature", message, _line_of(function))
    return None


def _parameter(parameter: inspect.Parameter) -> str:
    name = plain(parameter.name, 80)
    if parameter.kind is parameter.VAR_POSITIONAL:
        return f"*{name}"
    return f"**{name}" if parameter.kind is parameter.VAR_KEYWORD else name


def _line_of(value: object) -> int:
    code = getattr(value, "__code__", None)
    if isinstance(code, CodeType):
        return code.co_firstlineno
    return 0
