"""Which of these lines are the learner's own?"""

from __future__ import annotations

from opcode import opmap
from sys import _getframe
from types import CodeType, FrameType, TracebackType

from grader import wire

MAX_FRAMES = 20

_RAISES = {bytes([opmap["RAISE_VARARGS"], count]) for count in (1, 2)}
"""What `raise error` and `raise error from cause` are compiled to."""


class Lines:
    """Finds lines of one file in stacks and tracebacks."""

    def __init__(self, filename: str) -> None:
        self.filename = filename

    def owns(self, frame: FrameType) -> bool:
        """Say whether a frame is in the learner's file."""
        return frame.f_code.co_filename == self.filename

    def calling_line(self) -> int:
        """Return the learner's line that is running now in this thread, 0 if none."""
        frame: FrameType | None = _getframe(1)
        filename = self.filename
        while frame is not None:
            if frame.f_code.co_filename == filename:
                return frame.f_lineno
            frame = frame.f_back
        return 0

    def frames_of(self, traceback: TracebackType | None) -> list[wire.Frame]:
        """Return the learner's own lines of a traceback, outermost first."""
        found: list[wire.Frame] = []
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if code.co_filename == self.filename:
                raised = _raises(code, traceback.tb_lasti)
                found.append(wire.Frame(traceback.tb_lineno, code.co_name[:80], raised))
                del found[:-MAX_FRAMES]
            traceback = traceback.tb_next
        return found

    def stack_of(self, frame: FrameType | None) -> list[wire.Frame]:
        """Return the learner's own lines of a running stack, outermost first."""
        found: list[wire.Frame] = []
        while frame is not None and len(found) < MAX_FRAMES:
            if self.owns(frame):
                found.append(wire.Frame(frame.f_lineno, frame.f_code.co_name[:80]))
            frame = frame.f_back
        return found[::-1]

    def entered_at(self, frame: FrameType | None) -> tuple[CodeType | None, int]:
        """Return what the learner's innermost line called, and that line."""
        called: CodeType | None = None
        while frame is not None and not self.owns(frame):
            called = frame.f_code
            frame = frame.f_back
        return (called, frame.f_lineno) if frame is not None else (None, 0)


def _raises(code: CodeType, place: int) -> bool:
    """Say whether a `raise` that names its error stands there, and not a bare one."""
    return place >= 0 and code.co_code[place : place + 2] in _RAISES
