"""Runs beside the submission; decides nothing."""

import asyncio
import logging
import warnings

from aiohttp import web

HOST = "127.0.0.1"


class StoreError(Exception):
    """What a store raises that cannot read or write."""


class Log(logging.Logger):
    """What aiohttp says of a server: an error that a handler let out is noted."""

    def __init__(self, world, file):
        super().__init__("server", logging.ERROR)
        self.world, self.file = world, file

    def handle(self, record):
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            told = f"{type(error).__name__}: {error}".strip(": ")
            self.world.note("unhandled", told[:200], line_in(self.file, error))


def line_in(file, error):
    """The line of a file that an error comes from, 0 if none."""
    line, traceback = 0, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def made(kata, store):
    """Return the app of a store."""
    # Which keys an app has is a matter of taste.
    warnings.simplefilter("ignore", web.NotAppKeyWarning)
    return kata.make_app(store)


async def run(kata, world, app, *, port=8001, cancels=False, grace=10):
    """Serve an app for as long as the world says."""
    runner = web.AppRunner(
        app,
        access_log=None,
        handler_cancellation=cancels,
        logger=Log(world, kata.make_app.__code__.co_filename),
        shutdown_timeout=grace,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        await world.serving()
    finally:
        await runner.cleanup()


async def serve(kata, world, **options):
    await run(kata, world, made(kata, world.store), **options)


async def serve_two(kata, world):
    left, right = made(kata, world.left), made(kata, world.right)
    await asyncio.gather(run(kata, world, left), run(kata, world, right, port=8002))


def in_two_loops(kata, world):
    for store in world.left, world.right:
        app = made(kata, store)
        asyncio.run(run(kata, world, app))
