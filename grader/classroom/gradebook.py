"""What was graded, kept for ever: one SQLite file that is only ever added to.

A verdict stands under what it depends on: the submission, the kata, the grader and how
it was run. So a batch that was cut off goes on where it stopped, and a kata that has been
mended is graded anew beside its old verdicts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
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
"""


class Key(NamedTuple):
    """What a verdict depends on. `conditions` are seed and isolation."""

    submission: str
    kata: str
    kata_hash: str
    grader_hash: str
    conditions: str


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
        insert = "INSERT OR IGNORE INTO submission VALUES (?, ?)"
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                self._connection.executemany(insert, sources.items())
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def source(self, sha256: str) -> bytes | None:
        """Return the source of a submission, if it was kept."""
        row = self._connection.execute(
            "SELECT source FROM submission WHERE sha256 = ?", (sha256,)
        ).fetchone()
        return bytes(row[0]) if row else None

    def before(self, key: Key) -> Verdict | None:
        """Return the newest verdict on the submission that stands under another key."""
        row = self._connection.execute(
            "SELECT verdict FROM verdict WHERE submission = ? AND kata = ?"
            " AND NOT (kata_hash = ? AND grader_hash = ? AND conditions = ?)"
            " ORDER BY id DESC LIMIT 1",
            key,
        ).fetchone()
        return _decoded(row)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _add(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._connection.execute(statement, values)
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
