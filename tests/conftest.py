"""What all tests share, wherever they are started from."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Let commands under test be interrupted.

    Who runs the tests in the background has SIGINT ignored, and so would every command.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
