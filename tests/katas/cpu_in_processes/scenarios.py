"""Runs beside the submission; decides nothing.

All that happens is written to one file, by the workers and by the caller alike: who began
what, in which process, and what came back. A call may wait for a line in it.
"""

import asyncio
import itertools
import multiprocessing
import os
import signal
import time
from pathlib import Path

OPEN = "open"
"""The line that lets all calls go that wait for it."""

PATIENCE = 0.6
"""Processor time of its own after which a call in a worker waits no longer."""

LONG_PATIENCE = 1.5
"""The same for the caller, who waits for workers that wait."""

SHORT_PATIENCE = 0.3
"""The same for what a right answer never does."""

LOOKS = 250
POLL = 0.002

_trips = itertools.count()


class NeverEnds(BaseException):
    """The call is given up: it does not end."""


class Log:
    """The file, which any process may read and append to."""

    def __init__(self, path):
        self.path = path

    def add(self, line):
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, f"{line}\n".encode())
        os.close(file)

    def lines(self):
        try:
            with Path(self.path).open(encoding="ascii") as file:
                return [line.split() for line in file]
        except FileNotFoundError:
            return []

    def has(self, wanted):
        return set(wanted) <= {" ".join(line[:2]) for line in self.lines()}


# --- what travels -------------------------------------------------------------


class Trip:
    """All items have the same one; whoever unpickles them together, a new one."""

    def __init__(self, name):
        self.name = name

    def __reduce__(self):
        return new_trip, ()


def new_trip():
    return Trip(f"{os.getpid()}-{next(_trips)}")


class Item:
    """Equal to any other with its key."""

    def __init__(self, key, waits_for, fate, log, trip):
        self.key = key
        self.waits_for = waits_for
        self.fate = fate
        self.log = log
        self.trip = trip
        self.home = os.getpid()

    def __eq__(self, other):
        return isinstance(other, Item) and self.key == other.key

    def __hash__(self):
        return hash(self.key)

    def wait(self):
        if not self.waits_for or self.log.has(self.waits_for):
            return
        looks = self._looks_at_home() if os.getpid() == self.home else self._looks()
        for _ in looks:
            # Who waited in vain once lets all the others go.
            if self.log.has(self.waits_for) or self.log.has(["gave up"]):
                return
        self.log.add(f"alone {self.key}")
        self.log.add("gave up")

    def _looks(self):
        until = time.process_time() + PATIENCE
        while time.process_time() < until:
            yield

    def _looks_at_home(self):
        for _ in range(50):
            time.sleep(0.01)
            yield


class Answer(str):
    """What a call returns; leaves a line where it arrives."""

    def __new__(cls, key, log):
        made = super().__new__(cls, answer(key))
        made.key = key
        made.log = log
        return made

    def __reduce__(self):
        return arrive, (self.key, self.log)


class WorkError(Exception):
    """What a call that fails raises; leaves a line where it arrives."""

    def __init__(self, key, log):
        super().__init__(f"{key} cannot be worked on")
        self.key = key
        self.log = log

    def __reduce__(self):
        return arrive_failed, (self.key, self.log)


def answer(key):
    return f"{key} is done"


def arrive(key, log):
    log.add(f"arrived {key}")
    return answer(key)


def arrive_failed(key, log):
    log.add(f"arrived {key}")
    return WorkError(key, log)


def work(item):
    item.log.add(f"begun {item.key} {os.getpid()} {item.trip.name}")
    item.wait()
    if item.fate == "fails":
        raise WorkError(item.key, item.log)
    if item.fate == "dies":
        if os.getpid() == item.home:
            raise RuntimeError("the caller's own process would have died")
        os.kill(os.getpid(), signal.SIGKILL)
    return Answer(item.key, item.log)


# --- the caller ---------------------------------------------------------------


def start(items):
    """Return a log of this run's own, and the items: key, what it waits for, its fate."""
    log = Log(f"log-{os.urandom(4).hex()}")
    trip = Trip("none")
    return log, [Item(*each, log, trip) for each in items]


def plain(answers):
    if type(answers) is not list:
        return answers
    return [str(each) if isinstance(each, Answer) else each for each in answers]


