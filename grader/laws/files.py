"""What does the submission's folder hold at the end?"""

from __future__ import annotations

from collections.abc import Mapping

from grader.laws.outcome import Broken
from grader.laws.witness import Witness

_SHOWN = 12
"""How many bytes are shown from the first one that differs."""


class FileLaws(Witness):
    """Files, as the judge reads them once the run is over."""

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
