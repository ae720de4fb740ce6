"""What Python complains of, and what is printed, comes with the report."""

import pytest

from grader.world import rules

from .performing import Perform, ended, value, warned


@pytest.mark.parametrize("collect", [False, True])
def test_a_coroutine_that_is_never_awaited_is_told_by_where_it_was_made(
    perform: Perform,
    collect: bool,  # noqa: FBT001
) -> None:
    run = perform(
        """
        import asyncio
        async def g():
            pass
        async def f(world):
            kept = g()
            world.fetch(1)
            await asyncio.sleep(1)
        """,
        {"fetch": rules.asynchronous()},
        collect=collect,
    )

    assert sorted(warned(run)) == [
        ("coroutine 'fetch' was never awaited", 6),
        ("coroutine 'g' was never awaited", 5),
    ]
    assert {each.kind for each in ended(run).warnings} == {"RuntimeWarning"}


def test_a_coroutine_lost_in_a_ring_is_told(perform: Perform) -> None:
    run = perform("""
        async def g():
            pass
        def f(world):
            ring = []
            ring.append((ring, g()))
        """)

    assert warned(run) == [("coroutine 'g' was never awaited", 5)]


def test_an_exception_that_nobody_asked_for_is_told(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def fail():
            raise KeyError("lost")
        async def f(world):
            asyncio.create_task(fail())
            await asyncio.sleep(1)
        """)

    assert warned(run) == [("Task exception was never retrieved: KeyError: 'lost'", 3)]


def test_an_exception_of_a_kept_task_is_told(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def fail():
            raise KeyError("lost")
        async def f(world):
            kept = asyncio.create_task(fail())
            await asyncio.sleep(1)
        """)

    assert warned(run) == [("Task exception was never retrieved: KeyError: 'lost'", 3)]


def test_a_future_that_nobody_asked_is_told(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            asyncio.get_running_loop().create_future().set_exception(ValueError("x"))
            asyncio.Future().set_exception(ValueError("y"))
        """)

    assert [text for text, _ in warned(run)] == [
        "Future exception was never retrieved: ValueError: x",
        "Future exception was never retrieved: ValueError: y",
    ]


def test_a_task_that_is_destroyed_is_told(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def wait():
            await asyncio.get_running_loop().create_future()
        async def f(world):
            asyncio.create_task(wait())
            await asyncio.sleep(1)
        """)

    assert ("Task was destroyed but it is pending!", 0) in warned(run)


def test_what_a_handler_takes_is_told_all_the_same(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            loop, seen = asyncio.get_running_loop(), []
            loop.set_exception_handler(lambda loop, context: seen.append(context["message"]))
            loop.call_exception_handler({"message": "mine"})
            return seen
        """)

    assert (value(run), warned(run)) == (["mine"], [("mine", 0)])


def test_the_default_handler_is_quiet(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            asyncio.get_running_loop().call_exception_handler({"message": "mine"})
        """)

    assert ended(run).printed == ""


def test_warnings_of_the_submission_are_told(perform: Perform) -> None:
    run = perform("""
        import warnings
        def f(world):
            for n in range(3):
                warnings.warn("careful", DeprecationWarning)
        """)

    assert [(each.kind, each.message, each.line) for each in ended(run).warnings] == [
        ("DeprecationWarning", "careful", 4)
    ] * 3


def test_so_many_warnings_are_told_and_no_more(perform: Perform) -> None:
    run = perform("""
        import warnings
        def f(world):
            for n in range(300):
                warnings.warn(f"number {n}" + 10_000 * "x" + "\\nmore")
        """)

    assert len(ended(run).warnings) == 50
    assert {len(text) for text, _ in warned(run)} == {400}


def test_clean_code_has_no_warnings(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            async def wait(n):
                await asyncio.sleep(n)
                if n == 2:
                    raise ValueError
            try:
                async with asyncio.TaskGroup() as group:
                    for n in range(4):
                        group.create_task(wait(n))
            except ExceptionGroup:
                pass
            results = await asyncio.gather(wait(2), wait(1), return_exceptions=True)
            try:
                await asyncio.wait_for(wait(5), 1)
            except TimeoutError:
                pass
        """)

    assert (warned(run), ended(run).printed) == ([], "")


# --- printing -----------------------------------------------------------------


def test_what_is_printed_comes_with_the_report(perform: Perform) -> None:
    run = perform("""
        import sys
        print("at import")
        def f(world):
            print("out", 1, flush=True)
            print("err", file=sys.stderr)
            sys.stdout.write("written\\n")
            sys.stdout.buffer.write(b"bytes\\n")
            sys.stdout.writelines(["lines\\n"])
        """)

    assert ended(run).printed == "at import\nout 1\nerr\nwritten\nbytes\nlines\n"


def test_much_that_is_printed_is_cut(perform: Perform) -> None:
    run = perform("""
        def f(world):
            for n in range(1000):
                print("x" * 999)
        """)

    printed = ended(run).printed
    assert printed.endswith("x… (cut)")
    assert len(printed) == 64 * 1024 + len("… (cut)")


def test_text_that_is_no_unicode_is_mended(perform: Perform) -> None:
    run = perform("""
        import sys
        def f(world):
            print("a\\ud800b é")
            sys.stdout.buffer.write(b"\\xff\\n")
        """)

    assert ended(run).printed == "a?b é\n\ufffd\n"


@pytest.mark.parametrize(
    "do",
    [
        "sys.stdout = None; print('lost')",
        "sys.stdout.close()",
        "sys.stdout.detach()",
        "sys.stdout.reconfigure(encoding='utf-16')",
        "del sys.stdout",
        "sys.stderr = 3",
        "sys.stdout.write = None",
    ],
)
def test_streams_may_be_spoilt(perform: Perform, do: str) -> None:
    run = perform(f"""
        import sys
        def f(world):
            print("before")
            {do}
            return "on"
        """)

    assert value(run) == "on"


def test_a_stream_takes_text_only(perform: Perform) -> None:
    run = perform("""
        import sys
        def f(world):
            try:
                sys.stdout.write(b"bytes")
            except TypeError:
                return "refused"
        """)

    assert value(run) == "refused"


def test_tracebacks_that_are_printed_show_the_line(perform: Perform) -> None:
    run = perform("""
        import traceback
        def f(world):
            try:
                1 / 0
            except ZeroDivisionError:
                traceback.print_exc()
        """)

    assert '  File "kata.py", line 4, in f\n    1 / 0\n' in ended(run).printed
