"""The autograder that Classroom 50 takes: a folder with `autograder.py` in it.

The host publishes it, so that it holds the laws and no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from grader.catalogue import Kata
from grader.hosts.one import SETTINGS, Settings
from grader.packages import contents
from grader.packages.contents import File

AUTOGRADER = '''\
"""Grades the checkout in which it is started; the host runs it for each submission."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = Path(__file__).resolve().parent
ROOT = ["sudo", "-n"] if os.geteuid() else []
INSTALL = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]


def install_walls():
    """Install what strong walls are made of; without it weaker ones must do."""
    needed = ["apt-get", *ROOT[:1]]
    if shutil.which("bwrap") or not all(map(shutil.which, needed)):
        return
    subprocess.run([*ROOT, "apt-get", "update", "-qq"], check=False)
    subprocess.run([*ROOT, *INSTALL, "bubblewrap", "libseccomp2"], check=False)


def grade(folder):
    """Grade with the packages of our lock, and no others; return the exit code."""
    venv = Path(folder, "venv")
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    python = venv / "bin" / "python"
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "-q"]
    lock = ["--require-hashes", "-r", HOME / "requirements.lock"]
    subprocess.run([*pip, "install", *lock], check=True)
    variables = {"PYTHONPATH": str(HOME), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [python, "-P", "-m", "grader.hosts.classroom50", HOME],
        env=os.environ | variables,
        check=False,
    ).returncode


if __name__ == "__main__":
    install_walls()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(grade(folder))
'''


def files(katas: Iterable[Kata], settings: Settings) -> Iterator[File]:
    """Yield what lies in the folder of the assignment's autograder."""
    yield File("autograder.py", AUTOGRADER.encode())
    yield File(SETTINGS, msgspec.json.encode(settings))
    yield from contents.grader()
    for kata in katas:
        yield from contents.folder(kata)
        yield from contents.laws(kata)
