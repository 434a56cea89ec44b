"""The services the tests talk to: found, started or installed.

`python -m tests.machine --run COMMAND …` runs the command with RADNICE_TEST_POSTGRES_URL, RADNICE_TEST_REDIS_URL and
RADNICE_TEST_CHROMIUM set for whatever could be had, and stops afterwards what it started. A service is taken from its
variable, else from its standard local port, else started from a binary on the machine; where the user is root on
Debian or Ubuntu the binary is installed first.
"""

from __future__ import annotations

import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from web.machine import install, may_install

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 30


def reachable(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def binary(names: tuple[str, ...], places: str = "") -> str | None:
    """The first of the names on the path, or among the files a glob names."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or next((p for p in sorted(glob.glob(places), reverse=True)), None) if places else found


def wanted(names: tuple[str, ...], package: str, places: str = "") -> str | None:
    """The binary, installed first where it is missing and may be."""
    found = binary(names, places)
    if found is None and may_install() and install([package]):
        found = binary(names, places)
    return found


def as_nobody_special(command: list[str], user: str) -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["setpriv", "--reuid", user, "--regid", user, "--init-groups", *command] if os.geteuid() == 0 else command


@contextmanager
def postgres() -> Iterator[str | None]:
    if url := os.environ.get("RADNICE_TEST_POSTGRES_URL"):
        yield url
        return
    if reachable(5432):
        yield "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
        return
    initdb = wanted(("initdb",), "postgresql", "/usr/lib/postgresql/*/bin/initdb")
    if initdb is None:
        yield None
        return
    with own_postgres(Path(initdb).parent) as url:
        yield url


@contextmanager
def own_postgres(bin_folder: Path) -> Iterator[str]:
    """A server of our own in a temporary folder."""
    port, user = free_port(), "postgres" if os.geteuid() == 0 else os.environ.get("USER", "postgres")
    with tempfile.TemporaryDirectory(prefix="radnice-pg-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, user, user)
        data = f"{folder}/data"
        command = [str(bin_folder / "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8"]
        subprocess.run(as_nobody_special(command, user), check=True, capture_output=True)
        command = [str(bin_folder / "postgres"), "-D", data, "-p", str(port), "-k", folder, "-c", "fsync=off"]
        with running(as_nobody_special(command, user), port):
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"


@contextmanager
def redis() -> Iterator[str | None]:
    if url := os.environ.get("RADNICE_TEST_REDIS_URL"):
        yield url
        return
    if reachable(6379):
        yield "redis://127.0.0.1:6379/0"
        return
    server = wanted(("redis-server",), "redis-server")
    if server is None:
        yield None
        return
    port = free_port()
    with running([server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], port):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START_SECONDS
        while not reachable(port):
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.1)
        time.sleep(0.5)
        yield
    finally:
        # PostgreSQL takes SIGTERM as: when everybody has left.
        process.send_signal(signal.SIGINT)
        process.wait(timeout=START_SECONDS)


@contextmanager
def slapd() -> Iterator[str | None]:
    """The binary: tests start servers with people of their own (`tests.slapd`)."""
    yield os.environ.get("RADNICE_TEST_SLAPD") or wanted(("slapd",), "slapd", "/usr/sbin/slapd")


@contextmanager
def chromium() -> Iterator[str | None]:
    yield os.environ.get("RADNICE_TEST_CHROMIUM") or wanted(CHROMIUM, "chromium")


SERVICES: dict[str, Callable[[], object]] = {
    "RADNICE_TEST_POSTGRES_URL": postgres,
    "RADNICE_TEST_REDIS_URL": redis,
    "RADNICE_TEST_SLAPD": slapd,
    "RADNICE_TEST_CHROMIUM": chromium,
}


def main() -> int:
    command = sys.argv[2:]
    environment = dict(os.environ)
    with ExitStack() as stack:
        for name, service in SERVICES.items():
            found = stack.enter_context(service())  # type: ignore[arg-type,type-var]
            if found:
                environment[name] = str(found)
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
