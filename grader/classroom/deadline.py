"""When work is due, and what it costs to be late."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from grader.classroom.roster import folded

DAY = timedelta(days=1)
_Percent = Annotated[float, Meta(ge=0, le=100)]
_Minutes = Annotated[float, Meta(ge=0, le=1_000_000)]
_Days = Annotated[float, Meta(ge=0, le=3_650)]


class BadDeadline(Exception):
    """A file of deadlines that cannot be used; the message says what to do."""


class Deadline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in the file.

    `due` holds for every kata that `katas` does not name. `grace` is in minutes: who is
    later than that is late from `due` on. Each day begun costs `penalty` per cent of the
    points; after more than `closes_after` days nothing is left. `extensions` is days more, by
    student or by `student/kata`.
    """

    due: datetime | None = None
    katas: dict[str, datetime] = {}
    grace: _Minutes = 0
    penalty: _Percent = 0
    closes_after: _Days | None = None
    extensions: dict[str, _Days] = {}

    def days_late(self, student: str, kata: str, at: datetime) -> int:
        """Return how many days late this is, a day begun counted whole; 0 is in time."""
        due = self.katas.get(kata, self.due)
        if due is None:
            return 0
        days = {folded(name): days for name, days in self.extensions.items()}
        own = days.get(folded(f"{student}/{kata}"), days.get(folded(student), 0.0))
        late = _aware(at) - (_aware(due) + own * DAY)
        if late <= timedelta(minutes=self.grace):
            return 0
        return math.ceil(late / DAY)

    def unknown(self, students: Iterable[str], katas: Iterable[str]) -> list[str]:
        """Return the names in the file that no student and no kata has."""
        known = set(katas)
        keys = {folded(each) for each in students}
        keys |= {f"{key}/{kata}" for key in keys for kata in known}
        found = [name for name in self.katas if name not in known]
        return found + [name for name in self.extensions if folded(name) not in keys]

    def after(self, points: int, days: int) -> int:
        """Return what is left of points that come so many days late: whole ones.

        Some hosts know whole points only, and all are to have the same sum. What is
        between two goes up.
        """
        if self.closes_after is not None and days > self.closes_after:
            return 0
        left = points * max(0.0, 100 - days * self.penalty) / 100
        return math.ceil(round(left, 6))


NONE = Deadline()
"""Nothing is ever late."""


def read_deadline(path: Path) -> Deadline:
    """Return the deadlines that stand in a TOML file."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Deadline)
    except msgspec.ValidationError as error:
        raise BadDeadline(f"{path}: {str(error).replace('`', '')}") from None
    except OSError as error:
        raise BadDeadline(f"{path} cannot be read: {error.strerror}.") from None
    except (UnicodeError, tomllib.TOMLDecodeError) as error:
        raise BadDeadline(f"{path} is not TOML: {error}") from None


def _aware(moment: datetime) -> datetime:
    """Return a time with its zone; one without is meant where the grading runs."""
    return moment.astimezone(UTC)
