"""What does the submission's folder hold, and which of its files are open?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.laws import words
from grader.laws.outcome import Broken, NotReached
from grader.laws.witness import Names, Witness
from grader.world.disk import spoken
from grader.world.record import Operation

READING = "disk.reading"
"""Stands for an operation that is on while a file is open to be read."""

WRITING = "disk.writing"
"""Stands for an operation that is on while a file is open to be written."""

_SHOWN = 12
"""How many bytes are shown from the first one that differs."""

_OPENING = {READING: "open", WRITING: "open"}
_WITHIN = {"disk.open", "disk.read", "disk.write", "disk.sync", "disk.close"}


class FileLaws(Witness):
    """Files, as the judge reads them, and their use, as its disk was asked for it."""

    # --- what is open ---------------------------------------------------------

    def named(self, name: Names) -> list[Operation]:
        """Return the calls of an operation; `READING` and `WRITING` are such names."""
        names = {name} if isinstance(name, str) else set(name)
        found = super().named(names - {READING, WRITING})
        if names & {READING, WRITING}:
            found += [each for each in self._open_files() if each.name in names]
            found.sort(key=lambda each: each.number)
        return found

    def shown(self) -> list[Operation]:
        """Return the operations as a picture shows them: each open file is one."""
        files = self._open_files()
        if not files:
            return self.run.operations
        others = [each for each in self.run.operations if each.name not in _WITHIN]
        return sorted(files + others, key=lambda each: each.number)

    def _open_files(self) -> list[Operation]:
        """Return what is on from the opening of each file to its closing or failure."""
        files: dict[object, Operation] = {}
        for each in self.run.operations:
            path, handle = [*each.args, None, None][:2]
            # Whoever speaks for the player may say anything.
            if each.name not in _WITHIN or not isinstance(handle, int):
                continue
            if each.name == "disk.open":
                name = READING if each.args[2:] == ["r"] else WRITING
                files[handle] = replace(
                    each, name=name, args=[path], completed=None, closed=None
                )
            if handle in files and (each.failed or each.name == "disk.close"):
                _end(files[handle], each)
        return list(files.values())

    def call(self, operation: Operation) -> str:
        """Return an operation as the learner would write the call."""
        if not operation.name.startswith("disk."):
            return super().call(operation)
        name, paths = spoken(operation)
        if operation.name == WRITING:
            paths = [*paths, "w"]
        return words.call(_OPENING.get(operation.name, name), paths, self.label)

    def never_called(self, name: str) -> NotReached:
        """Return what to raise when too few operations that the law is about began."""
        if name not in {READING, WRITING}:
            return super().never_called(name)
        seen = words.count(len(self.named(name)), "file was", "files were")
        why = f"only {seen} opened: {self.ending()}"
        return NotReached(why, self.abnormal(), self.ending_line())

    def closes_files(self, rule: str) -> None:
        """Every file that was opened is closed before the run ends."""
        self.reached(returned=False)
        end = self.outcome.when
        files = self.named({READING, WRITING})
        for each in files:
            if each.completed is None or each.completed.order > end.order:
                raise Broken(
                    rule,
                    f"{each.args[0]} was still open at {words.moment(end.at)}, "
                    "when it was over",
                    sign="open-file",
                    at=end.at,
                    line=each.line,
                    operations=[(each.number, "still open")],
                )
        if not files:
            raise self.never_called(READING)

    # --- what the folder holds ------------------------------------------------

    def changes_at_once(self, name: str, rule: str) -> None:
        """The file that was watched goes from what it held to what it holds at the end.

        At no turn does it hold anything else. The signs are `gone` and `partial`.
        """
        self.check_time()
        seen = self.run.seen.get(name, [])
        wholes = [data for _, data in (*seen[:1], *seen[-1:])]
        for when, data in seen:
            if data not in wholes:
                fact = _as_seen(name, data, wholes)
                raise Broken(
                    rule,
                    f"at {words.moment(when.at)} {fact}",
                    sign="gone" if data is None else "partial",
                    at=when.at,
                    line=self._line_of_use(name),
                    operations=[
                        (each.number, "seen")
                        for each in self.named(WRITING)
                        if each.args == [name]
                    ],
                )
        if len(seen) < 2:  # noqa: PLR2004
            why = f"{name} never changed: {self.ending()}"
            raise NotReached(why, self.abnormal(), self.ending_line())
        self.reached(returned=False)

    def _line_of_use(self, name: str) -> int:
        lines = [each.line for each in self.named(WRITING) if each.args == [name]]
        return next(filter(None, lines), 0)

    def folder_holds(self, files: Mapping[str, bytes], rule: str) -> None:
        """The folder holds these files, byte for byte, and nothing else.

        The signs are `missing-file`, `wrong-bytes` and `left-over`.
        """
        self.check_time()
        found = self.run.files
        for name, wanted in files.items():
            if name not in found:
                raise self._wrong_files(f"{name} is not there", "missing-file", rule)
            if found[name] != wanted:
                fact = _difference(name, found[name], wanted)
                raise self._wrong_files(fact, "wrong-bytes", rule)
        for name in found:
            if name not in files and not _leads_to(name, files):
                raise self._wrong_files(f"{name} was left there", "left-over", rule)

    def _wrong_files(self, fact: str, sign: str, rule: str) -> Broken:
        return Broken(rule, f"at the end, {fact}", sign=sign, at=self.run.end.at)


def _end(file: Operation, last: Operation) -> None:
    if file.completed is None:
        file.completed = file.closed = last.completed
        file.failed, file.token = last.failed, last.token


def _as_seen(name: str, data: bytes | None, wholes: Sequence[bytes | None]) -> str:
    if data is None:
        return f"{name} was not there"
    if not data:
        return f"{name} was empty"
    for whole in wholes:
        if whole is not None and whole.startswith(data):
            return f"{name} held the first {len(data)} of {len(whole)} bytes"
    return f"{name} held {len(data)} bytes, neither the old ones nor the new"


def _leads_to(name: str, files: Mapping[str, bytes]) -> bool:
    return name.endswith("/") and any(each.startswith(name) for each in files)


def _difference(name: str, found: bytes | None, wanted: bytes) -> str:
    if found is None:
        return f"{name} is no file that can be read"
    first = _first_difference(found, wanted)
    if first == len(found):
        return f"{name} ends after {first} of {len(wanted)} bytes"
    if first == len(wanted):
        return f"{name} has {len(found)} bytes, not {len(wanted)}"
    shown = slice(first, first + _SHOWN)
    return f"from byte {first} on {name} holds {found[shown]!r}, not {wanted[shown]!r}"


def _first_difference(left: bytes, right: bytes) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    shorter = min(len(left), len(right))
    return next((place for place, (one, other) in pairs if one != other), shorter)
