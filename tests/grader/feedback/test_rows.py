from __future__ import annotations

from grader.feedback import Look
from grader.feedback.rows import Row, command, labelled, offer, paint

LOOK = Look(width=50)
REPLAY = "kata test semaphore --law at-most-limit --case 1f09ac34 --file 'my file.py'"


def test_long_command_is_broken_between_options() -> None:
    lines = paint(command(REPLAY, LOOK), LOOK).splitlines()

    assert lines == [
        "kata test semaphore \\",
        "  --law at-most-limit --case 1f09ac34 \\",
        "  --file 'my file.py'",
    ]


def test_long_path_is_never_cut_in_two() -> None:
    replay = f"kata test semaphore --law at-most-limit --file {'long/' * 12}mine.py"

    lines = paint(command(replay, LOOK), LOOK).splitlines()

    assert lines == [
        "kata test semaphore \\",
        "  --law at-most-limit \\",
        f"  --file {'long/' * 12}mine.py",
    ]


def test_what_a_command_is_good_for_is_left_out_before_the_command_is_cut() -> None:
    rows = offer("Next", "kata show semaphore", "the page to build from", LOOK)

    assert paint(rows, LOOK) == "  Next     kata show semaphore\n"


def test_nothing_to_say_takes_no_row() -> None:
    assert labelled("Seen", "  ", LOOK) == []


def test_long_text_hangs_beside_its_label_and_ends_in_time() -> None:
    lines = paint(labelled("Given", "word " * 200, LOOK), LOOK).splitlines()

    assert len(lines) == 6
    assert lines[1].startswith(" " * 11 + "word")
    assert lines[-1].endswith("…")


def test_blanks_at_the_end_are_not_painted() -> None:
    row: Row = [("a  ", "bold"), ("   ", "bad")]

    assert paint([row], Look(color=True)) == "\x1b[1ma\x1b[0m\n"
