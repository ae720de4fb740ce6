"""What was graded, kept for ever: one SQLite file that is only ever added to.

A verdict stands under what it depends on: the submission, the kata, the grader and how
it was run. So a batch that was cut off goes on where it stopped, and a kata that has been
mended is graded anew beside its old verdicts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.verdict import Verdict

_SCHEMA = """
CREATE TABLE IF NOT EXISTS verdict (
    id INTEGER PRIMARY KEY,
    submission TEXT NOT NULL,
    kata TEXT NOT NULL,
    kata_hash TEXT NOT NULL,
    grader_hash TEXT NOT NULL,
    conditions TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    verdict BLOB NOT NULL,
    UNIQUE (submission, kata, kata_hash, grader_hash, conditions)
);
CREATE TABLE IF NOT EXISTS submission (
    sha256 TEXT PRIMARY KEY,
    source BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS fault (
    id INTEGER PRIMARY KEY,
    submission TEXT NOT NULL,
    kata TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    log TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS mark (
    id INTEGER PRIMARY KEY,
    student TEXT NOT NULL,
    kata TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    stood BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS mark_of ON mark (student, kata);
"""


class Key(NamedTuple):
    """What a verdict depends on. `conditions` are seed and isolation."""

    submission: str
    kata: str
    kata_hash: str
    grader_hash: str
    conditions: str


Where = tuple[str, str]
"""A student and a kata."""


class Stood(msgspec.Struct, frozen=True):
    """How a student stood on a kata when a class had been graded.

    `points` is None where it was our fault, `off` is what lateness took. `submission` is
    its hash, "" if there was none to grade; `laws` are outcomes by id.
    """

    points: int | None
    off: int
    submission: str
    laws: dict[str, str]


class UnusableGradebook(Exception):
    """The file is no gradebook, or cannot be written; the message says what to do."""


class Gradebook:
    """The verdicts in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        except sqlite3.Error as error:
            raise self._unusable(error) from None
        try:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_SCHEMA)
        except sqlite3.Error as error:
            self.close()
            raise self._unusable(error) from None

    def find(self, key: Key) -> Verdict | None:
        """Return the verdict under this key, if there is one."""
        row = self._connection.execute(
            "SELECT verdict FROM verdict WHERE submission = ? AND kata = ?"
            " AND kata_hash = ? AND grader_hash = ? AND conditions = ?",
            key,
        ).fetchone()
        return _decoded(row)

    def record(self, key: Key, verdict: Verdict) -> None:
        """Add a verdict. One that is there already stays as it is."""
        self._add(
            "INSERT OR IGNORE INTO verdict (submission, kata, kata_hash, grader_hash,"
            " conditions, recorded_at, verdict) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*key, _now(), msgspec.json.encode(verdict)),
        )

    def record_fault(self, key: Key, log: str) -> None:
        """Add what went wrong on our side; it is never taken for a verdict."""
        self._add(
            "INSERT INTO fault (submission, kata, recorded_at, log) VALUES (?, ?, ?, ?)",
            (key.submission, key.kata, _now(), log),
        )

    def keep(self, sources: Mapping[str, bytes]) -> None:
        """Add the sources of submissions, by hash: what verdicts are about.

        All in one transaction: one for each would wait for the disk as often.
        """
        self._add_all("INSERT OR IGNORE INTO submission VALUES (?, ?)", sources.items())

    def source(self, sha256: str) -> bytes | None:
        """Return the source of a submission, if it was kept."""
        row = self._connection.execute(
            "SELECT source FROM submission WHERE sha256 = ?", (sha256,)
        ).fetchone()
        return bytes(row[0]) if row else None

    def stood(self) -> dict[Where, Stood]:
        """Return how everybody stood the last time."""
        rows = self._connection.execute(
            "SELECT student, kata, stood FROM mark"
            " WHERE id IN (SELECT max(id) FROM mark GROUP BY student, kata)"
        )
        return {
            (student, kata): msgspec.json.decode(stood, type=Stood)
            for student, kata, stood in rows
        }

    def record_marks(self, marks: Mapping[Where, Stood]) -> None:
        """Add how students stand now on katas, where that is not how they stood."""
        before = self.stood()
        now = _now()
        rows = [
            (*where, now, msgspec.json.encode(stood))
            for where, stood in marks.items()
            if before.get(where) != stood
        ]
        self._add_all(
            "INSERT INTO mark (student, kata, recorded_at, stood) VALUES (?, ?, ?, ?)",
            rows,
        )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _add(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _add_all(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _unusable(self, error: sqlite3.Error) -> UnusableGradebook:
        return UnusableGradebook(
            f"{self._path} cannot be used as a gradebook: {error}. "
            "Name another folder with --out."
        )


def _decoded(row: tuple[bytes] | None) -> Verdict | None:
    """Return the verdict in a row; one that another grader wrote may not be readable."""
    if row is None:
        return None
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(row[0], type=Verdict)
    return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
