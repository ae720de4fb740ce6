"""The `now` and `today` of `datetime`, as a submission sees them."""

from __future__ import annotations

import datetime as dt
from sys import _getframe
from types import FrameType
from typing import Any

from grader.player.clock import read_epoch

_datetime = dt.datetime
_date = dt.date
_UTC = dt.UTC
_START = _datetime(1970, 1, 1, tzinfo=_UTC)


class _Kind(type):
    """Lets what the interpreter makes itself pass for an instance of ours."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, _ORIGINALS.get(cls, ())) or super().__instancecheck__(
            value
        )

    def __subclasscheck__(cls, kind: type) -> bool:
        return issubclass(kind, _ORIGINALS.get(cls, ())) or super().__subclasscheck__(
            kind
        )


class VirtualDate(_date, metaclass=_Kind):
    """What `datetime.date` is inside the player."""

    def __repr__(self) -> str:
        return _spelt(self, super().__repr__())

    @classmethod
    def today(cls) -> VirtualDate:
        """Return the date of this instant."""
        now = _moment(_getframe(1)).astimezone()
        return cls(now.year, now.month, now.day)


class VirtualDatetime(_datetime, metaclass=_Kind):
    """What `datetime.datetime` is inside the player."""

    def __repr__(self) -> str:
        return _spelt(self, super().__repr__())

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        """Return this instant, of the machine's own time zone without one."""
        moment = _moment(_getframe(1)).astimezone(tz)
        return cls._of(moment if tz is not None else moment.replace(tzinfo=None))

    @classmethod
    def utcnow(cls) -> Any:
        """Return this instant in UTC, without a time zone."""
        return cls._of(_moment(_getframe(1)).replace(tzinfo=None))

    @classmethod
    def today(cls) -> Any:
        """Return this instant of the machine's own time zone."""
        moment = _moment(_getframe(1)).astimezone()
        return cls._of(moment.replace(tzinfo=None))

    @classmethod
    def _of(cls, moment: _datetime) -> VirtualDatetime:
        return cls.combine(moment.date(), moment.timetz())


_ORIGINALS: dict[type, type] = {VirtualDate: _date, VirtualDatetime: _datetime}


def _spelt(value: _date, text: str) -> str:
    # The originals name their module; a subclass of them does not.
    return f"datetime.{text}" if type(value) in _ORIGINALS else text


def _moment(reader: FrameType) -> _datetime:
    return _START + dt.timedelta(microseconds=read_epoch(reader) // 1000)


def install() -> None:
    """Put the virtual dates in place."""
    for name, kind in (("date", VirtualDate), ("datetime", VirtualDatetime)):
        kind.__name__ = kind.__qualname__ = name
        kind.__module__ = "datetime"
        setattr(dt, name, kind)
