import pytest

from grader import wire

from .performing import Performer

STREAM = wire.Need("f", "stream", ["x"])


@pytest.mark.parametrize(
    "source",
    [
        "async def f(x):\n    yield x\n",
        "def f(x):\n    return g(x)\n",
        "class f:\n    def __init__(self, x): ...\n",
    ],
)
def test_a_stream_may_be_made_in_any_way(performer: Performer, source: str) -> None:
    assert performer.check(source, STREAM) is None


def test_a_coroutine_function_in_place_of_a_stream_is_left_to_the_laws(
    performer: Performer,
) -> None:
    assert performer.check("async def f(x):\n    return [x]\n", STREAM) is None


def test_a_stream_must_take_what_it_is_called_with(performer: Performer) -> None:
    found = performer.check("async def f():\n    yield 1\n", STREAM)

    assert found is not None
    assert found.message == "f must accept (x); it accepts ()"
