"""Whatever a submission hands out, the judge's side gets a record."""

import pytest

from grader import values, wire
from grader.world import rules

from .performing import Perform, Performer, ended, error, kind, stuck, value

OBJECTS = {
    "lying class": """
class Hostile:
    __class__ = BaseException
""",
    "lying class that raises": """
class Hostile:
    @property
    def __class__(self): raise KeyError
""",
    "raising everything": """
class Hostile:
    def __getattribute__(self, name): raise KeyError(name)
    def __eq__(self, other): raise KeyError
    def __hash__(self): raise KeyError
    def __str__(self): raise KeyError
    def __repr__(self): raise KeyError
    def __bool__(self): raise KeyError
    def __len__(self): raise KeyError
    def __iter__(self): raise KeyError
""",
    "equal to all": """
class Hostile:
    def __eq__(self, other): return True
    def __hash__(self): return 0
""",
    "lying metaclass": """
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
    __mro__ = property(lambda cls: 1 / 0)
    def __getattribute__(cls, name): raise KeyError
    def __instancecheck__(cls, other): raise KeyError
    def __eq__(cls, other): raise KeyError
    def __hash__(cls): return 0
class Hostile(metaclass=Meta): pass
""",
    "string": "class Hostile(str): pass",
    "number": "class Hostile(int): pass",
    "list": """
class Hostile(list):
    def __iter__(self): raise KeyError
""",
    "generator": "Hostile = lambda: (n for n in ())",
    "module": "Hostile = lambda: __import__('sys')",
    "class": "Hostile = lambda: type",
    "long name": "Hostile = type('x' * 10**5, (), {})",
    "odd name": "Hostile = type('a\\n\\x1b[2J', (), {})",
    "type with a lying dict": """
class Hostile(Exception):
    __dict__ = property(lambda self: 1 / 0)
""",
}

