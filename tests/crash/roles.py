"""One process of a crash test's installation: `python -m tests.crash.roles ROLE SETTINGS`.

The real programs; only the guard of outgoing calls lets them reach the receiver on this machine.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from integrations.guard import guarded_client
from integrations.webhook import Webhook
from web import worker
from web.bootstrap import Parts, bootstrap
from web.outside import Outside
from web.serve import serve
from web.settings import Settings


def settings_of(given: dict[str, Any]) -> Settings:
    """Settings from what a test writes on the command line."""
    own = {name: value for name, value in given.items() if name not in ("var", "port")}
    return Settings(var=Path(given["var"]), ares_url="offline", secret_key="test", **own)


def reaching_home(outside: Outside) -> Outside:
    """The same world outside, with the receiver on this machine in it."""
    webhook = Webhook(guarded_client(["127.0.0.1"], allow_private=True))
    return replace(outside, systems=replace(outside.systems, webhook=webhook))


def play(role: str, parts: Parts, port: int) -> None:
    """Be the web server, a worker, the beat, or everything in one."""
    if role == "worker":
        worker.run_worker(parts, concurrency=2)
    elif role == "beat":
        worker.run_beat(parts)
    else:
        worker.connect_hints(parts)
        serve(parts, port, worker=role == "embedded")


def die_with_parent() -> None:
    """Leave nothing behind where the test itself was killed."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    given = json.loads(sys.argv[2])
    threading.Thread(target=die_with_parent, daemon=True).start()
    parts = bootstrap(settings_of(given))
    play(sys.argv[1], replace(parts, outside=reaching_home(parts.outside)), given["port"])
