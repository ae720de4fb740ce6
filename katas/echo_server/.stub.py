"""Lines in, lines out: see README.md."""

from contextlib import AbstractAsyncContextManager


def echo_server(
    host: str = "127.0.0.1", port: int = 0, *, idle: float, max_line: int = 1024
) -> AbstractAsyncContextManager[tuple[str, int]]:
    """Serve while the block runs, and send every line back; the value is the address.

    Clients that are silent for ``idle`` seconds since their last line, or that send a
    line longer than ``max_line`` bytes, are disconnected. Leaving the block takes 1 s at
    most, and leaves no connection behind.
    """
    raise NotImplementedError
