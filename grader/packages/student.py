"""A starter repository: stubs, statements, examples and the grader, never solutions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator

from grader.catalogue import HOME, Kata
from grader.packages import contents
from grader.packages.contents import File

README = """\
# Your katas

{list}

Write your answer in the file of that name; its `README.md` has the task.

```console
$ make test KATA={first}
```
"""

EXAM_README = """\
# Your katas

{list}

Write your answer in the file of that name; its `README.md` has the task. The examples are
ordinary tests:

```console
$ make examples KATA={first}
```
"""

EXAM_MAKEFILE = """\
PYTHON ?= python3

examples: .venv/ready
\t@.venv/bin/python -m pytest -q katas/$(KATA)/test_examples.py

.venv/ready: requirements.lock
\t@$(PYTHON) -m venv .venv
\t@.venv/bin/python -m pip --disable-pip-version-check -q install \\
\t  --require-hashes -r requirements.lock
\t@touch $@
"""

FOR_LEARNERS = "# For the learner\n"
_FOR_OTHERS = "# For the lecturer\n"
READY = "# The stamp holds"
_SHOWN = {"README.md", "test_examples.py"}


def files(katas: Iterable[Kata]) -> Iterator[File]:
    """Yield a repository in which learners see at once which laws they keep."""
    chosen = list(katas)
    yield readme(README, chosen)
    yield File("Makefile", makefile().encode())
    yield File(".gitignore", b".venv/\n.cache/\nbuild/\nprogress.jsonl\n__pycache__/\n")
    yield from contents.grader()
    for kata in chosen:
        yield from contents.folder(kata)
        yield from contents.laws(kata)


def exam_files(katas: Iterable[Kata]) -> Iterator[File]:
    """Yield one without laws, hints and grader: stubs, statements and examples."""
    chosen = list(katas)
    yield readme(EXAM_README, chosen)
    yield File("Makefile", EXAM_MAKEFILE.encode())
    yield File(".gitignore", b".venv/\n__pycache__/\n")
    yield File("requirements.lock", (HOME / "requirements.lock").read_bytes())
    yield File("pytest.ini", _pytest_settings().encode())
    for kata in chosen:
        shown = _SHOWN | {kata.stub.name}
        for file in contents.folder(kata):
            if file.place.rpartition("/")[2] in shown:
                yield file


def readme(text: str, katas: list[Kata]) -> File:
    """Return the first page, with the katas in it."""
    lines = [f"- `katas/{kata.slug}`: {kata.title}" for kata in katas]
    told = text.format(list="\n".join(lines), first=katas[0].slug)
    return File("README.md", told.encode())


def makefile() -> str:
    """Return our Makefile without what is for lecturers and for work on the project."""
    text = (HOME / "Makefile").read_text("utf-8")
    before, _, rest = text.partition(_FOR_OTHERS)
    return f"{before}{READY}{rest.partition(READY)[2]}"


def _pytest_settings() -> str:
    """Return the settings that the examples of ours are played with."""
    table = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    options = table["tool"]["pytest"]["ini_options"]
    kept = ("asyncio_mode", "asyncio_default_fixture_loop_scope", "timeout")
    lines = [f"{name} = {options[name]}" for name in kept]
    return "\n".join(["[pytest]", "addopts = --import-mode=importlib", *lines, ""])
