"""What a candidate works in: the task, the grader, and hidden tests that are sealed.

No solutions, no hints, no diagnoses, and the laws cannot be read before the interview begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import tomli_w

from grader.catalogue import Description, Kata
from grader.judge.hidden import hidden, seal
from grader.packages import contents, student
from grader.packages.contents import File

README = """\
# Your interview

{list}

Its `README.md` has the task, `{first}.py` in the same folder is yours to write.

Before the day, on Linux, macOS or WSL with Python 3.11 or newer:

```console
$ make setup
$ make examples
```

In the interview:

```console
$ make interview
```

It asks for the words that your interviewer says, and then the clock runs, for %MINUTES%. Each
time you save, the file is graded and kept with its time; nothing else is recorded. Press `f`
twice when you are done. If you leave with `q`, or the machine fails, `make interview` goes on
where it stopped; the clock does not wait.

At the end there are four words with hyphens between them on the screen: read them aloud, and
hand in `interview.jsonl`.
"""

TARGETS = """\
# For the interview
interview: $(READY) ## begin, or go on
\t@$(KATA_BIN) interview start --minutes {minutes:g} --kata {slug}

examples: $(READY) ## the kata's small tests, with pytest alone
\t@$(KATA_BIN) examples {slug}

"""


def files(kata: Kata, nonce: str, minutes: float) -> Iterator[File]:
    """Yield a repository for a candidate; its hidden tests open with the nonce."""
    about = README.replace("%MINUTES%", f"{minutes:g} minutes")
    yield student.readme(about, [kata])
    yield File("Makefile", _makefile(kata, minutes).encode())
    yield File(".gitignore", b".venv/\n.cache/\nbuild/\n__pycache__/\n")
    yield from contents.grader()
    yield from _folder(kata)
    place = kata.sealed.relative_to(kata.root).as_posix()
    yield File(place, seal(hidden(kata), nonce))


def _folder(kata: Kata) -> Iterator[File]:
    described = kata.folder / "kata.toml"
    for file in contents.folder(kata):
        if file.place.endswith(described.name):
            yield File(file.place, _bare(kata).encode())
        else:
            yield file


def _bare(kata: Kata) -> str:
    """Return what `kata.toml` says, without hints and diagnoses."""
    names = msgspec.structs.fields(Description)
    known = {each.name: getattr(kata, each.name) for each in names}
    laws = [msgspec.structs.replace(law, hints=()) for law in kata.laws]
    table: dict[str, Any] = msgspec.to_builtins(
        Description(**(known | {"laws": tuple(laws), "diagnoses": ()}))
    )
    return tomli_w.dumps(table)


def _makefile(kata: Kata, minutes: float) -> str:
    """Return our Makefile with nothing but what a candidate needs."""
    before, _, after = student.makefile().partition(student.FOR_LEARNERS)
    targets = TARGETS.format(minutes=minutes, slug=kata.slug)
    return f"{before}{targets}{student.READY}{after.partition(student.READY)[2]}"
