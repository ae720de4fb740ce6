"""A terminal of its own, for commands that need one."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.catalogue import root

KATA = Path(sys.executable).with_name("kata")


class Terminal:
    """A terminal in which the command runs; what it has printed is read on and on."""

    def __init__(self, *words: str | Path, columns: int = 80) -> None:
        self._end, other = pty.openpty()
        self._size(columns)
        self.process = subprocess.Popen(
            [KATA, *words], stdin=other, stdout=other, stderr=other, cwd=root()
        )
        os.close(other)
        self._read = ""

    def until(self, text: str) -> str:
        """Wait for a text; return what was printed up to its end."""
        while text not in self._read:
            self._read += os.read(self._end, 65536).decode()
        before, found, self._read = self._read.partition(text)
        return before + found

    def resize(self, columns: int) -> None:
        """Make it so wide, and have the command told."""
        self._size(columns)
        self.process.send_signal(signal.SIGWINCH)

    def _size(self, columns: int) -> None:
        size = struct.pack("HHHH", 24, columns, 0, 0)
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, size)

    def settings(self) -> list[Any]:
        """Return how the terminal takes what is typed."""
        return termios.tcgetattr(self._end)

    def rest(self) -> str:
        """Wait until the command has ended; return all that it printed, without colours."""
        with suppress(OSError):  # nobody has the other end any more
            while data := os.read(self._end, 65536):
                self._read += data.decode()
        return re.sub(r"\x1b\[[0-9;]*m", "", self._read)

    def press(self, key: str) -> None:
        os.write(self._end, key.encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._end)
