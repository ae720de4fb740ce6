from .conftest import Command

BLOCKING = "solutions/hello_await/wrong/blocking_sleep.py"
ADVICE = """
  Advice   line 9: time.sleep stops every task. `await asyncio.sleep` stops this
           one only. (ASYNC251)
"""


def test_advice_stands_below_the_verdict_and_changes_no_exit_code(
    kata: Command,
) -> None:
    printed = kata("test", "hello_await", "--file", BLOCKING, "--advice")

    assert printed.code == 1
    assert printed.out.endswith(ADVICE)
