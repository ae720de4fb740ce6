from __future__ import annotations

from textwrap import dedent

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.feedback import Look
from grader.feedback.crowd import crowd_in_cells
from grader.feedback.lanes import lane_cells
from grader.feedback.look import UNICODE
from grader.feedback.rows import paint
from grader.feedback.scale import SECOND, nanoseconds, scale_for
from grader.feedback.timeline import timeline_rows
from grader.verdict import Lane, Mark, Timeline

from .samples import lane

NARROW = Look(width=60)
NOW = range(0)


def draw(lanes: list[Lane], end: float, **more: object) -> str:
    """Return a timeline of 60 columns."""
    timeline = replace(Timeline(lanes, end), **more)
    return dedent(paint(timeline_rows(timeline, NARROW), NARROW))


def cells(lanes: list[Lane], end: float, room: int = 50) -> list[str]:
    """Return the cells of each lane."""
    scale = scale_for([0, nanoseconds(end)], room)
    return [lane_cells(each, scale, UNICODE) for each in lanes]


def picture(text: str) -> str:
    """Return an expected timeline as it stands in a test."""
    return dedent(text).lstrip("\n")


# --- bars ---------------------------------------------------------------------


def test_what_starts_when_another_ends_starts_in_the_next_cell() -> None:
    assert draw([lane("a", 0, 1), lane("b", 1, 2), lane("c", 2, 3)], 3) == picture("""
                 0s          1s          2s          3s
        a       |████████████························|
        b       |············████████████············|
        c       |························████████████|
    """)


def test_each_end_has_its_sign() -> None:
    lanes = [
        lane("one", 0, 2, "failed", note="failed first"),
        lane("two", 0, 3, "cancelled", cleanup=2.0),
        lane("three", 0, 3, cleanup=2.0),
        lane("four", 1, None, "open"),
    ]

    assert draw(lanes, 4) == picture("""
                 0s      1s      2s      3s      4s
        one     |███████████████x················| failed first
        two     |████████████████░░░░░░░/········|
        three   |████████████████░░░░░░░░········|
        four    |········███████████████████████>|
                 x failed   / cancelled   > never ended
                 ░ cleaning up
    """)


def test_a_lane_that_nobody_waited_for_is_lost() -> None:
    assert draw([lane("a", 0, 1, "lost"), lane("b", 0, 2)], 2) == picture("""
                 0s        0.5s      1s        1.5s      2s
        a       |███████████████████?····················|
        b       |████████████████████████████████████████|
                 ? lost
    """)


def test_lane_of_no_length_is_seen() -> None:
    lanes = [lane("a", 0, 0), lane("b", 1, 1), lane("c", 2, 2)]

    assert [each.index("█") for each in cells(lanes, 2, 24)] == [0, 12, 23]


def test_timeline_of_no_length_is_seen() -> None:
    lanes = [lane("a", 0, 0), lane("b", 0, 0, "cancelled", cleanup=0.0)]
    limits = {"limit": 1, "broken_from": 0.0, "broken_to": 0.0}

    assert draw(lanes, 0, **limits) == picture("""
                 0s
        a       |█|
        b       |/|
        running |2|
                 ^ over 1
                 / cancelled
    """)


SPANS = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=8
)


@given(SPANS, st.integers(10, 60))
def test_every_bar_has_the_right_extent(
    spans: list[tuple[int, int]], room: int
) -> None:
    lanes = [lane("a", at / 1000, (at + long) / 1000) for at, long in spans]
    end = max(at + long for at, long in spans) / 1000

    drawn = cells(lanes, end, room)

    width = {len(each) for each in drawn}
    assert len(width) == 1
    assert width.pop() <= room
    assert all("█" in each for each in drawn)
    same = {
        span: {drawn[n] for n, each in enumerate(spans) if each == span}
        for span in spans
    }
    assert {len(each) for each in same.values()} == {1}


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 10**6))
def test_neighbours_never_share_a_cell_where_there_are_enough(
    start: int, first: int, second: int
) -> None:
    middle, end = (start + first) / 1000, (start + first + second) / 1000
    before, after = cells(
        [lane("a", start / 1000, middle), lane("b", middle, end)], end
    )

    shared = [pair for pair in zip(before, after, strict=True) if pair == ("█", "█")]
    tiny = before.count("█") == 1 or after.count("█") == 1
    assert tiny or not shared


# --- who runs -----------------------------------------------------------------


