"""Write to every replica or to none: see README.md."""

from collections.abc import Sequence
from typing import Protocol


class Replica(Protocol):
    """One copy of the data. It is given to you: do not change it."""

    async def write(self, key: str, value: str) -> None:
        """Store the value; an error, or a cancellation, means that it is not stored."""

    async def delete(self, key: str) -> None:
        """Remove the value."""


async def save_everywhere(replicas: Sequence[Replica], key: str, value: str) -> None:
    """Write to all replicas at once, or leave the value on none of them.

    If a write fails, the writes that were completed are undone, and the errors come out
    in an ExceptionGroup. The same is done if the caller is cancelled; then CancelledError
    comes out. Nothing stops the undo.
    """
    raise NotImplementedError
