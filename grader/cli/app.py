"""The command's verbs, put together for one command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from grader import __version__
from grader.cli import exits
from grader.cli.streams import Unwritten, discard, finish, note, prepare

VERBS = (
    "check",
    "doctor",
    "examples",
    "export",
    "grade",
    "hint",
    "interview",
    "list",
    "mutate",
    "new",
    "package",
    "progress",
    "regrade",
    "report",
    "reset",
    "show",
    "solution",
    "start",
    "test",
    "trace",
    "watch",
)
HELP_OPTIONS = ("-h", "--help")
COMPLETION_VARIABLE = "_KATA_COMPLETE"
WIDTH = 80


def run(args: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    prepare()
    try:
        code = _run(args)
        finish()
    except Unwritten as error:
        discard()
        if error.gone:
            return exits.READER_GONE
        note(str(error))
        return exits.FAULT
    return code


def _run(args: Sequence[str]) -> int:
    instruction = os.environ.get(COMPLETION_VARIABLE)
    try:
        return _complete(instruction) if instruction else _invoke(make_app(args), args)
    except Unwritten:
        raise
    except BrokenPipeError as error:  # click wrote help for a reader that had left
        raise Unwritten(error) from None
    except Exception as error:  # noqa: BLE001 - Python's own exit code 1 means "broken"
        from grader.cli.failures import explain

        return explain(error)


def _invoke(app: click.Group, args: Sequence[str]) -> int:
    try:
        with app.make_context("kata", list(args)) as context:
            return int(app.invoke(context))
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        error.show()
        return exits.USAGE


def _complete(instruction: str) -> int:
    from click.shell_completion import shell_complete

    return shell_complete(make_app(()), {}, "kata", COMPLETION_VARIABLE, instruction)


def make_app(args: Sequence[str]) -> click.Group:
    """Return the command with the verb that `args` name, or with all of them."""
    verb = next((each for each in args if not each.startswith("-")), "")
    wanted = (verb,) if verb in VERBS else VERBS
    group_class, command_class, settings = _looks(rich=_asks_for_help(args))
    verbs = {
        name: import_module(f"grader.cli.{name}").command(command_class)
        for name in wanted
    }
    group = group_class(
        "kata",
        commands=verbs,
        callback=_begin,
        invoke_without_command=True,
        context_settings=settings,
        help="Small problems in asyncio, and a grader that tells how your code ran.",
    )
    return click.version_option(__version__, message="asyncio-katas %(version)s")(group)


def _asks_for_help(args: Sequence[str]) -> bool:
    return not set(HELP_OPTIONS).isdisjoint(args)


def _looks(
    *, rich: bool
) -> tuple[type[click.Group], type[click.Command], dict[str, Any]]:
    settings: dict[str, Any] = {
        "help_option_names": list(HELP_OPTIONS),
        "max_content_width": WIDTH,
    }
    if not rich:
        return click.Group, click.Command, settings
    from rich_click import RichCommand, RichGroup

    settings["rich_help_config"] = {"max_width": WIDTH}
    return RichGroup, RichCommand, settings


def _begin() -> int:
    if click.get_current_context().invoked_subcommand is None:
        from grader.cli.begin import begin

        begin()
    return exits.DONE
