"""The sandbox of this process: started early, used by every grading, ended once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.sandbox.launch import Sandbox

_sandbox: Sandbox | None = None
_level = ""


class IsolationUnavailable(Exception):
    """The wanted isolation level cannot be reached here."""


def warm_up(isolation: str) -> None:
    """Start the sandbox in the background, if it is not there yet."""
    global _sandbox, _level  # noqa: PLW0603
    if isolation in {"strong", "confined"}:
        raise IsolationUnavailable(
            f"isolation level {isolation} cannot be reached here; "
            "the highest is process: use --isolation process"
        )
    wanted = "none" if isolation == "none" else "process"
    if _sandbox is not None and _level == wanted:
        return
    cool_down()
    from grader.sandbox.launch import Sandbox

    _sandbox = Sandbox(unbounded=wanted == "none")
    _level = wanted


def sandbox() -> Sandbox:
    """Return the sandbox; `warm_up` must have been called."""
    if _sandbox is None:
        raise RuntimeError("warm_up was not called")
    return _sandbox


def level() -> str:
    """Return the level that was reached."""
    return _level


def cool_down() -> None:
    """End the sandbox and all its players."""
    global _sandbox  # noqa: PLW0603
    if _sandbox is not None:
        _sandbox.close()
        _sandbox = None
