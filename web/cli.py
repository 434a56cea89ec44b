"""`radnice`: the command line. The answer goes to standard output; the status is 0 done, 1 refused, 2 misused."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from engine.errors import EngineError
from web.commands.answer import NotReady
from web.settings import BadSettings

#: Word → the module that knows it and what it does. Its `add_commands(commands)` sets `run(arguments) -> status`;
#: a `run` of the module itself goes around that one.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "serve": ("web.commands.serving", "the web server, with the worker inside"),
    "worker": ("web.commands.serving", "a Celery worker"),
    "beat": ("web.commands.serving", "the Celery scheduler"),
    "db": ("web.commands.storing", "the database's schema"),
    "backup": ("web.commands.storing", "write the whole installation into a file"),
    "restore": ("web.commands.storing", "bring an installation back from a file"),
    "reseal": ("web.commands.storing", "encrypt kept secrets with the newest key"),
    "search": ("web.commands.storing", "words by which cases are found"),
    "count": ("web.commands.counting", "count a vote again from its published file"),
    "verify": ("web.commands.verifying", "compare cases, lists and history"),
    "audit": ("web.commands.auditing", "the chain of what was done: export it, verify an export"),
    "tenant": ("web.commands.people", "organisations on this installation"),
    "user": ("web.commands.people", "people of the staff"),
    "token": ("web.commands.people", "tokens for the API"),
    "row-keys": ("web.commands.row_keys", "tokens of devices and labels of meters, which send rows in time"),
    "webhooks": ("web.commands.hook_keys", "addresses and secrets of what other systems send"),
    "check": ("web.commands.checking", "say what is wrong with an agenda, diagram or form"),
    "sketch": ("web.commands.sketching", "make a drawn diagram runnable"),
    "deploy": ("web.commands.publishing", "check an agenda and publish it"),
    "scenario": ("web.commands.publishing", "play an agenda's scenarios on a virtual clock"),
    "migrate": ("web.commands.migrating", "carry cases to another version, or rehearse that"),
    "run": ("web.commands.running", "run one process headless; nothing leaves the machine"),
    "demo-data": ("web.commands.volumes", "organisations with as much in them as real ones have, to try it"),
    "form": ("web.forms_cli", "a form's page, and what is posted from it"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and give the exit status."""
    given = list(sys.argv[1:] if words is None else words)
    if not given or given[0] not in COMMANDS:
        return _usage(asked=given[:1] in (["-h"], ["--help"]))
    module = import_module(COMMANDS[given[0]][0])
    parser = argparse.ArgumentParser(prog="radnice")
    module.add_commands(parser.add_subparsers(dest="command", required=True))
    try:
        arguments = parser.parse_args(given)
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else 2
    return _run(getattr(module, "run", arguments.run), arguments)


def _run(run: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    """Do the command; what the engine refuses is one sentence and status 1."""
    try:
        return run(arguments)
    except (EngineError, BadSettings, NotReady, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _usage(*, asked: bool) -> int:
    out = sys.stdout if asked else sys.stderr
    width = max(map(len, COMMANDS))
    out.write("usage: radnice COMMAND …   (radnice COMMAND --help tells more)\n\n")
    out.writelines(f"  {word:<{width}}  {what}\n" for word, (_, what) in COMMANDS.items())
    return 0 if asked else 2


if __name__ == "__main__":
    sys.exit(main())
