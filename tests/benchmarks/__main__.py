"""`make bench`: every part, or those named in ARGS; ratios of one run mean something, absolute figures hardly.

completion   a completion with everything durable, beside the bare rows and stock SpiffWorkflow
others       django-viewflow and bpmn-engine on the same ten tasks
alone        the engine in memory: rounds 10 … 5,000, multi-instance 10 … 1,000
size         what a finished case takes in the database
crowd        10 … 100,000 open cases in the database
timers       5,000 timers due in one minute
waits        one of 10 … 1,000 events that one case awaits
distributed  HTTP with one and two web processes, jobs with one and two workers
forms        a form of 300 fields
load         1,000,000 finished cases and 100,000 open tasks: pages, search, completion; only when named, it takes long
grants       applications for grants from the call to the accounting, 23 … 233
payments     24,000 payments against statements, then twice more
readings     1,000,000 readings of meters: stored in batches, then charted
registers    100,000 records: imported, listed, narrowed, imported again, taken back
ballots      a vote of 100,000 ballots taken, opened, counted; 26 towns
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable

from tests.benchmarks import (
    alone,
    ballots,
    completion,
    crowd,
    distributed,
    forms,
    grants,
    load,
    others,
    payments,
    readings,
    registers,
    size,
    timers,
    waits,
)

PARTS: dict[str, Callable[[], object]] = {
    "completion": completion.main,
    "others": others.main,
    "alone": alone.main,
    "size": size.main,
    "crowd": crowd.main,
    "timers": timers.main,
    "waits": waits.main,
    "distributed": distributed.main,
    "forms": forms.main,
    "grants": grants.main,
    "payments": payments.main,
    "readings": readings.main,
    "registers": registers.main,
    "ballots": ballots.main,
    "load": load.main,
}
#: Parts that run only when they are named.
ONLY_NAMED = ("load",)


def main(names: list[str]) -> int:
    if unknown := set(names) - PARTS.keys():
        print(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in names or (part for part in PARTS if part not in ONLY_NAMED):
        print(f"\n== {name}; load {os.getloadavg()[0]:.1f}", flush=True)
        PARTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
