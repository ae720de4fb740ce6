"""What a submission prints."""

from __future__ import annotations

import io

MAX_PRINTED = 64 * 1024


class _Beginning(io.RawIOBase):
    """Keeps the first bytes written to it."""

    def __init__(self, room: int) -> None:
        self.kept = bytearray()
        self.cut = False
        self.open = True
        self._room = room

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        size = len(view := memoryview(data))  # type: ignore[arg-type]
        if self.open:
            free = self._room - len(self.kept)
            self.kept += view[:free]
            self.cut = self.cut or size > free
        return size


class Output(io.TextIOWrapper):
    """Stands in for `sys.stdout` and `sys.stderr`, and keeps the beginning."""

    def __init__(self) -> None:
        self._beginning = _Beginning(MAX_PRINTED)
        super().__init__(
            self._beginning,  # type: ignore[arg-type]
            encoding="utf-8",
            errors="replace",
            newline="\n",
            write_through=True,
        )

    def stop(self) -> None:
        """Keep nothing of what is printed from now on."""
        self._beginning.open = False

    def text(self) -> str:
        """Return what was printed, marked where it was cut."""
        text = self._beginning.kept.decode("utf-8", "replace")
        return text + "… (cut)" if self._beginning.cut else text
