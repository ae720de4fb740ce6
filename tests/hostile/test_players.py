"""What a submission does to its own player: told in one word, and nothing is left."""

from __future__ import annotations

import time

import pytest

from grader.sandbox.deadlines import CPU_SECONDS

from .playing import Stand

# How a run may end, and the source of `f` or of the whole file.
CASES = {
    "an endless loop": ("processor time", "while True: pass"),
    "an endless loop while it is imported": ("processor time", "!while True: pass"),
    "an endless loop that ignores signals": (
        "processor time",
        (
            "[signal.signal(n, signal.SIG_IGN) for n in range(1, 32) if n not in (9, 19)]"
            "\n    while True: pass"
        ),
    ),
    "endless turns": ("livelock", "while True: await asyncio.sleep(0)"),
    "a wait that nothing ends": ("deadlock", "threading.Event().wait()"),
    "memory without end": (
        "raised MemoryError",
        "kept = []\n    while True: kept.append(bytes(1 << 24))",
    ),
    "one big piece of memory": ("raised MemoryError", "bytearray(2 << 30)"),
    "recursion": ("raised RecursionError", "def dig(): dig()\n    dig()"),
    "an early success": ("crashed", "os._exit(0)"),
    "an exit": ("raised SystemExit", "sys.exit(0)"),
    "an interrupt": ("raised KeyboardInterrupt", "raise KeyboardInterrupt"),
    "an error of its own": (
        "raised Own",
        "class Own(BaseException): pass\n    raise Own",
    ),
    "ending itself": ("crashed", "os.kill(os.getpid(), signal.SIGKILL)"),
    "a fault of memory": ("crashed", "ctypes.string_at(0)"),
    "an abort": ("crashed", "os.abort()"),
    "closing all descriptors": ("crashed", "os.closerange(0, 256); time.sleep(1)"),
    "garbage for the judge": (
        "protocol violation",
        "[write(n, b'junkjunkjunk') for n in range(3, 64)]",
    ),
    "a header of a huge message": (
        "protocol violation",
        "[write(n, b'\\xff' * 8) for n in range(3, 64)]",
    ),
    "a forged end": (
        "protocol violation",
        "[write(n, b'\\0\\0\\0\\5\\x91\\xa5ended') for n in range(3, 64)]",
    ),
    "a forged verdict": (
        "returned None",
        "print('100 of 100 points', flush=True)\n    os.write(1, b'{\"status\":\"pass\"}')",
    ),
    "descriptors for the judge": (
        "protocol violation",
        "[send(n) for n in range(3, 64)]",
    ),
    "printing without end": ("returned None", "print('x' * (16 << 20))"),
    "files without end": (
        "raised OSError",
        "kept = []\n    while True: kept.append(open('/dev/null'))",
    ),
    "tasks by the thousand": (
        "returned None",
        "await asyncio.gather(*(asyncio.sleep(n) for n in range(2000)))",
    ),
    "a finalizer without end": (
        "returned None",
        (
            "class Late:\n        def __del__(self):\n            while True: pass\n"
            "    kept.append(Late())"
        ),
    ),
    "another clock": ("returned None", "time.time = time.monotonic = lambda: 0"),
    "a policy": ("returned None", "asyncio.set_event_loop_policy(None)"),
    "closing the loop": ("raised RuntimeError", "asyncio.get_running_loop().close()"),
    "a loop inside": ("raised RuntimeError", "asyncio.run(asyncio.sleep(1))"),
    "swallowing all": (
        "deadlock",
        (
            "while True:\n        try: await asyncio.Event().wait()\n"
            "        except BaseException: pass"
        ),
    ),
}

SOURCE = """
import asyncio, ctypes, os, signal, socket, sys, threading, time
kept = []
def write(number, data):
    try:
        os.write(number, data)
    except OSError:
        pass
def send(number):
    try:
        with socket.socket(fileno=os.dup(number)) as sock:
            socket.send_fds(sock, [b"junk"], [0])
    except OSError:
        pass
{top}
async def f(world):
    {body}
"""


def _source(code: str) -> str:
    top = code[1:] if code.startswith("!") else ""
    return SOURCE.format(top=top, body="pass" if top else code)


@pytest.mark.parametrize("name", CASES)
def test_each_is_told_in_a_word_within_its_time(stand: Stand, name: str) -> None:
    expected, code = CASES[name]
    begun = time.process_time()

    assert stand.run(_source(code)) == expected
    assert time.process_time() - begun < CPU_SECONDS


def test_a_player_that_stops_itself_runs_out_of_time(stand: Stand) -> None:
    if stand.level == "process":
        pytest.skip("the deadline is the same; once is enough")
    with stand.patience(1.0):
        told = stand.run(_source("os.kill(os.getpid(), signal.SIGSTOP)"))

    assert told == "wall time"


def test_more_threads_than_there_is_room_for_are_refused(stand: Stand) -> None:
    told = stand.run("""
        import threading
        def f(world):
            gate = threading.Event()
            try:
                for _ in range(5000):
                    threading.Thread(target=gate.wait, daemon=True).start()
            except (RuntimeError, MemoryError):
                return "refused"
            finally:
                gate.set()
        """)

    assert told == "returned 'refused'"


def test_tasks_without_number_are_told_in_a_word(stand: Stand) -> None:
    told = stand.run("""
        import asyncio
        async def f(world):
            await asyncio.gather(*(asyncio.sleep(1) for _ in range(100_000)))
        """)

    assert told in {"returned None", "raised MemoryError", "processor time"}
