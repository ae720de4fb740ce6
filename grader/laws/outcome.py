"""What becomes of a law in one run, when it does not simply hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.verdict import Reason
    from grader.world.record import Run


class Broken(AssertionError):
    """The law is broken: the rule, then the fact.

    `sign` names the way in which it was broken, for the diagnosis. `operations` are the
    numbers of those that broke it, with the note each gets in the picture, and so are
    `connections`; `band` says in two words what was wrong from `at` to `until`.
    """

    run: Run | None = None

    def __init__(  # noqa: PLR0913
        self,
        rule: str,
        fact: str,
        *,
        sign: str,
        at: int | None = None,
        until: int | None = None,
        line: int = 0,
        operations: Iterable[tuple[int, str]] = (),
        connections: Iterable[tuple[int, str]] = (),
        limit: int | None = None,
        band: str = "",
        seen: str = "",
        reason: Reason = "behaviour",
    ) -> None:
        stop = "" if fact.endswith((".", "!", "?")) else "."
        super().__init__(f"{rule}; {fact}{stop}")
        self.sign = sign
        self.at = at
        self.until = until
        self.line = line
        self.operations = dict(operations)
        self.connections = dict(connections)
        self.limit = limit
        self.band = band
        self.seen = seen
        self.reason: Reason = reason


class NotReached(Exception):
    """The situation that the law is about never arose in this run."""

    run: Run | None = None

    def __init__(self, why: str, reason: Reason = "never arose", line: int = 0) -> None:
        super().__init__(why)
        self.reason: Reason = reason
        self.line = line


class TimeUp(Exception):
    """The submission ran out of processor time, wall time or steps."""

    run: Run | None = None

    def __init__(self, why: str, reason: Reason, line: int = 0) -> None:
        super().__init__(why)
        self.reason: Reason = reason
        self.line = line
