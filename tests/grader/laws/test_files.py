import pytest

from grader.laws import JudgedRun

from .conftest import Breach, Story, breach, time_up

RULE = "Write all bytes, in order"


def run_that_leaves(story: Story, **files: bytes | None) -> JudgedRun:
    run = story.returns()
    run.run.files = {name.replace("_", "/"): data for name, data in files.items()}
    return run


def test_the_files_that_are_wanted_hold(story: Story) -> None:
    run = run_that_leaves(story, a=b"1", in_=None, in_b=b"2")

    run.folder_holds({"a": b"1", "in/b": b"2"}, RULE)


@pytest.mark.parametrize(
    ("files", "fact", "sign"),
    [
        ({}, "out is not there", "missing-file"),
        ({"out": b"abc"}, "out ends after 3 of 6 bytes", "wrong-bytes"),
        ({"out": b"abcdefgh"}, "out has 8 bytes, not 6", "wrong-bytes"),
        (
            {"out": b"abXdef"},
            "from byte 2 on out holds b'Xdef', not b'cdef'",
            "wrong-bytes",
        ),
        ({"out": None}, "out is no file that can be read", "wrong-bytes"),
        ({"out": b"abcdef", "tmp": b""}, "tmp was left there", "left-over"),
        ({"out": b"abcdef", "tmp_": None}, "tmp/ was left there", "left-over"),
    ],
)
def test_what_is_wrong_is_told(
    story: Story, files: dict[str, bytes | None], fact: str, sign: str
) -> None:
    run = run_that_leaves(story, **files)

    assert breach(run.folder_holds, {"out": b"abcdef"}, RULE) == Breach(
        f"{RULE}; at the end, {fact}.", sign, at=0
    )


def test_files_are_not_judged_when_time_is_up(story: Story) -> None:
    run = story.stops("wall time")

    assert time_up(run.folder_holds, {}, RULE)[1] == "wall time"