def test_crowd_is_counted_and_the_break_is_marked() -> None:
    lanes = [lane("a", 0, 1), lane("b", 0.5, 1.5, note="2 of 1"), lane("c", 1.5, 2)]
    limits = {"limit": 1, "broken_from": 0.5, "broken_to": 1.0}

    assert draw(lanes, 2, **limits) == picture("""
                 0s        0.5s      1s        1.5s      2s
        a       |████████████████████····················|
        b       |··········████████████████████··········| 2 of 1
        c       |······························██████████|
        running |1111111111222222222211111111111111111111|
                           ^^^^^^^^^^ over 1
    """)


def test_too_few_are_marked_as_too_few() -> None:
    lanes = [lane("a", 0, 2), lane("b", 0, 1), lane("c", 2, 3, note="late")]
    limits = {"limit": 2, "broken_from": 1.0, "broken_to": 2.0}

    assert "^^ fewer than 2" in draw(lanes, 3, **limits)


def test_side_of_the_limit_is_not_guessed_where_lanes_are_unknown() -> None:
    limits = {"limit": 2, "broken_from": 0.0, "broken_to": 1.0, "hidden_lanes": 3}

    assert " law broken here" in draw([lane("a", 0, 1)], 1, **limits)


def test_moment_too_short_to_draw_is_counted_where_the_law_was_broken() -> None:
    scale = scale_for([0, 10 * SECOND], 50)
    lanes = [lane("a", 0, 5.001), lane("b", 5, 10)]

    crowd = crowd_in_cells(lanes, scale, range(25, 26))

    assert crowd == [1] * 25 + [2] + [1] * 24


def test_more_than_nine_are_a_plus() -> None:
    lanes = [lane("a", 0, 1) for _ in range(10)]

    assert "running |++++++" in draw(lanes, 1, limit=20)


def test_crowd_is_not_counted_where_lanes_are_unknown() -> None:
    drawn = draw([lane("a", 0, 1)], 1, limit=1, hidden_lanes=4)

    assert "running" not in drawn
    assert "(+4 more)" in drawn


def test_twelve_lanes_are_shown_and_those_with_a_note_first() -> None:
    lanes = [lane(f"job {number}", 0, 1) for number in range(14)]
    lanes.append(lane("job 14", 0, 1, note="too many"))
    drawn = draw(lanes, 1)

    assert drawn.count("|") == 2 * 12
    assert "job 14" in drawn
    assert "(+3 more)" in drawn


@given(SPANS)
def test_where_nothing_is_broken_the_count_is_what_is_drawn(
    spans: list[tuple[int, int]],
) -> None:
    lanes = [lane("a", at / 1000, (at + long + 1000) / 1000) for at, long in spans]
    end = max(at + long + 1000 for at, long in spans) / 1000
    scale = scale_for([0, nanoseconds(end)], 50)

    crowd = crowd_in_cells(lanes, scale, NOW)

    bars = [lane_cells(each, scale, UNICODE) for each in lanes]
    columns = zip(*bars, strict=True)
    assert crowd == [column.count("█") for column in columns]


# --- marks and words ----------------------------------------------------------


def test_mark_stands_at_its_moment_and_beside_its_words() -> None:
    marks = [Mark(1, "caller cancelled"), Mark(4, "raised CancelledError")]

    assert draw([lane("a", 0, 4)], 4, marks=marks) == picture("""
                 0s        1s        2s        3s        4s
        a       |████████████████████████████████████████|
                           ^ t=1.0s caller cancelled
                            t=4.0s raised CancelledError ^
    """)


def test_many_marks_are_cut() -> None:
    assert "(+2 more)" in draw([], 1, marks=[Mark(0.5, "step")] * 8)


def test_long_label_keeps_its_end() -> None:
    drawn = draw([lane("fetch('https://example.org/pages/17')", 0, 1)], 1)

    assert "es/17')" in drawn


def test_mark_at_the_moment_of_the_break_stands_for_it() -> None:
    mark = Mark(1, "raised FetchError")

    drawn = draw([lane("a", 0, 2)], 2, broken_from=1.0, marks=[mark])

    assert drawn.count("^") == 1
    assert "^ t=1.0s raised FetchError" in drawn


def test_law_without_a_limit_says_where_it_broke() -> None:
    drawn = draw([lane("a", 0, 1)], 1, broken_from=0.5)

    assert "^ law broken here" in drawn
