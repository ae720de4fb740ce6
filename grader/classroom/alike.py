"""Which answers resemble each other more than right answers do anyway.

Names, literals, comments and formatting are left out; what is left is compared by
winnowing: Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for document
fingerprinting" (SIGMOD 2003). What stands in the stub or in a right answer of ours is no
sign of anything. Short answers look alike: this is a reason to look, and never a verdict.
"""

from __future__ import annotations

import ast
import hashlib
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from grader.catalogue import Kata

LENGTH = 12
"""Nodes of a piece of syntax that is compared as a whole."""

WINDOW = 6
"""Of so many neighbouring pieces one is kept."""

FEWEST = 10
"""Own pieces that an answer must have: with fewer, resemblance says nothing."""

LONGEST = 100_000
"""Bytes of an answer that is looked at: no honest one comes near."""

THRESHOLD = 0.6
COMMON = 0.2
"""A piece that a larger share of the class has is an idiom of the course."""

_LEAST_COMMON = 4


@dataclass(frozen=True)
class Pair:
    """Two students whose answers to a kata resemble each other: from `THRESHOLD` to 1."""

    kata: str
    left: str
    right: str
    share: float

    def __str__(self) -> str:
        """Say who, and how much."""
        return f"{self.left}, {self.right}/{self.kata}: {self.share:.0%} alike"


def alike(kata: Kata, answers: Mapping[str, bytes]) -> list[Pair]:
    """Return the pairs of students whose answers are alike, the most alike first."""
    known = set[int]()
    for path in (kata.stub, *sorted(kata.solutions.glob("*.py"))):
        known |= fingerprints(path.read_bytes())
    own = {student: fingerprints(source) - known for student, source in answers.items()}
    told = {student: marks for student, marks in own.items() if len(marks) >= FEWEST}
    pairs = [
        Pair(kata.slug, left, right, share)
        for (left, right), share in _shares(told).items()
        if share >= THRESHOLD
    ]
    return sorted(pairs, key=lambda pair: (-pair.share, pair.left, pair.right))


def _shares(own: Mapping[str, set[int]]) -> dict[tuple[str, str], float]:
    """Return what part of the smaller answer each pair has in common."""
    having: defaultdict[int, list[str]] = defaultdict(list)
    for student in sorted(own):
        for mark in own[student]:
            having[mark].append(student)
    most = most_in_common(len(own))
    rare = [students for students in having.values() if 1 < len(students) <= most]
    common = Counter(pair for students in rare for pair in combinations(students, 2))
    return {
        (left, right): count / min(len(own[left]), len(own[right]))
        for (left, right), count in common.items()
    }


def most_in_common(answers: int) -> int:
    """Return how many of so many answers may have a thing that says something of them."""
    return max(_LEAST_COMMON, int(answers * COMMON))


def fingerprints(source: bytes) -> set[int]:
    """Return what stands for the syntax of a source; nothing if it has none."""
    if len(source) > LONGEST:
        return set()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    shape = list(_shape(tree))
    pieces = [_hash(shape[at : at + LENGTH]) for at in range(len(shape) - LENGTH + 1)]
    if len(pieces) <= WINDOW:
        return set(pieces[:1])
    return {min(pieces[at : at + WINDOW]) for at in range(len(pieces) - WINDOW + 1)}


def _shape(tree: ast.AST) -> Iterator[str]:
    """Yield the kinds of nodes in the order in which they stand, without their names."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom | ast.expr_context):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        yield type(node).__name__
        waiting += reversed(list(_children(node)))


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node that run; annotations do not."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "type_comment", "type_params"}:
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield each


def _hash(kinds: Iterable[str]) -> int:
    digest = hashlib.blake2b(" ".join(kinds).encode(), digest_size=8)
    return int.from_bytes(digest.digest())
