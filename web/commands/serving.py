"""`radnice serve`, `radnice worker`, `radnice beat`."""

from __future__ import annotations

import argparse
from typing import Any

from web import worker
from web.commands.installation import ready
from web.serve import serve


def add_commands(commands: Any) -> None:
    """Add the three."""
    server = commands.add_parser("serve", help="the web server")
    server.add_argument("--port", type=int, default=8000)
    server.add_argument("--host", default="127.0.0.1")
    server.add_argument("--no-worker", action="store_true", help="workers run elsewhere")
    server.set_defaults(run=run_serve)
    working = commands.add_parser("worker", help="a Celery worker")
    working.add_argument("--concurrency", type=int, default=4)
    working.set_defaults(run=run_worker)
    commands.add_parser("beat", help="the Celery scheduler").set_defaults(run=run_beat)


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    serve(ready(), arguments.port, worker=not arguments.no_worker, host=arguments.host)
    return 0


def run_worker(arguments: argparse.Namespace) -> int:
    """Work until told to stop."""
    worker.run_worker(ready(), arguments.concurrency)
    return 0


def run_beat(arguments: argparse.Namespace) -> int:
    """Send the beat until told to stop."""
    worker.run_beat(ready())
    return 0
