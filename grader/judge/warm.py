"""The sandboxes of this process: started early, used by every grading, ended together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.judge.selftest import Finding
    from grader.sandbox.capabilities import Capability, Library
    from grader.sandbox.launch import Sandbox
    from grader.sandbox.levels import Walls

MAX_SUBMISSIONS = 200
"""How many submissions a sandbox serves before another takes its place."""


class _Kind(NamedTuple):
    """What a sandbox is like: the same kind serves again."""

    isolation: str
    allow: tuple[Capability, ...]
    libraries: tuple[Library, ...]


class _Served:
    """A sandbox and how many submissions it has served."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.count = 0


_running: dict[_Kind, _Served] = {}
_current: _Kind | None = None


class IsolationUnavailable(Exception):
    """The wanted isolation level cannot be reached here."""


def warm_up(
    isolation: str,
    allow: Collection[Capability] = (),
    libraries: Collection[Library] = (),
) -> None:
    """Start a sandbox of this kind in the background, if none is there yet.

    `sandbox` is this one from now on. Raises `IsolationUnavailable` where walls so high
    cannot be had.
    """
    global _current  # noqa: PLW0603
    kind = _Kind(isolation, tuple(sorted(allow)), tuple(sorted(libraries)))
    if kind not in _running:
        _running[kind] = _Served(_started(_walls(kind), kind.libraries))
    _current = kind


def _started(walls: Walls, libraries: Collection[Library]) -> Sandbox:
    from grader.sandbox.launch import Sandbox

    return Sandbox(walls, libraries=libraries)


def demand(isolation: str, allow: Collection[Capability] = ()) -> None:
    """Raise `IsolationUnavailable` where walls so high cannot be had; start nothing."""
    _walls(_Kind(isolation, tuple(sorted(allow)), ()))


def _walls(kind: _Kind) -> Walls:
    from grader.sandbox.levels import UNWALLED, unwalled

    isolation = kind.isolation
    for level in UNWALLED:
        if level == isolation:
            return unwalled(level, kind.allow)
    from grader.judge.selftest import reached

    found = reached(isolation, kind.allow)
    if isolation not in {"best", found.walls.level}:
        raise IsolationUnavailable(_refusal(kind, found.findings[0]))
    return found.walls


def _refusal(kind: _Kind, finding: Finding) -> str:
    from grader.sandbox.levels import ATTEMPTS

    could = [ATTEMPTS[each] for each in finding.broken]
    more = f", and {len(could) - 2} things more" if len(could) > 2 else ""  # noqa: PLR2004
    why = finding.why or f"a submission could still {', '.join(could[:2])}{more}"
    allowed = f" for a kata that is allowed {' and '.join(kind.allow)}"
    return (
        f"isolation level {kind.isolation} cannot be reached here"
        f"{allowed if kind.allow else ''}: {why}.\n"
        "`kata doctor` shows what is missing and how to add it."
    )


def sandbox() -> Sandbox:
    """Return the sandbox for one more submission; `warm_up` must have been called."""
    if _now().count >= MAX_SUBMISSIONS:
        retire()
    _now().count += 1
    return _now().sandbox


def retire() -> None:
    """Put another sandbox in the place of one that has served long, or failed."""
    if _current in _running:
        spent = _running.pop(_current).sandbox
        spent.close()
        _running[_current] = _Served(_started(spent.walls, _current.libraries))


def walls() -> Walls:
    """Return the walls of the sandbox."""
    return _now().sandbox.walls


def cool_down() -> None:
    """End all sandboxes and their players."""
    while _running:
        _running.popitem()[1].sandbox.close()


def trunk() -> Sandbox | None:
    """Return the sandbox if it may have branches for judges beside this one."""
    found = _now().sandbox
    return None if found.walls.allow else found


def move_to(branch: Sandbox | None) -> None:
    """Leave all sandboxes to the process that this one was forked from.

    `branch` is the sandbox from now on; without one, `warm_up` starts another.
    """
    while _running:
        _running.popitem()[1].sandbox.abandon()
    if branch is not None and _current is not None:
        _running[_current] = _Served(branch)


def _now() -> _Served:
    if _current not in _running:
        raise RuntimeError("warm_up was not called")
    return _running[_current]
