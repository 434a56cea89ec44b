"""The processes of an installation, and what kills them."""

from __future__ import annotations

import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import make_url

from tests import machine
from tests.integration.conftest import run_on_server

ROOT = Path(__file__).resolve().parents[2]


@dataclass(kw_only=True)
class Member:
    """One process: killed without warning, started again at once."""

    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            environment = {**os.environ, "PYTHONPATH": str(ROOT), **self.environment}
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, cwd=ROOT, env=environment, start_new_session=True
            )

    def kill(self) -> bool:
        """Kill it; False when it had died by itself."""
        if self.process is None:
            return True
        lived = self.process.poll() is None
        # The whole session: RabbitMQ's script is only the parent of the server.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return lived


@dataclass(kw_only=True)
class Installation:
    """Web servers, workers, a beat, a broker; or one process with everything in it."""

    database_url: str
    members: list[Member]
    ports: list[int]
    #: Seconds between two bad things; whoever is killed must have time to come back.
    pause: tuple[float, float] = (0.5, 4.0)
    broker: Member | None = None
    #: Who died without having been killed, and their last words.
    died: list[str] = field(default_factory=list)
    #: What was done to it.
    done: list[str] = field(default_factory=list)

    def start(self) -> None:
        if self.broker is not None:
            self.broker.start()
        for member in self.members:
            member.start()

    def cut_power(self) -> None:
        """Everything dies at once."""
        for member in [*self.members, *filter(None, [self.broker])]:
            self._kill(member)

    def _kill(self, member: Member) -> None:
        if not member.kill():
            self.died.append(f"{member.log.stem}: {member.log.read_text(errors='replace')[-2000:]}")

    def harm(self, random: Random) -> None:
        """Do one bad thing."""
        harms: list[Callable[[], None]] = [self._kill_one(random)] * 4
        if not self.database_url.startswith("sqlite"):
            harms.append(self._drop_connections)
        if self.broker is not None:
            harms.append(self._restart_broker)
        random.choice(harms)()

    def _kill_one(self, random: Random) -> Callable[[], None]:
        def kill() -> None:
            member = random.choice(self.members)
            self.done.append(f"kill {member.log.stem}")
            self._kill(member)
            member.start()

        return kill

    def _drop_connections(self) -> None:
        self.done.append("drop connections")
        name = make_url(self.database_url).database
        run_on_server(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def _restart_broker(self) -> None:
        self.done.append("restart broker")
        assert self.broker is not None
        self._kill(self.broker)
        self.broker.start()


def member(folder: Path, name: str, role: str, settings: dict[str, Any]) -> Member:
    command = [sys.executable, "-m", "tests.crash.roles", role, json.dumps(settings)]
    return Member(command=command, log=folder / f"{name}.log")


def distributed(folder: Path, settings: dict[str, Any], broker: Member) -> Installation:
    """Two web servers, two workers, a beat."""
    ports = [machine.free_port(), machine.free_port()]
    members = [
        *(member(folder, f"web{n}", "web", settings | {"port": port}) for n, port in enumerate(ports)),
        *(member(folder, f"worker{n}", "worker", settings | {"port": 0}) for n in range(2)),
        member(folder, "beat", "beat", settings | {"port": 0}),
    ]
    return Installation(database_url=settings["database_url"], members=members, ports=ports, broker=broker)


def embedded(folder: Path, settings: dict[str, Any]) -> Installation:
    """One process."""
    port = machine.free_port()
    members = [member(folder, "embedded", "embedded", settings | {"port": port})]
    return Installation(database_url=settings["database_url"], members=members, ports=[port], pause=(1.0, 10.0))


@contextmanager
def own_redis(folder: Path) -> Iterator[tuple[Member, str]]:
    """A Redis of this test's own, which forgets everything when it is killed."""
    server, port = machine.wanted(("redis-server",), "redis-server"), machine.free_port()
    assert server is not None
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    redis = Member(command=command, log=folder / "redis.log")
    try:
        yield redis, f"redis://127.0.0.1:{port}/0"
    finally:
        redis.kill()


def own_rabbitmq_server() -> str | None:
    """The server's own script: what Debian has on the path becomes the user `rabbitmq`, who can't write here."""
    scripts = sorted(glob.glob("/usr/lib/rabbitmq/lib/*/sbin/rabbitmq-server"))
    return scripts[-1] if scripts else shutil.which("rabbitmq-server")


@contextmanager
def own_rabbitmq(folder: Path) -> Iterator[tuple[Member, str]]:
    """A RabbitMQ node of this test's own beside the machine's."""
    server, port = own_rabbitmq_server(), machine.free_port()
    assert server is not None
    with tempfile.TemporaryDirectory(prefix="radnice-mq-") as home:
        environment = {
            "RABBITMQ_NODENAME": f"radnice{port}@localhost",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(machine.free_port()),
            "RABBITMQ_MNESIA_BASE": f"{home}/mnesia",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            # Not the machine's own settings, which name its port.
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_CONF_ENV_FILE": f"{home}/rabbitmq-env.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/plugins",
            "ERL_CRASH_DUMP": f"{home}/erl_crash.dump",
            "HOME": home,
        }
        rabbit = Member(command=[server], environment=environment, log=folder / "rabbitmq.log")
        try:
            yield rabbit, f"amqp://guest:guest@127.0.0.1:{port}//"
        finally:
            rabbit.kill()
