import pytest

from grader.judge.drive import PlayerFault
from grader.judge.grade import last_line


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Traceback:\n  line 1\nKeyError: 'x'\n", "KeyError: 'x'"),
        ("", "it did not say how"),
        ("\n \n", "it did not say how"),
        ("x" * 1000, "x" * 200),
    ],
)
def test_of_any_account_of_a_fault_one_line_is_told(said: str, told: str) -> None:
    assert last_line(PlayerFault(said)) == told