class Timer:
    """A process that ends when it has used so much processor time.

    So what is waited for has had as much, however busy the machine is.
    """

    def __init__(self, seconds):
        self.over = asyncio.Event()
        self._end, other = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            while time.process_time() < seconds:
                pass
            os._exit(0)
        os.close(other)
        asyncio.get_running_loop().add_reader(self._end, self._ring)

    def _ring(self):
        asyncio.get_running_loop().remove_reader(self._end)
        self.over.set()

    def close(self):
        asyncio.get_running_loop().remove_reader(self._end)
        os.close(self._end)
        os.kill(self._pid, signal.SIGKILL)
        # `waitpid` would be a wait of the run's, and be told as one that stops the loop.
        os.waitid(os.P_PID, self._pid, os.WEXITED)


async def until(is_so, looks=LOOKS, patience=LONG_PATIENCE):
    """Wait until something is so; say whether it was, or patience came to its end."""
    for _ in range(looks):
        if is_so():
            return True
        await asyncio.sleep(POLL)
    timer = Timer(patience)
    try:
        # Whoever looks all the time uses up the time that it is waiting for.
        while not (timer.over.is_set() or is_so()):  # noqa: ASYNC110 (it is outside)
            await asyncio.sleep(10 * POLL)
    finally:
        timer.close()
    return is_so()


async def rest(call, times=40):
    """Let the caller's process do all that it can do without the workers."""
    for _ in range(times):
        if call.done():
            break
        await asyncio.sleep(POLL)
    for _ in range(5):
        await asyncio.sleep(POLL)


async def ended(call):
    """Return what a call returns or raise what it raises."""
    await asyncio.wait([call], timeout=LOOKS * POLL)
    if not await until(call.done):
        call.cancel()
        raise NeverEnds("parallel_map is still waiting")
    return plain(await call)


def left(log):
    """Return how many worker processes are there."""
    children = {each.pid for each in multiprocessing.active_children()}
    workers = {int(line[2]) for line in log.lines() if line[0] == "begun"}
    workers -= {os.getpid()}
    return len(children | {pid for pid in workers if is_there(pid)})


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def tell(world, log, items):
    """Note for each item what was seen of it, and how many processes there were."""
    begun = [line for line in log.lines() if line[0] == "begun"]
    alone = {line[1] for line in log.lines() if line[0] == "alone"}
    home = str(os.getpid())
    for key in dict.fromkeys(item.key for item in items):
        calls = [line for line in begun if line[1] == key]
        world.note("the number of calls", key, len(calls))
        if calls:
            where = "the caller's own" if calls[0][2] == home else "a worker"
            world.note("the process", key, where)
            world.note("the trip", key, together(calls[0], begun))
        world.note("the call", key, "alone" if key in alone else "as it should be")
    world.note("worker processes", len({line[2] for line in begun} - {home}))


def together(call, begun):
    return sorted(each[1] for each in begun if each[3] == call[3])


def in_any_order(answers):
    return sorted(answers) if type(answers) is list else answers


async def map_items(kata, world, items, processes, chunk):
    _, made = start(items)
    call = asyncio.ensure_future(
        kata.parallel_map(work, made, processes=processes, chunk=chunk)
    )
    return await ended(call)


async def map_and_tell(kata, world, items, processes, chunk):
    log, made = start(items)
    call = asyncio.ensure_future(
        kata.parallel_map(work, made, processes=processes, chunk=chunk)
    )
    try:
        return in_any_order(await ended(call))
    finally:
        tell(world, log, made)


async def map_held_up(kata, world, items, processes, chunk):
    """All calls wait for as long as more than so many may begin."""
    log, made = start(items)
    call = asyncio.ensure_future(
        kata.parallel_map(work, made, processes=processes, chunk=chunk)
    )
    try:
        await until(lambda: begun_in(log) > processes, 10, SHORT_PATIENCE)
        log.add(OPEN)
        return in_any_order(await ended(call))
    finally:
        tell(world, log, made)


def begun_in(log):
    return len({line[2] for line in log.lines() if line[0] == "begun"})


