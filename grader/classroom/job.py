"""One submission to grade, as it travels to whoever grades it, and what comes back."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from grader.submission import Submission
from grader.verdict import Verdict

HANG = 900.0
"""Seconds for one submission: far more than all deadlines of the judge together."""


class Job(msgspec.Struct, frozen=True):
    """A submission, and how to grade it.

    `paths` is where katas lie, if not with ours, `file` what the learner has to hand in
    again to get the same. After `seconds` it is given up. `key` opens hidden tests that are
    sealed.
    """

    kata: str
    source: bytes
    seed: int
    isolation: str
    paths: tuple[str, ...] = ()
    seconds: float = HANG
    file: str = ""
    key: str = ""

    @property
    def submission(self) -> Submission:
        """The file, by the kata's own name."""
        name = f"{self.kata}.py"
        digest = hashlib.sha256(self.source).hexdigest()
        return Submission(name, Path(self.file or name), self.source, digest)


class Made(msgspec.Struct, frozen=True):
    """By which katas and which grader a verdict was made."""

    kata_hash: str
    grader_hash: str


class Graded(msgspec.Struct, frozen=True):
    """The verdict; without one, what went wrong on our side."""

    verdict: Verdict | None
    log: str = ""
    made: Made | None = None


def pack(message: Job | Graded) -> bytes:
    """Return a job, or what came of it, as bytes."""
    return msgspec.msgpack.encode(message)


def unpack_job(data: bytes) -> Job:
    """Return the job in these bytes."""
    return msgspec.msgpack.decode(data, type=Job)


def unpack_graded(data: bytes) -> Graded:
    """Return what came of a job."""
    return msgspec.msgpack.decode(data, type=Graded)
