"""Text of the submission's making, cut to size and fit to travel."""

from __future__ import annotations


def plain(text: object, limit: int) -> str:
    """Return the first `limit` characters; what is no exact, valid string is mended."""
    if type(text) is not str:
        return "unavailable"
    cut = text[:limit]
    return cut if cut.isascii() else cut.encode("utf-8", "replace").decode()


def said_by(value: object, limit: int) -> str:
    """Return `str(value)`, whatever becomes of it."""
    try:
        return plain(str(value), limit)
    except BaseException:  # noqa: BLE001
        return "message unavailable"


def name_of(kind: type) -> str:
    """Return a class's own name, whatever its metaclass says."""
    return plain(_class_name(kind), 80)


_class_name = vars(type)["__name__"].__get__
