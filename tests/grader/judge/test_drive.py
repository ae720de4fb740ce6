import pytest

from grader.judge.drive import describe_status


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (9, "the process was ended by SIGKILL"),
        (11 | 0x80, "the process was ended by SIGSEGV"),
        (35, "the process was ended by signal 35"),
        (63, "the process was ended by signal 63"),
        (0, "the process ended by itself with exit code 0"),
        (3 << 8, "the process ended by itself with exit code 3"),
    ],
)
def test_any_way_in_which_a_process_ends_is_told(status: int, said: str) -> None:
    assert describe_status(status) == said
