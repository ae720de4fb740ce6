import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalogue import root, slugs

RIGHT = os.environ.get("CONTENT") == "right"
PARTS = ["--right", "--quick"] if RIGHT else ["--seeds", "1", "--quick"]
"""On each Python but one the right answers will do: CI has so many minutes.

For the same reason there is one seed and few draws for wrong answers; `kata check` has
two and all of them, `make soak` twenty.
"""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("slug", slugs(root()))
def test_every_kata_keeps_its_contract(slug: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("kata"), "check", slug, *PARTS],
        cwd=root(),
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == f"{slug}: everything holds\n", done.stderr
