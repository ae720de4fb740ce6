"""The sandbox of this process: started early, used by every grading, ended once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.judge.selftest import Finding
    from grader.sandbox.launch import Sandbox
    from grader.sandbox.levels import Walls

MAX_SUBMISSIONS = 200
"""How many submissions a sandbox serves before another takes its place."""

_sandbox: Sandbox | None = None
_wanted = ""
_served = 0


class IsolationUnavailable(Exception):
    """The wanted isolation level cannot be reached here."""


def warm_up(isolation: str) -> None:
    """Start the sandbox in the background, if it is not there yet.

    Raises `IsolationUnavailable` where walls so high cannot be had.
    """
    global _wanted  # noqa: PLW0603
    if _sandbox is not None and _wanted == isolation:
        return
    cool_down()
    _start(_walls(isolation))
    _wanted = isolation


def _start(walls: Walls) -> None:
    global _sandbox, _served  # noqa: PLW0603
    from grader.sandbox.launch import Sandbox

    _sandbox = Sandbox(walls)
    _served = 0


def _walls(isolation: str) -> Walls:
    from grader.sandbox.levels import NONE, PROCESS

    if isolation in {"none", "process"}:
        return NONE if isolation == "none" else PROCESS
    from grader.judge.selftest import reached

    found = reached(isolation)
    if isolation not in {"best", found.walls.level}:
        raise IsolationUnavailable(_refusal(isolation, found.findings[0]))
    return found.walls


def _refusal(isolation: str, finding: Finding) -> str:
    from grader.sandbox.levels import ATTEMPTS

    could = [ATTEMPTS[each] for each in finding.broken]
    more = f", and {len(could) - 2} things more" if len(could) > 2 else ""  # noqa: PLR2004
    why = finding.why or f"a submission could still {', '.join(could[:2])}{more}"
    return (
        f"isolation level {isolation} cannot be reached here: {why}.\n"
        "`kata doctor` shows what is missing and how to add it."
    )


def sandbox() -> Sandbox:
    """Return the sandbox for one more submission; `warm_up` must have been called."""
    global _served  # noqa: PLW0603
    if _sandbox is None:
        raise RuntimeError("warm_up was not called")
    if _served >= MAX_SUBMISSIONS:
        retire()
    _served += 1
    return _sandbox


def retire() -> None:
    """Put another sandbox in the place of one that has served long, or failed."""
    if _sandbox is not None:
        walls = _sandbox.walls
        _sandbox.close()
        _start(walls)


def walls() -> Walls:
    """Return the walls of the sandbox."""
    if _sandbox is None:
        raise RuntimeError("warm_up was not called")
    return _sandbox.walls


def cool_down() -> None:
    """End the sandbox and all its players."""
    global _sandbox  # noqa: PLW0603
    if _sandbox is not None:
        _sandbox.close()
        _sandbox = None
