import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalogue import find, root, slugs


def run_examples(folder: Path) -> int:
    """Run a kata's visible examples as a learner would; return pytest's exit code."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [
            *command,
            "--import-mode=importlib",
            f"--rootdir={folder.parent}",
            str(folder),
        ],
        cwd=folder.parent,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    return done.returncode


@pytest.mark.parametrize("slug", slugs(root()))
def test_the_visible_examples_pass_with_our_answer(slug: str, tmp_path: Path) -> None:
    kata = find(slug, root())
    folder = shutil.copytree(kata.folder, tmp_path / slug)
    shutil.copy(kata.solutions / "reference.py", folder / f"{slug}.py")

    assert run_examples(folder) == pytest.ExitCode.OK


@pytest.mark.parametrize("slug", slugs(root()))
def test_the_visible_examples_fail_with_the_stub(slug: str, tmp_path: Path) -> None:
    folder = shutil.copytree(find(slug, root()).folder, tmp_path / slug)

    assert run_examples(folder) == pytest.ExitCode.TESTS_FAILED
