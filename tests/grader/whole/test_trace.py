import json
from pathlib import Path

from tests.grader.whole.conftest import Command

WRONG = "solutions/semaphore/wrong/own_semaphores.py"


def test_the_run_that_broke_a_law_is_written_as_a_trace(
    kata: Command, tmp_path: Path
) -> None:
    out = tmp_path / "semaphore.json"

    printed = kata("trace", "semaphore", "--file", WRONG, "--out", str(out))

    assert printed.code == 1
    assert printed.out.startswith("At most 3 may run at once; 5 ran at t=0.0s.\n")
    counts = [
        event["args"]
        for event in json.loads(out.read_bytes())["traceEvents"]
        if event["ph"] == "C"
    ]
    assert counts[0] == {"running": 5, "limit": 3}
