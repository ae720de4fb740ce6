"""What happened when, drawn in letters: one lane for each operation."""

from __future__ import annotations

from itertools import groupby

from grader.feedback.crowd import crowd_in_cells
from grader.feedback.look import Look
from grader.feedback.rows import INDENT, Row, Style
from grader.feedback.scale import Scale, nanoseconds, scale_for
from grader.feedback.sentences import moment
from grader.feedback.text import cut, cut_middle, pad, width_of
from grader.verdict import Lane, Mark, Timeline

MAX_LANES = 12
MAX_MARKS = 6
RUNNING = "running"
LONGEST_LABEL = 20
LONGEST_NOTE = 20
SHORTEST_NOTE = 6

ENDS = {"failed": "x", "cancelled": "/", "open": ">"}
"""The last cell of a lane that did not simply end."""


class _Picture:
    """A timeline with the room that its labels leave."""

    def __init__(self, timeline: Timeline, look: Look) -> None:
        self.look = look
        self.timeline = timeline
        self.lanes = _chosen(timeline.lanes)
        widest = max((width_of(lane.label) for lane in self.lanes), default=0)
        self.label = min(LONGEST_LABEL, max(len(RUNNING), widest))
        note = max((width_of(lane.note) for lane in self.lanes), default=0)
        room = look.width - self.left - 1
        self.scale = scale_for(
            _moments(timeline), room - 1 - max(SHORTEST_NOTE, min(LONGEST_NOTE, note))
        )
        self.note = room - self.scale.cells - 1

    @property
    def left(self) -> int:
        """The columns before the first cell."""
        return INDENT + self.label + 2

    # --- the rows -------------------------------------------------------------

    def rows(self) -> list[Row]:
        return [
            self._axis(),
            *(self._lane(lane) for lane in self.lanes),
            *self._hidden(),
            *self._running(),
            *self._broken(),
            *self._marks(),
            *self._legend(),
        ]

    def _axis(self) -> Row:
        text = ""
        for cell, label in self.scale.ticks():
            fits = self.left + cell + len(label) <= self.look.width
            if fits and (not text or cell > len(text)):
                text = pad(text, cell) + label
        return [(" " * self.left + text, "dim")]

    def _lane(self, lane: Lane) -> Row:
        symbols = self.look.symbols
        label = pad(cut_middle(lane.label, self.label, symbols.cut), self.label)
        note = cut(lane.note, self.note, symbols.cut)
        style: Style = "bad" if lane.note else ""
        return [
            (" " * INDENT + label + " |", ""),
            *_styled(self._cells(lane), symbols.idle, style),
            ("|", ""),
            *([(f" {note}", style)] if note else []),
        ]

    def _cells(self, lane: Lane) -> str:
        scale, symbols = self.scale, self.look.symbols
        start, end = self._extent(lane)
        cancelled = nanoseconds(lane.cleanup) if lane.cleanup is not None else None
        cleanup = end if cancelled is None else scale.edge(cancelled)
        cleanup = max(start, min(cleanup, end))
        bar = symbols.bar * (cleanup - start) + symbols.cleanup * (end - cleanup)
        if lane.state in ENDS:
            bar = bar[:-1] + ENDS[lane.state]
        return symbols.idle * start + bar + symbols.idle * (scale.cells - end)

    def _extent(self, lane: Lane) -> tuple[int, int]:
        """Return the first cell of a lane and the one after its last: never none."""
        scale = self.scale
        start = min(scale.edge(nanoseconds(lane.start)), scale.cells - 1)
        end = scale.cells if lane.end is None else scale.edge(nanoseconds(lane.end))
        return start, max(start + 1, end)

    def _hidden(self) -> list[Row]:
        hidden = self.timeline.hidden_lanes + len(self.timeline.lanes) - len(self.lanes)
        return [[(f"{' ' * INDENT}(+{hidden} more)", "dim")]] if hidden > 0 else []

    def _running(self) -> list[Row]:
        # With lanes that we do not have, the count would be wrong.
        if self.timeline.limit is None or self.timeline.hidden_lanes:
            return []
        broken = self._broken_cells()
        counts = crowd_in_cells(self.timeline.lanes, self.scale, broken)
        digits = [(str(count) if count <= 9 else "+") for count in counts]  # noqa: PLR2004
        text = "".join(digits)
        return [
            [
                (" " * INDENT + pad(RUNNING, self.label) + " |", ""),
                (text[: broken.start], ""),
                (text[broken.start : broken.stop], "bad"),
                (text[broken.stop :], ""),
                ("|", ""),
                *([(" + is 10 or more", "dim")] if "+" in text and self.note > 15 else []),  # noqa: PLR2004
            ]
        ]

    def _broken_cells(self) -> range:
        timeline = self.timeline
        if timeline.broken_from is None:
            return range(0)
        start = nanoseconds(timeline.broken_from)
        first = self.scale.cell(start)
        if timeline.broken_to is None:
            return range(first, first + 1)
        last = self.scale.last_cell(nanoseconds(timeline.broken_to))
        return range(first, max(first, last) + 1)

    def _broken(self) -> list[Row]:
        cells = self._broken_cells()
        if not cells:
            return []
        limit = self.timeline.limit
        text = "broken here" if limit is None else f"over {limit}"
        return [self._pointing(cells.start, "^" * len(cells), text, "bad")]

    def _marks(self) -> list[Row]:
        marks = self.timeline.marks
        rows = [self._mark(mark) for mark in marks[:MAX_MARKS]]
        if len(marks) > MAX_MARKS:
            more = f"{' ' * self.left}(+{len(marks) - MAX_MARKS} more)"
            rows.append([(more, "dim")])
        return rows

    def _mark(self, mark: Mark) -> Row:
        at = nanoseconds(mark.at)
        place = self.scale.cells if at >= self.scale.end else self.scale.edge(at)
        return self._pointing(place, "^", f"{mark.label} at {moment(mark.at)}", "")

    def _pointing(self, cell: int, sign: str, text: str, style: Style) -> Row:
        """Return a sign under a cell, with words to its right, or else to its left."""
        before = self.left + cell
        after = self.look.width - before - len(sign) - 1
        if width_of(text) > after and before > after:
            text = cut(text, before - 3, self.look.symbols.cut)
            return [(pad("", before - 1 - width_of(text)) + f"{text} {sign}", style)]
        text = cut(text, after, self.look.symbols.cut)
        return [(f"{' ' * before}{sign} {text}", style)]

    def _legend(self) -> list[Row]:
        states = {lane.state for lane in self.lanes}
        words = {"failed": "failed", "cancelled": "cancelled", "open": "never ended"}
        parts = [f"{ENDS[state]} {words[state]}" for state in ENDS if state in states]
        if any(self.look.symbols.cleanup in self._cells(lane) for lane in self.lanes):
            parts.append(f"{self.look.symbols.cleanup} cleaning up")
        return [[(" " * self.left + "   ".join(parts), "dim")]] if parts else []


def timeline_rows(timeline: Timeline, look: Look) -> list[Row]:
    """Return the rows of a timeline: an axis, the lanes, what was broken and marks."""
    return _Picture(timeline, look).rows()


def _chosen(lanes: list[Lane]) -> list[Lane]:
    """Return at most twelve lanes: those with a note, and then the earliest."""
    order = sorted(range(len(lanes)), key=lambda place: (not lanes[place].note, place))
    return [lanes[place] for place in sorted(order[:MAX_LANES])]


def _moments(timeline: Timeline) -> list[int]:
    """Return every moment that the scale has to hold."""
    found = [timeline.end, timeline.broken_from, timeline.broken_to]
    for lane in timeline.lanes:
        found += [lane.start, lane.end, lane.cleanup]
    found += [mark.at for mark in timeline.marks]
    return [nanoseconds(at) for at in found if at is not None]


def _styled(cells: str, idle: str, style: Style) -> Row:
    return [
        ("".join(run), "dim" if is_idle else style)
        for is_idle, run in groupby(cells, key=lambda cell: cell == idle)
    ]
