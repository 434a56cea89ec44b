"""Other engines beside ours, each in an environment of its own: django-viewflow and bpmn-engine, ten tasks in a row.

Their packages are fetched when this part runs; none of them belongs to the product or its tests.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import make_url

from engine.store.session import make_engine
from tests.benchmarks.models import TEN_TASKS
from tests.benchmarks.ours import complete
from tests.benchmarks.places import databases
from tests.integration.office import Office
from web.migrations import upgrade

HERE = Path(__file__).parent / "beside"
VIEWFLOW = ("django-viewflow==2.4.0", "django==5.2.8", "psycopg[binary]")
BPMN_ENGINE = "bpmn-engine@25.0.1"
COMPLETIONS = 200


def main() -> None:
    print("Other engines, ten tasks, everything durable: completions/s, the middle of many")
    found: dict[str, float] = {}
    for name, database in databases():
        with database as url:
            found[f"Radnice, {name}"] = ours(url)
        with database_for_django(name) as setting:
            found[f"django-viewflow 2.4, {name}"] = viewflow(setting)
    found["bpmn-engine 25, a file with fsync"] = bpmn_engine()
    for name, seconds in found.items():
        print(f"  {name:<38} {1 / seconds:7.0f}" if seconds else f"  {name:<38}  could not be had")


def ours(url: str) -> float:
    database = make_engine(url)
    upgrade(database)
    office = Office(database)
    try:
        office.deploy(TEN_TASKS, agenda="ten")
        cases = [office.start("p").instance_id for _ in range(COMPLETIONS // 9)]
        return median(complete(office, case) for _ in range(9) for case in cases)
    finally:
        office.close()


def viewflow(setting: dict[str, Any]) -> float:
    packages = [word for package in VIEWFLOW for word in ("--with", package)]
    run = [".uv/bin/uv", "run", "--quiet", "--isolated", "--no-project", "--python", sys.executable, *packages]
    script = ["python", str(HERE / "viewflow_ten.py"), str(COMPLETIONS), json.dumps(setting)]
    return middle_of([*run, *script])


def bpmn_engine() -> float:
    npm = shutil.which("npm")
    if npm is None:
        return 0.0
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        place = Path(folder)
        (place / "ten.bpmn").write_bytes(TEN_TASKS)
        shutil.copy(HERE / "bpmn_engine_ten.mjs", place)
        subprocess.run([npm, "install", "--silent", "--prefix", folder, BPMN_ENGINE], check=True)
        script = ["node", f"{folder}/bpmn_engine_ten.mjs", f"{folder}/ten.bpmn", f"{folder}/state", str(COMPLETIONS)]
        return middle_of(script)


def middle_of(command: Sequence[str]) -> float:
    """Run a command that prints a list of seconds; 0 where it can't be run."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr[-500:], file=sys.stderr)
        return 0.0
    return median(json.loads(done.stdout))


@contextmanager
def database_for_django(name: str) -> Iterator[dict[str, Any]]:
    """Django's setting for an empty database of the kind."""
    with next(database for kind, database in databases() if kind == name) as address:
        url = make_url(address)
        if url.get_backend_name() == "sqlite":
            yield {"ENGINE": "django.db.backends.sqlite3", "NAME": url.database}
        else:
            place = {"HOST": url.host, "PORT": url.port, "USER": url.username, "PASSWORD": url.password or ""}
            yield {"ENGINE": "django.db.backends.postgresql", "NAME": url.database, **place}
