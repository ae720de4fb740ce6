from pathlib import Path

import pytest

from .conftest import Command

STUCK = Path("tests/hostile/stuck")

SHOWN = {
    "crossed_locks": [
        "Task-2, in fetch_one, waits for a lock that Task-3 holds",
        "Task-3, in fetch_one, waits for a lock that Task-2 holds",
        "13 | async with second:",
        "Task-2 waits for Task-3, Task-3 waits for Task-2.",
        "(deadlock)",
    ],
    "thread_waits_for_loop": [
        "thread worker, in work, waits for Future.result",
        "17 | worker.join()",
        "(deadlock)",
    ],
    "thread_and_loop": [
        "waits for Future.result",
        "11 | pages.append(future.result())",
        "(deadlock)",
    ],
    "endless_turns": [
        "Task-1, in fetch_limited, waits for its next turn",
        "8 | await asyncio.sleep(0)",
        "(livelock)",
    ],
    "blocking_sleep": ["time.sleep(1) (Task-2, line 12) stopped every task at t=0.0s"],
    "task_left": [
        "task watcher in watch was",
        "11 | await asyncio.sleep(60)",
    ],
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_stuck_is_named_with_task_and_line(name: str, kata: Command) -> None:
    printed = kata("test", "semaphore", "--file", STUCK / f"{name}.py")

    assert printed.code == 1
    assert [text for text in SHOWN[name] if text not in printed.out] == []
