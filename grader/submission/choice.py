"""Which of the files that were handed in together is the answer."""

from __future__ import annotations

from collections.abc import Iterable

from grader.submission.record import Rejected, plain

MAX_ENTRIES = 1000
"""Of an archive, or of a folder and those in it."""

_LISTED = 5
_IGNORED_FOLDERS = {"__MACOSX", "__pycache__"}
_IGNORED_FILES = {"__init__.py", "conftest.py", "sitecustomize.py", "usercustomize.py"}
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".tbz", ".xz", ".txz")
# Never read, but so named they are told from source code.
_OTHER_ARCHIVES = (".7z", ".rar", ".zst", ".lzma")


def choose(places: Iterable[str], wanted: str, given: str) -> str:
    """Return the place, a path in `given`, of the file called `wanted`.

    A file in the folder itself goes before those one folder down; deeper ones are not
    looked at. If none has that name, a Python file that is alone is the answer. Raise
    `Rejected` if none is left or several are.
    """
    near = [each for each in places if each.count("/") <= 1 and not is_ignored(each)]
    if wanted in near:
        return wanted
    named = [each for each in near if each.endswith(f"/{wanted}")]
    sources = named or [each for each in near if each.endswith(".py")]
    if len(sources) == 1:
        return sources[0]
    if not sources:
        raise _none(near, wanted, given)
    raise _several(sources, wanted, given, named=bool(named))


def is_ignored(place: str) -> bool:
    """Say whether that file or folder is one that tools leave, or that Python runs."""
    *folders, name = place.split("/")
    return (
        any(_is_ignored_folder(each) for each in folders)
        or _is_ignored_folder(name)
        or name in _IGNORED_FILES
    )


def is_archive(name: str) -> bool:
    """Say whether a file is one of several packed together, by its name."""
    return name.lower().endswith(_ARCHIVES + _OTHER_ARCHIVES)


def too_many(given: str) -> Rejected:
    """Return the refusal of more than `MAX_ENTRIES`."""
    message = (
        f"{given} holds more than {MAX_ENTRIES} files and folders. "
        "Hand in your Python file alone."
    )
    return Rejected(given, "too large", message)


def _is_ignored_folder(name: str) -> bool:
    # The dot also covers .git, .venv, .DS_Store and ._semaphore.py, which is no source
    # but what macOS puts beside one.
    return name.startswith(".") or name in _IGNORED_FOLDERS


def _none(near: list[str], wanted: str, given: str) -> Rejected:
    message = (
        f"{given} holds no {wanted} and no other Python file, neither itself nor one "
        "folder down. Put your answer there, or name the right file."
    )
    packed = [each for each in near if is_archive(each)]
    if packed:
        message = (
            f"{given} holds no Python file, only a further archive: {_list(packed)}. "
            "Unpack it, and hand in the Python file."
        )
    return Rejected(given, "missing", message)


def _several(sources: list[str], wanted: str, given: str, *, named: bool) -> Rejected:
    if named:
        message = (
            f"{given} holds several files called {wanted}: {_list(sources)}. "
            "Hand in one of them."
        )
    else:
        message = (
            f"{given} holds several Python files, but no {wanted}: {_list(sources)}. "
            f"Call your answer {wanted}."
        )
    return Rejected(given, "several files", message)


def _list(places: list[str]) -> str:
    names = [plain(each) for each in sorted(places)]
    more = len(names) - _LISTED
    ending = f" and {more} more" if more > 0 else ""
    return ", ".join(names[:_LISTED]) + ending
