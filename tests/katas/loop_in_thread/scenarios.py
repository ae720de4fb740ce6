"""Runs beside the submission; decides nothing."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

SETTLED = 0.25


class WorkError(Exception):
    """What a call that fails raises."""


class BodyError(Exception):
    """What the body of a with block raises."""


def started(kata):
    thread = kata.LoopThread()
    thread.start()
    time.sleep(SETTLED)
    return thread


def call_at_once(kata, world, key, calm):
    thread = kata.LoopThread()
    thread.start()
    if calm:
        time.sleep(calm)
    return thread.run(world.work(key))


def call_from_threads(kata, world, shares):
    thread = started(kata)

    def call(share):
        futures = [thread.submit(world.work(key)) for key in share]
        return [future.result() for future in futures]

    with ThreadPoolExecutor(len(shares)) as pool:
        return [answer for share in pool.map(call, shares) for answer in share]


def wait_in_threads(kata, world, keys):
    thread = started(kata)
    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(lambda key: thread.run(world.work(key)), keys))


async def call_from_a_loop(kata, world, keys):
    thread = started(kata)
    futures = [thread.submit(world.work(key)) for key in keys]
    return await asyncio.gather(*map(asyncio.wrap_future, futures))


def call_from_own_thread(kata, world, keys):
    thread = started(kata)

    async def call():
        futures = [thread.submit(world.work(key)) for key in keys]
        return await asyncio.gather(*map(asyncio.wrap_future, futures))

    return thread.run(call())


def run_one(kata, world, key):
    return started(kata).run(world.work(key))


def submit_one(kata, world, key):
    return started(kata).submit(world.work(key)).result()


def run_with_timeout(kata, world, key, timeout, patience):
    thread = started(kata)
    try:
        return thread.run(world.work(key), timeout)
    finally:
        world.note("run is over")
        time.sleep(patience)


def run_after_timeout(kata, world, keys, timeout):
    thread = started(kata)
    try:
        thread.run(world.work(keys[0]), timeout)
    except TimeoutError:
        world.note("timed out")
    return [thread.run(world.work(keys[1]))]


def run_on_own_thread(kata, world, key, timeout):
    thread = started(kata)
    raised = []

    async def call():
        try:
            return thread.run(world.work(key), timeout)
        except RuntimeError as error:
            raised.append(error)

    answer = thread.run(call())
    for error in raised:
        raise error
    return answer


def call_unstarted(kata, world, key, how):
    return getattr(kata.LoopThread(), how)(world.work(key))


def call_stopped(kata, world, key, how):
    thread = started(kata)
    thread.stop()
    world.note("stopped")
    return getattr(thread, how)(world.work(key))


def call_while_stopping(kata, world, key, late, how):
    thread = started(kata)
    thread.submit(world.work(key))
    time.sleep(0.5)
    stopper = threading.Thread(target=thread.stop)
    stopper.start()
    time.sleep(0.25)
    world.note("stopping")
    return getattr(thread, how)(world.work(late))


def stop_under_calls(kata, world, keys):
    thread = started(kata)
    for key in keys:
        thread.submit(world.work(key))
    time.sleep(0.5)
    world.note("stop")
    thread.stop()


def stop_just_after_calls(kata, world, keys):
    thread = started(kata)
    futures = [thread.submit(world.work(key)) for key in keys]
    world.note("stop")
    thread.stop()
    return [future.done() for future in futures]


def stop_under_children(kata, world, keys):
    children = []

    async def leave_behind(key):
        children.append(asyncio.create_task(world.work(key)))

    thread = started(kata)
    for key in keys:
        thread.run(leave_behind(key))
    time.sleep(0.5)
    world.note("stop")
    thread.stop()


def stop_under_callers(kata, world, keys):
    thread = started(kata)
    with ThreadPoolExecutor(len(keys)) as pool:
        waiting = [pool.submit(thread.run, world.work(key)) for key in keys]
        time.sleep(0.5)
        thread.stop()
    return [type(each.exception()).__name__ for each in waiting]


def stop_with_open_streams(kata, world, keys):
    streams = []

    async def rows(key):
        try:
            while True:
                yield await world.work(key)
        finally:
            await world.hang_up(key)

    async def first_row(key):
        streams.append(rows(key))
        return await anext(streams[-1])

    thread = started(kata)
    for key in keys:
        thread.run(first_row(key))
    thread.stop()


def stop_under_walks(kata, world, keys):
    async def rows(key):
        try:
            while True:
                yield await world.work(key)
        finally:
            await world.hang_up(key)

    async def walk(key):
        async for _ in rows(key):
            pass

    thread = started(kata)
    for key in keys:
        thread.submit(walk(key))
    time.sleep(0.25)
    thread.stop()


def stop_under_threads(kata, world, keys):
    thread = started(kata)
    for key in keys:
        thread.submit(asyncio.to_thread(world.read, key))
    time.sleep(0.25)
    thread.stop()


def stop_unstarted(kata, world):
    kata.LoopThread().stop()
    world.note("stopped")


def stop_again(kata, world, key, times):
    thread = started(kata)
    world.note("answer", thread.run(world.work(key)))
    thread.stop()
    world.note("stopped")
    for _ in range(times):
        thread.stop()


def use_block(kata, world, key):
    made = kata.LoopThread()
    with made as thread:
        time.sleep(SETTLED)
        world.note("entered")
        thread.submit(world.work(key))
        time.sleep(0.5)
        world.body()
    world.note("left")


def use_two(kata, world, keys):
    left, right = started(kata), started(kata)
    future = left.submit(world.work(keys[0]))
    right.stop()
    world.note("one is stopped")
    return [future.result(), left.run(world.work(keys[1]))]


async def where():
    return threading.current_thread()


def state_of(thread):
    return "still running" if thread.is_alive() else "ended"


def live(kata, world, keys, failing, endless):
    """One whole life: calls, an error, a timeout, a call that runs when it stops."""
    thread = started(kata)
    own = thread.run(where())
    answers = [thread.run(world.work(key), 60) for key in keys]
    for key, error in ((failing, WorkError), (endless, TimeoutError)):
        try:
            thread.run(world.work(key), 2)
        except error:
            world.note("error", key)
    thread.submit(world.work(endless))
    time.sleep(0.25)
    thread.stop()
    world.note("state of the thread", "stop", state_of(own))
    return answers


def live_often(kata, world, key, times):
    answers = []
    for number in range(times):
        thread = started(kata)
        own = thread.run(where())
        answers.append(thread.run(world.work(key)))
        thread.stop()
        world.note("state of the thread", f"stop {number + 1}", state_of(own))
    return answers


def live_with_refusals(kata, world, key, late):
    def refused(call):
        try:
            call()
        except RuntimeError:
            world.note("refused")

    thread = kata.LoopThread()
    refused(lambda: thread.submit(world.work(late)))
    refused(lambda: thread.run(world.work(late)))
    thread = started(kata)

    async def call():
        refused(lambda: thread.run(world.work(late)))

    thread.run(call())
    answer = thread.run(world.work(key))
    thread.stop()
    refused(lambda: thread.submit(world.work(late)))
    refused(lambda: thread.run(world.work(late), 1))
    return answer
