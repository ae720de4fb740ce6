import re
import shutil
import subprocess
import sys
from pathlib import Path

from grader.catalogue import root

README = root() / "README.md"


def test_the_screen_in_the_readme_is_what_the_command_prints(tmp_path: Path) -> None:
    shown = re.search(
        r"```console\n\$ make test KATA=semaphore\n(semaphore.*?)```",
        README.read_text("utf-8"),
        re.DOTALL,
    )
    copy = tmp_path / "house"
    for name in ("katas", "solutions", "tests/katas", "grader"):
        shutil.copytree(root() / name, copy / name)
    shutil.copy(
        copy / "solutions/semaphore/wrong/own_semaphores.py",
        copy / "katas/semaphore/semaphore.py",
    )

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from grader.cli import main; main()",
            "test",
            "semaphore",
        ],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )

    assert shown is not None
    assert without_times(done.stdout) == without_times(shown[1])


def without_times(screen: str) -> str:
    """Return what is the same on every machine: neither times nor walls."""
    here, _, _ = screen.partition("\n\nIsolation: ")
    return re.sub(r"· [\d.]+ m?s", "· TIME", here).strip()
