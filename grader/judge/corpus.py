"""The cases of a kata: drawn once, kept, and the same for every submission."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from grader import __version__
from grader.judge import cache
from grader.judge.cases import Case, LawTest, make_case, restore, store
from grader.judge.draws import Draw, integers, lists

TAPE = lists(integers(0, 7), 0, 6)
_TRIES = 6
"""Draws for each case wanted: more are needed where few distinct ones exist."""


class Corpus:
    """The cases of each test of a kata, and the hash of them all."""

    def __init__(self, cases: Mapping[str, list[Case]]) -> None:
        self._cases = cases
        names = [case.id for test in sorted(cases) for case in cases[test]]
        self.size = len(names)
        self.hash = hashlib.sha256(" ".join(names).encode()).hexdigest()[:16]

    def of(self, test: str) -> list[Case]:
        """Return the cases of a test, in the order in which they are played."""
        return self._cases[test]

    def find(self, name: str) -> tuple[str, Case] | None:
        """Return the test and the case with that id."""
        for test, found in self._cases.items():
            for case in found:
                if case.id == name:
                    return test, case
        return None


def corpus_for(kata: str, source: bytes, tests: Iterable[LawTest], seed: int) -> Corpus:
    """Return the corpus of these tests, kept or drawn now.

    `source` is the text of the hidden tests: other tests have other corpora.
    """
    wanted = list(tests)
    name = _name(source, seed)
    kept = _read(kata, name, wanted)
    if kept is not None:
        return Corpus(kept)
    drawn = {test.name: test.examples() + draw(test, seed) for test in wanted}
    _write(kata, name, drawn)
    return Corpus(drawn)


def _name(source: bytes, seed: int) -> str:
    about = f"{__version__} {_hypothesis()} {sys.version_info[:2]} {seed}"
    return hashlib.sha256(about.encode() + b"\n" + source).hexdigest()[:24]


@lru_cache
def _hypothesis() -> str:
    from importlib.metadata import version

    return version("hypothesis")


def _read(kata: str, name: str, tests: list[LawTest]) -> dict[str, list[Case]] | None:
    data = cache.read("corpus", kata, name)
    if data is None:
        return None
    try:
        stored = msgspec.msgpack.decode(data, type=dict[str, list[bytes]])
        return {
            test.name: [restore(test.name, each) for each in stored[test.name]]
            for test in tests
        }
    except (msgspec.MsgspecError, KeyError):
        return None


def _write(kata: str, name: str, drawn: Mapping[str, list[Case]]) -> None:
    stored = {test: [store(case) for case in found] for test, found in drawn.items()}
    cache.write(msgspec.msgpack.encode(stored), "corpus", kata, name)


# --- hypothesis ---------------------------------------------------------------


def draw(test: LawTest, seed: int) -> list[Case]:
    """Return the distinct drawn cases of a test."""
    found: dict[str, Case] = {}
    examples = {case.id for case in test.examples()}

    def collect(case: Case) -> None:
        if len(found) < test.cases.count and case.id not in examples:
            found.setdefault(case.id, case)

    if test.cases.draws:
        explore(test, seed, collect, shrinking=False)
    return list(found.values())


def explore(
    test: LawTest, seed: int, visit: Callable[[Case], None], *, shrinking: bool
) -> None:
    """Let hypothesis draw cases for `visit`, the same ones for the same seed.

    With `shrinking`, an exception from `visit` makes hypothesis look for a smaller case
    with the same exception, and raise it in the end.
    """
    import hypothesis

    _forget_local_constants()
    phases = [hypothesis.Phase.generate]
    if shrinking:
        phases.append(hypothesis.Phase.shrink)

    def body(given: dict[str, Any], tape: list[int]) -> None:
        if test.cases.assume is not None:
            hypothesis.assume(test.cases.assume(**given))
        visit(make_case(test.name, given, _trimmed(tape)))

    settings = hypothesis.settings(
        max_examples=test.cases.count * _TRIES,
        database=None,
        deadline=None,
        derandomize=False,
        phases=phases,
        suppress_health_check=list(hypothesis.HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=hypothesis.Verbosity.quiet,
    )
    drawn = Draw("fixed_dictionaries", dict(test.cases.draws)).strategy()
    run = hypothesis.given(drawn, TAPE.strategy())(body)
    hypothesis.seed(_seed_of(test.name, seed))(settings(run))()


def _trimmed(tape: list[int]) -> list[int]:
    """Drop zeros at the end: past its end a tape is all zeros."""
    end = len(tape)
    while end and tape[end - 1] == 0:
        end -= 1
    return tape[:end]


def _seed_of(test: str, seed: int) -> int:
    digest = hashlib.sha256(f"{test} {seed}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _forget_local_constants() -> None:
    # Hypothesis mixes constants found in the imported local modules into its draws: an
    # unrelated import would change the corpus. Its version is pinned.
    from hypothesis.internal.conjecture import providers

    empty = providers.Constants()  # type: ignore[attr-defined]
    providers._get_local_constants = lambda: empty  # noqa: SLF001