async def map_beside_another_task(kata, world, items, processes, chunk):
    log, made = start(items)

    async def knock():
        await until(lambda: log.has([f"begun {made[0].key}"]))
        await world.knock()
        log.add(OPEN)

    other = asyncio.ensure_future(knock())
    await asyncio.sleep(0)
    try:
        answers = await kata.parallel_map(work, made, processes=processes, chunk=chunk)
    finally:
        await world.over()
        await other
    return in_any_order(plain(answers))


async def map_two_at_once(kata, world, items, processes):
    log, made = start(items)
    half = len(made) // 2
    calls = [
        asyncio.ensure_future(
            kata.parallel_map(work, each, processes=processes, chunk=1)
        )
        for each in (made[:half], made[half:])
    ]
    try:
        return [await ended(call) for call in calls]
    finally:
        tell(world, log, made)


def map_in_two_loops(kata, world, items, processes, chunk):
    _, made = start(items)

    async def call():
        return in_any_order(
            plain(await kata.parallel_map(work, made, processes=processes, chunk=chunk))
        )

    return [asyncio.run(call()), asyncio.run(call())]


async def map_with_default_chunk(kata, world, items, processes):
    log, made = start(items)
    call = asyncio.ensure_future(kata.parallel_map(work, made, processes=processes))
    try:
        return in_any_order(await ended(call))
    finally:
        tell(world, log, made)


async def map_until_error(kata, world, items, processes, bad, look):
    """All that comes after the error waits until nobody has anything to do about it."""
    log, made = start(items)
    call = asyncio.ensure_future(
        kata.parallel_map(work, made, processes=processes, chunk=1)
    )
    back = [f"arrived {each.key}" for each in made[: bad + 1]]
    try:
        await until(lambda: log.has(back) or call.done())
        await rest(call)
        log.add(OPEN)
        return await ended(call)
    finally:
        await LOOKS_AT[look](world, log, made[bad + 1 :])


async def map_until_cancelled(kata, world, items, processes, late, look):
    log, made = start(items)
    call = asyncio.ensure_future(
        kata.parallel_map(work, made, processes=processes, chunk=1)
    )
    await asyncio.sleep(0)
    try:
        if late:
            await until(lambda: log.has([f"begun {made[0].key}"]) or call.done())
        world.note("cancelled", call.cancel())
        await rest(call)
        log.add(OPEN)
        return await ended(call)
    finally:
        await LOOKS_AT[look](world, log, made[1:])


async def look_at_nothing(world, log, items):
    await world.over()


async def look_at_begun(world, log, items):
    """Note how many of these items were begun, once no more are."""
    keys = {item.key for item in items}

    def begun():
        return sum(line[0] == "begun" and line[1] in keys for line in log.lines())

    await until(lambda: begun() == len(items) or not left(log), LOOKS, SHORT_PATIENCE)
    world.note("begun after it", begun())
    await world.over()


async def look_at_left(world, log, items):
    await until(lambda: not left(log))
    world.note("processes left", left(log))
    await world.over()


LOOKS_AT = {"": look_at_nothing, "begun": look_at_begun, "left": look_at_left}


async def map_unpicklable(kata, world, items, processes, look):
    log, made = start(items)
    call = asyncio.ensure_future(
        kata.parallel_map(lambda _: None, made, processes=processes)
    )
    try:
        return await ended(call)
    finally:
        await LOOKS_AT[look](world, log, made)


async def map_and_look(kata, world, items, processes, look):
    log, made = start(items)
    call = asyncio.ensure_future(
        kata.parallel_map(work, made, processes=processes, chunk=1)
    )
    try:
        return in_any_order(await ended(call))
    finally:
        await LOOKS_AT[look](world, log, made)


async def map_until_all_is_back(kata, world, items, processes):
    log, made = start(items)
    call = asyncio.ensure_future(
        kata.parallel_map(work, made, processes=processes, chunk=1)
    )
    try:
        return in_any_order(await ended(call))
    finally:
        back = [f"arrived {item.key}" for item in made]
        await until(lambda: log.has(back), LOOKS, SHORT_PATIENCE)
        await world.over()
