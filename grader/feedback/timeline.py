"""What happened when, drawn in letters: one lane for each operation."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby

from grader.feedback.crowd import crowd_in_cells
from grader.feedback.lanes import chosen, lane_cells, legend
from grader.feedback.look import Look
from grader.feedback.rows import INDENT, Row, Style
from grader.feedback.scale import nanoseconds, scale_for
from grader.feedback.sentences import moment
from grader.feedback.text import cut, cut_middle, join, pad, width_of
from grader.verdict import Lane, Mark, Timeline

MAX_MARKS = 6
RUNNING = "running"
SHORTEST_NOTE = 6
DIGITS = "0123456789"


def timeline_rows(timeline: Timeline, look: Look) -> list[Row]:
    """Return the rows of a timeline: an axis, the lanes, what was broken and marks."""
    return _Picture(timeline, look).rows()


class _Picture:
    """A timeline with the room that its labels leave."""

    def __init__(self, timeline: Timeline, look: Look) -> None:
        self._look = look
        self._timeline = timeline
        self._lanes = chosen(timeline.lanes)
        self._label = min(look.width // 4, self._widest("label", RUNNING))
        note = min(look.width // 4, self._widest("note", " " * SHORTEST_NOTE))
        self._left = INDENT + self._label + 2
        room = look.width - self._left - 2
        self._scale = scale_for(_moments(timeline), max(1, room - note))
        self._note = room - self._scale.cells
        self._cells = [
            lane_cells(lane, self._scale, look.symbols) for lane in self._lanes
        ]

    def _widest(self, field: str, least: str) -> int:
        texts = [str(getattr(lane, field)) for lane in self._lanes]
        return max(map(width_of, [*texts, least]))

    def rows(self) -> list[Row]:
        """Return all of it, from the axis to the legend."""
        pairs = zip(self._lanes, self._cells, strict=True)
        return [
            self._axis(),
            *(self._lane(lane, cells) for lane, cells in pairs),
            *self._hidden(),
            *self._running(),
            *self._broken(),
            *self._marks(),
            *self._legend(),
        ]

    # --- lanes ----------------------------------------------------------------

    def _axis(self) -> Row:
        text = ""
        for cell, label in self._scale.ticks():
            fits = self._left + cell + len(label) <= self._look.width
            if fits and (not text or cell > len(text)):
                text = pad(text, cell) + label
        return [(" " * self._left + text, "dim")]

    def _lane(self, lane: Lane, cells: str) -> Row:
        symbols = self._look.symbols
        style: Style = "bad" if lane.note else ""
        note = cut(lane.note, self._note - 1, symbols.cut)
        return [
            self._beside(cut_middle(lane.label, self._label, symbols.cut)),
            *_styled(cells, symbols.idle, style),
            ("|", ""),
            (f" {note}", style),
        ]

    def _beside(self, label: str) -> tuple[str, Style]:
        return (f"{' ' * INDENT}{pad(label, self._label)} |", "")

    def _hidden(self) -> list[Row]:
        timeline = self._timeline
        hidden = timeline.hidden_lanes + len(timeline.lanes) - len(self._lanes)
        return [[(f"{' ' * INDENT}(+{hidden} more)", "dim")]] if hidden > 0 else []

    # --- below the lanes ------------------------------------------------------

    def _running(self) -> list[Row]:
        # Of hidden lanes nothing is known: a count without them would be wrong.
        if self._timeline.limit is None or self._timeline.hidden_lanes:
            return []
        broken = self._broken_cells
        text = "".join(DIGITS[count : count + 1] or "+" for count in self._crowd)
        row: Row = [
            self._beside(RUNNING),
            (text[: broken.start], ""),
            (text[broken.start : broken.stop], "bad"),
            (f"{text[broken.stop :]}|", ""),
        ]
        return [row]

    @cached_property
    def _crowd(self) -> list[int]:
        return crowd_in_cells(self._timeline.lanes, self._scale, self._broken_cells)

    @cached_property
    def _broken_cells(self) -> range:
        timeline = self._timeline
        if timeline.broken_from is None:
            return range(0)
        first = self._scale.cell(nanoseconds(timeline.broken_from))
        if timeline.broken_to is None:
            return range(first, first + 1)
        last = self._scale.last_cell(nanoseconds(timeline.broken_to))
        return range(first, max(first, last) + 1)

    def _broken(self) -> list[Row]:
        cells = self._broken_cells
        if not cells or any(map(self._is_break, self._timeline.marks)):
            return []
        return self._pointing(cells.start, "^" * len(cells), self._how(), "bad")

    def _how(self) -> str:
        """Say what was wrong, or else on which side of its limit the law was broken."""
        timeline, cells = self._timeline, self._broken_cells
        limit, crowd = timeline.limit, self._crowd[cells.start : cells.stop]
        if timeline.broken_label:
            return timeline.broken_label
        if limit is not None and max(crowd) > limit:
            return f"over {limit}"
        if limit is not None and min(crowd) < limit and not timeline.hidden_lanes:
            return f"fewer than {limit}"
        return "law broken here"

    def _is_break(self, mark: Mark) -> bool:
        """Say whether the law was broken at just the moment of a mark."""
        timeline = self._timeline
        return timeline.broken_from == mark.at and timeline.broken_to in {None, mark.at}

    def _marks(self) -> list[Row]:
        marks = self._timeline.marks
        rows = [row for mark in marks[:MAX_MARKS] for row in self._mark(mark)]
        if len(marks) > MAX_MARKS:
            more = f"(+{len(marks) - MAX_MARKS} more)"
            rows.append([(" " * self._left + more, "dim")])
        return rows

    def _mark(self, mark: Mark) -> list[Row]:
        scale, at = self._scale, nanoseconds(mark.at)
        place = scale.cells if scale.span and at >= scale.end else scale.edge(at)
        style: Style = "bad" if self._is_break(mark) else ""
        return self._pointing(place, "^", f"{moment(mark.at)} {mark.label}", style)

    def _pointing(self, cell: int, sign: str, text: str, style: Style) -> list[Row]:
        """Return a sign under a cell, with words to its right, or else to its left."""
        before = self._left + cell
        after = self._look.width - before - len(sign) - 1
        room = max(after, before - 1 - INDENT)
        if width_of(text) > room and len(sign) > 1:
            return [[(" " * before + line, style)] for line in (sign, text)]
        text = cut(text, room, self._look.symbols.cut)
        if width_of(text) <= after:
            return [[(f"{' ' * before}{sign} {text}", style)]]
        return [[(f"{' ' * (before - 1 - width_of(text))}{text} {sign}", style)]]

    def _legend(self) -> list[Row]:
        parts = legend(self._lanes, "".join(self._cells), self._look.symbols)
        lines = join(parts, "   ", self._look.width - self._left)
        return [[(" " * self._left + line, "dim")] for line in lines]


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
