"""What ruff's rules for asynchronous code say of an answer: advice, never marks."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import msgspec

from grader.catalogue import Kata
from grader.submission import Rejected, take_in

RULES = ("ASYNC", "RUF006")
SECONDS = 10.0
"""How long ruff may take; it needs a hundredth of a second."""

IN_WORDS = {
    "ASYNC109": "a timeout as a parameter: callers can put asyncio.timeout around the "
    "call, and need no parameter for it.",
    "ASYNC110": "it sleeps in a loop until something is so. An asyncio.Event wakes it at "
    "that very moment, and costs nothing until then.",
    "ASYNC210": "this request waits in the thread of the event loop: no other task runs "
    "until it is answered. Use an asynchronous client.",
    "ASYNC212": "this request waits in the thread of the event loop: no other task runs "
    "until it is answered. Use httpx.AsyncClient.",
    "ASYNC220": "starting a process this way stops every other task meanwhile. Use "
    "asyncio.create_subprocess_exec.",
    "ASYNC221": "this waits for a process, and every other task with it. Use "
    "asyncio.create_subprocess_exec.",
    "ASYNC222": "this waits for a process, and every other task with it. Await the "
    "process's own wait().",
    "ASYNC230": "a file is opened in the thread of the event loop: while the disk is slow "
    "no other task runs. Use asyncio.to_thread, or aiofiles.",
    "ASYNC240": "the file system is asked in the thread of the event loop: while it is "
    "slow no other task runs. Use asyncio.to_thread.",
    "ASYNC250": "input() waits for somebody to type, and every other task with it. Use "
    "asyncio.to_thread.",
    "ASYNC251": "time.sleep stops every task. `await asyncio.sleep` stops this one only.",
    "RUF006": "nobody keeps this task: the event loop holds it weakly, so it may be "
    "collected before it has ended, and its error is never seen. Keep it, and await it.",
}


class _Place(msgspec.Struct):
    row: int


class _Found(msgspec.Struct):
    message: str
    location: _Place
    code: str | None = None


@dataclass(frozen=True)
class Advice:
    """What a rule says of a line, in plain words."""

    line: int
    rule: str
    text: str


def advise(kata: Kata, file: str | None = None) -> list[Advice]:
    """Return the advice on a learner's file, or another one that answers the kata."""
    try:
        source = take_in(file or kata.stub, kata.stub.name).source
    except Rejected:
        return []  # its verdict says what is wrong with it
    stub = kata.pristine.read_bytes() if kata.pristine.exists() else b""
    return advice(source, stub)


def advice(source: bytes, stub: bytes) -> list[Advice]:
    """Return what the rules say of an answer, by line.

    What they say of the stub already is what the kata asks for, and left out. Nothing is
    said of what cannot be read, and where ruff cannot be run.
    """
    asked_for = {found.code for found in _check(stub)}
    told = {
        (found.location.row, found.code): Advice(
            found.location.row, found.code, IN_WORDS.get(found.code, found.message)
        )
        for found in _check(source)
        if found.code is not None
        and found.code.startswith(RULES)
        and found.code not in asked_for
    }
    return [told[key] for key in sorted(told)]


def _check(source: bytes) -> list[_Found]:
    command = [sys.executable, "-P", "-m", "ruff", "check", "--isolated", "--no-cache"]
    options = [f"--select={','.join(RULES)}", "--output-format=json", "--quiet"]
    try:
        done = subprocess.run(
            [*command, *options, "--exit-zero", "--stdin-filename=answer.py", "-"],
            input=source,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        return msgspec.json.decode(done.stdout, type=list[_Found])
    except (OSError, subprocess.SubprocessError, msgspec.MsgspecError):
        return []