USES = {
    "returned": "    return Hostile()",
    "returned inside": "    return [(Hostile(),), {1: Hostile()}]",
    "noted": "    world.note('x', Hostile())",
    "argument": "    world.say(Hostile())",
    "keyword": "    world.say(x=Hostile())",
    "registered": "    return world.register(Hostile(), 'it')",
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("name", OBJECTS)
def test_any_object_may_be_handed_out(perform: Perform, name: str, use: str) -> None:
    run = perform(
        f"{OBJECTS[name]}\ndef f(world):\n{USES[use]}\n",
        {"say": rules.synchronous()},
    )

    assert kind(run) == "returned"


@pytest.mark.parametrize(
    "name", ["lying class", "equal to all", "string", "number", "list"]
)
def test_what_is_no_plain_value_equals_nothing(perform: Perform, name: str) -> None:
    run = perform(f"{OBJECTS[name]}\ndef f(world):\n    return Hostile()\n")

    assert run.outcome is not None
    assert isinstance(run.outcome.value, wire.Opaque)
    assert not values.same(run.outcome.value, run.outcome.value)


VALUES: dict[str, tuple[str, object]] = {
    "deep": ("x = []\n    for _ in range(10**5): x = [x]", None),
    "cyclic": ("x = []\n    x.append(x)", None),
    "cyclic dictionary": ("x = {}\n    x[1] = x", None),
    "long": ("x = list(range(10**6))", None),
    "long text": ("x = 'é' * 10**7", None),
    "long bytes": ("x = b'x' * 10**7", None),
    "huge number": ("x = 10 ** 10**6", None),
    "many big numbers": ("x = [2**16000 + n for n in range(5000)]", None),
    "many long texts": ("x = ['x' * 1000 + str(n) for n in range(5000)]", None),
    "wide text": ("x = '\\U0001f600' * 60000", None),
    "surrogates": ("x = '\\ud800x'", "\ud800x"),
    "many surrogates": ("x = ['\\udfff' * 9] * 9000", None),
    "infinite": ("x = float('inf')", float("inf")),
    "big number": ("x = -2**200", -(2**200)),
    "edge": ("x = [2**63, -2**63, 2**63 - 1]", [2**63, -(2**63), 2**63 - 1]),
    "keys": ("x = {(): 1, frozenset(): 2, None: 3}", {(): 1, frozenset(): 2, None: 3}),
    "unequal keys": ("x = {float('nan'): 1, 0.0: 2}", None),
    "ellipsis": ("x = ...", None),
    "complex": ("x = 1j", None),
    "coroutine": ("x = asyncio.sleep(0)", None),
    "task": ("x = asyncio.current_task", None),
    "exception": ("x = ValueError('x')", None),
}


@pytest.mark.parametrize("use", ["return x", "return world.say(x, x=x)"])
@pytest.mark.parametrize("name", VALUES)
def test_any_value_may_be_handed_out(perform: Perform, name: str, use: str) -> None:
    make, expected = VALUES[name]
    run = perform(
        f"import asyncio\ndef f(world):\n    {make}\n    {use}\n",
        {"say": rules.synchronous()},
    )

    got = value(run)
    assert expected is None or use != "return x" or got == expected


def test_nan_comes_through(perform: Perform) -> None:
    run = perform("def f(world):\n  return float('nan'), -0.0")

    assert repr(value(run)) == "(nan, -0.0)"


ERRORS = {
    "raising text": "def __str__(self): raise KeyError",
    "text that is none": "def __str__(self): return 3",
    "long text": "def __str__(self): return 'x' * 10**7",
    "odd text": "def __str__(self): return '\\ud800'",
    "string subclass": "def __str__(self): return type('S', (str,), {})('x')",
    "notes": "__notes__ = [1, 'a', None, 'b\\ud800', 'x' * 10**6]",
    "notes of a kind": "__notes__ = property(lambda self: 1 / 0)",
    "dict": "__dict__ = property(lambda self: 1 / 0)",
    "class": "__class__ = property(lambda self: 1 / 0)",
    "traceback": "__traceback__ = property(lambda self: 1 / 0)",
    "all": "def __getattribute__(self, name): raise KeyError",
    "exceptions": "exceptions = property(lambda self: 1 / 0)",
}


@pytest.mark.parametrize("base", ["Exception", "BaseException", "ExceptionGroup"])
@pytest.mark.parametrize("name", ERRORS)
def test_any_exception_may_be_raised(perform: Perform, name: str, base: str) -> None:
    arguments = "'m', [ValueError()]" if base == "ExceptionGroup" else "'m'"
    run = perform(f"""
class Hostile({base}):
    {ERRORS[name]}
async def f(world):
    raise Hostile({arguments})
""")

    assert kind(run) == "raised"
    assert error(run)[0] == "Hostile"
    assert len(error(run)[1]) <= 4096


def test_deep_and_wide_groups_are_cut(perform: Perform) -> None:
    run = perform("""
        def f(world):
            wide = [ValueError("x" * 5000) for _ in range(500)]
            for error in wide:
                error.__notes__ = ["n" * 5000] * 50
            deep = ValueError()
            for _ in range(500):
                deep = ExceptionGroup("deep", [deep])
            raise ExceptionGroup("all", [deep, *wide])
        """)

    assert error(run)[0] == "ExceptionGroup"


def test_notes_of_wrong_types_are_left_out(perform: Perform) -> None:
    run = perform("""
        def f(world):
            error = ValueError("x")
            error.__notes__ = ["a", 3, "b\\ud800"]
            raise error
        """)

    assert run.outcome is not None
    assert run.outcome.error is not None
    assert run.outcome.error.notes == ["a", "b?"]


NAMES = {
    "surrogates": "'\\ud800' * 3",
    "long": "'x' * 10**6",
    "number": "3",
    "subclass": "type('S', (str,), {})('x')",
    "lying subclass": "type('S', (str,), {'__str__': lambda self: self, '__getitem__': None})('x')",
}


@pytest.mark.parametrize("name", NAMES)
def test_any_name_may_be_given(perform: Perform, name: str) -> None:
    run = perform(
        f"""
        import asyncio, threading
        async def f(world):
            async def fetch():
                world.say()
                await asyncio.Event().wait()
            task = asyncio.create_task(fetch(), name={NAMES[name]})
            task.set_name({NAMES[name]})
            thread = threading.Thread(target=threading.Event().wait, name={NAMES[name]})
            thread.start()
            await task
        """,
        {"say": rules.synchronous()},
    )

    assert kind(run) == "deadlock"
    assert all(len(name) <= 80 for name, _, _ in stuck(run))


def test_keywords_may_be_odd(perform: Perform) -> None:
    run = perform(
        "def f(world):\n  world.say(**{'\\ud800': 1, 'x' * 1000: 2})",
        {"say": rules.synchronous()},
    )

    assert kind(run) == "returned"


PATCHES = {
    "asyncio.sleep": "asyncio.sleep = None",
    "asyncio.current_task": "asyncio.current_task = boom",
    "asyncio.all_tasks": "asyncio.all_tasks = boom",
    "asyncio.wait": "asyncio.wait = asyncio.create_task = boom",
    "asyncio.set_event_loop": "asyncio.set_event_loop = boom",
    "get_running_loop": "asyncio.get_running_loop = asyncio.events.get_running_loop = boom",
    "time.sleep": "time.sleep = time.monotonic = boom",
    "print": "builtins.print = builtins.input = boom",
    "stdout": "sys.stdout = sys.stderr = None",
    "stdout closed": "sys.stdout.close()",
    "excepthook": "sys.excepthook = threading.excepthook = sys.unraisablehook = boom",
    "gc": "gc.collect = gc.disable = boom; gc.enable()",
    "warnings": "warnings.showwarning = warnings.warn = boom",
    "random": "random.seed = boom",
    "json": "sys.modules['json'] = None",
    "signal": "signal.signal(signal.SIGPROF, signal.SIG_DFL)",
    "enumerate": "threading.enumerate = threading.current_thread = boom",
    "recursion": "sys.setrecursionlimit(2**31 - 1)",
    "Task": "asyncio.Task.get_name = boom",
    "Thread": "threading.Thread.name = property(boom)",
    "lock": "threading.Lock.acquire = boom",
    "queue": "queue.Queue.get = boom",
    "module": "del sys.modules['kata']",
    "modules": "sys.modules.clear()",
    "exit": "os._exit = boom",
    "traceback": "traceback.format_exception = boom",
    "exceptions": "builtins.Exception = builtins.BaseException = None",
    "frames": "sys._current_frames = sys._getframe = boom",
}


@pytest.mark.parametrize("name", PATCHES)
def test_anything_may_be_patched(performer: Performer, name: str) -> None:
    run = performer.perform(f"""
import asyncio, builtins, gc, os, queue, random, signal, sys, threading, time
import traceback, warnings
def boom(*args, **keywords): raise KeyError("boom")
async def f(world):
    {PATCHES[name]}
    world.note("patched")
    return 3
""")

    assert (kind(run), value(run)) == ("returned", 3)
    assert len(run.noted("patched")) == 1


def assert_others_are_unharmed(performer: Performer) -> None:
    run = performer.perform("def f(world):\n  return 'unharmed'")
    assert value(run) == "unharmed"


# What fails in here is compared with our own answer before anybody is blamed for it.
AT_THE_WORST = {
    "crashed",
    "deadlock",
    "player fault",
    "processor time",
    "protocol violation",
}


@pytest.mark.parametrize(
    "name", ["len", "isinstance", "type", "getattr", "hasattr", "dict", "super", "next"]
)
def test_who_patches_builtins_harms_itself_only(
    performer: Performer, name: str
) -> None:
    fate = performer.fate(f"""
import builtins
def boom(*args, **keywords): raise KeyError("boom")
async def f(world):
    builtins.{name} = boom
    return 3
""")

    assert fate in {"returned", "raised", *AT_THE_WORST}
    assert_others_are_unharmed(performer)


@pytest.mark.parametrize("hook", ["settrace", "setprofile"])
@pytest.mark.parametrize("when", ["import", "call"])
def test_a_hook_that_raises_harms_the_submission_only(
    performer: Performer, hook: str, when: str
) -> None:
    place = f"sys.{hook}(lambda *args: 1 / 0)"
    fate = performer.fate(f"""
import asyncio, sys
{place if when == "import" else ""}
async def f(world):
    {place if when == "call" else ""}
    await asyncio.sleep(1)
    return 3
""")

    assert fate in {"returned", "raised", *AT_THE_WORST}
    assert_others_are_unharmed(performer)


def test_a_trace_that_counts_changes_nothing(perform: Perform) -> None:
    run = perform("""
        import asyncio, sys
        async def f(world):
            seen = []
            sys.settrace(lambda *args: seen.append(args))
            await asyncio.gather(asyncio.sleep(1), asyncio.to_thread(int))
            sys.settrace(None)
            return len(seen) > 10
        """)

    assert value(run) is True


RECURSIONS = {
    "plain": "def dig(n):\n    return dig(n + 1)",
    "sleeping": "def dig(n):\n    time.sleep(0.001)\n    return dig(n + 1)",
    "asking": "def dig(n):\n    world.say(n)\n    return dig(n + 1)",
    "locking": "def dig(n):\n    threading.Event().wait(0.001)\n    return dig(n + 1)",
    "starting": (
        "def dig(n):\n"
        "    thread = threading.Thread(target=int)\n"
        "    thread.start()\n"
        "    thread.join()\n"
        "    return dig(n + 1)"
    ),
    "running": "def dig(n):\n    asyncio.run(asyncio.sleep(0.1))\n    return dig(n + 1)",
    "clocks": "def dig(n):\n    time.monotonic()\n    return dig(n + 1)",
}


@pytest.mark.parametrize("place", ["main", "thread"])
@pytest.mark.parametrize("name", RECURSIONS)
def test_recursion_without_end_is_told_wherever_it_breaks(
    perform: Perform, name: str, place: str
) -> None:
    from textwrap import indent

    body = indent(RECURSIONS[name], "    ")
    run = perform(
        f"""
import asyncio, threading, time
def f(world):
{body}
    def all():
        try:
            dig(0)
        except RecursionError:
            time.sleep(1)
            world.note("caught")
    {"all()" if place == "main" else ""}
    thread = threading.Thread(target=all)
    {"thread.start(); thread.join()" if place == "thread" else ""}
    return 3
""",
        {"say": rules.synchronous()},
    )

    assert value(run) == 3
    assert len(run.noted("caught")) == 1


def test_awaiting_without_end_is_told(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def dig():
            await asyncio.sleep(0)
            await dig()
        async def f(world):
            await dig()
        """)

    assert error(run)[0] == "RecursionError"


def test_memory_without_end_is_told(perform: Perform) -> None:
    run = perform("""
        def f(world):
            kept = []
            while True:
                kept.append(bytes(1 << 24))
        """)

    assert error(run)[0] == "MemoryError"


def test_memory_that_is_kept_does_not_make_it_our_fault(perform: Perform) -> None:
    run = perform("""
        kept = []
        def f(world):
            size = 1 << 24
            while size > 16:
                try:
                    kept.append(bytes(size))
                except MemoryError:
                    size //= 2
            return 3
        """)

    assert kind(run) in {"returned", "crashed", "raised", "processor time"}


def test_closing_the_wire_is_a_crash(perform: Perform) -> None:
    run = perform("""
        import os
        def f(world):
            os.closerange(3, 256)
            world.note("x")
            import time
            time.sleep(1)
        """)

    assert kind(run) == "crashed"


def test_garbage_on_the_wire_is_a_violation(perform: Perform) -> None:
    run = perform("""
        import os
        def f(world):
            for number in range(3, 256):
                try:
                    os.write(number, b"\\x00\\x00\\x00\\x04junk")
                except OSError:
                    pass
        """)

    assert kind(run) == "protocol violation"


def test_a_signal_handler_that_raises_in_a_wait_is_the_submissions(
    perform: Perform,
) -> None:
    run = perform("""
        import os, signal, threading, time
        def stop(*_):
            raise KeyError("from a signal")
        def f(world):
            signal.signal(signal.SIGUSR1, stop)
            def send():
                os.kill(os.getpid(), signal.SIGUSR1)
                time.sleep(2)
            thread = threading.Thread(target=send)
            thread.start()
            try:
                time.sleep(5)
            except KeyError:
                pass
            thread.join()
            return time.monotonic()
        """)

    assert kind(run) in {"returned", "raised"}
    assert ended(run) is not None


def test_a_signal_handler_may_raise_while_the_baton_comes(perform: Perform) -> None:
    run = perform("""
        import os, signal, threading, time
        def stop(*_):
            raise KeyError("from a signal")
        def once():
            def send():
                os.kill(os.getpid(), signal.SIGUSR1)
                time.sleep(2)
            thread = threading.Thread(target=send)
            thread.start()
            time.sleep(5)
        def f(world):
            signal.signal(signal.SIGUSR1, stop)
            for _ in range(100):
                try:
                    once()
                except KeyError:
                    pass
            return "all of them"
        """)

    assert kind(run) in {"returned", "raised"}


def test_records_that_raise_are_opaque(perform: Perform) -> None:
    run = perform(
        """
        from dataclasses import dataclass
        @dataclass
        class Point:
            x: int
            def __getattribute__(self, name): raise KeyError
        class Plain: pass
        @dataclass
        class Good:
            x: int
            y: tuple
        def f(world):
            return [Good(1, (2,)), Plain()], Point(1)
        """,
        records=["Point", "Plain", "Good"],
    )

    assert run.outcome is not None
    assert run.outcome.kind == "returned"


def test_records_travel_field_by_field(perform: Perform) -> None:
    run = perform(
        """
        from dataclasses import dataclass
        class Plain: pass
        @dataclass
        class Good:
            x: int
            y: tuple
        class Sub(Good): pass
        def f(world):
            return Good(1, (2,)), Plain(), Sub(1, 2)
        """,
        records=["Plain", "Good", "Sub"],
    )

    assert run.outcome is not None
    assert isinstance(run.outcome.value, wire.Tuple)
    good, plain, sub = run.outcome.value.items
    assert good == wire.Record("Good", [("x", 1), ("y", wire.Tuple([2]))])
    assert plain == wire.Opaque("Plain")
    assert sub == wire.Record("Sub", [("x", 1), ("y", 2)])
