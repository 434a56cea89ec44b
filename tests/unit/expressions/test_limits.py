"""A script can't hurt the server, whatever it does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import ScriptError
from engine.expressions import _harmless, evaluate, evaluate_value, pool, problem_in, read

ROOT = Path(__file__).resolve().parents[3]


#: What ends a text that runs for ever or takes all memory; nothing else may, or the test would be of another fault.
SPENT = "more memory or time|computed longer"
DEEP = "nested too deeply"


@pytest.mark.parametrize(
    ("text", "ended_by"),
    [
        ("for i in range(2000000000): pass", SPENT),
        ("def f():\n    for i in range(2000000000):\n        pass\nf()", SPENT),
        ('"a" * 2000000000', SPENT),
        ('["a"] * 500000000', SPENT),
        ("[x for x in range(100000000)]", SPENT),
        ('"".join(["abc"] * 100000000)', SPENT),
        ("x = [1]\nfor i in range(60):\n    x = [x, x]\nx", SPENT),
        ("x = 'ab'\nfor i in range(60):\n    x = x + x\nx", SPENT),
        ("1 << 100000000000", "overflow"),
        ("range(10000000000)", "int"),
        ("def f(n):\n    return f(n + 1)\nf(0)", "stack overflow"),
        ("x = []\nx.append(x)\nx", "Cycle"),
        ("-" * 40_000 + "1", DEEP),
        ("not " * 12_000 + "1", DEEP),
        ("[" * 20_000 + "]" * 20_000, DEEP),
        ("1" * 60_000, "longer than"),
        ("x = " + "{'a': " * 5_000 + "1" + "}" * 5_000, DEEP),
    ],
    ids=lambda text: text[:25],
)
def test_an_attack_is_ended_by_its_limit_and_the_next_text_works(text: str, ended_by: str) -> None:
    with pytest.raises(ScriptError, match=ended_by):
        evaluate_value(text, {})
    assert evaluate_value("[n + 1 for n in rows]", {"rows": [1, 2]}) == [2, 3]


@pytest.mark.parametrize("text", ["-" * 40_000 + "1", "[" * 20_000 + "]" * 20_000, "x" * 100_000])
def test_reading_an_attack_hurts_nobody(text: str) -> None:
    assert problem_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "open('/etc/passwd')",
        "__import__('os')",
        "load('os', 'x')",
        "eval('1')",
        "().__class__",
        "len.__self__",
        "json",
        "re.match('a', 'a')",
        "print('x')",
        "globals()",
        "exec('1')",
        "getattr(x, '__class__')",
        "x.__class__",
    ],
)
def test_nothing_leads_out_of_the_language(text: str) -> None:
    with pytest.raises(ScriptError):
        evaluate_value(text, {"x": {"a": 1}})


def test_a_huge_result_is_refused() -> None:
    with pytest.raises(ScriptError, match="larger"):
        evaluate_value("['0123456789'] * 400000", {})


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('x = "a\\0"', "NUL"),
        ("x = chr(0)", "NUL"),
        ("x = n * n * n", "digits"),
        ("x = int(str(n) + str(n) + str(n) + str(n))", "digits"),
        ("x = " + "[" * 70 + "]" * 70, "nested"),
        ("x = [deep]", "nested"),
        ("x = [0] * 1000000", "more items"),
        ("x = {str(i): [] for i in range(600000)}", "more items|memory or time|computed longer"),
    ],
)
def test_what_no_database_keeps_is_refused_in_words(text: str, word: str) -> None:
    given: dict[str, Any] = {"n": 10**400, "deep": json.loads("[" * 60 + "]" * 60)}
    with pytest.raises(ScriptError, match=word):
        evaluate(text, lambda name: (name in given, given.get(name)))


@pytest.mark.parametrize("text", ["x = x + x", "x = x * x", "x = [x]", "x = [x, x]", "x = '%s%s' % (x, x)"])
@pytest.mark.parametrize("first", [10**18, "abc", ["abc"]])
def test_a_variable_that_grows_round_by_round_comes_to_an_end(text: str, first: Any) -> None:
    value = first
    with pytest.raises(ScriptError) as refusal:
        for _ in range(10_000):
            value = evaluate(text, lambda name: (name == "x", value))[1]["x"]  # noqa: B023
    assert len(str(refusal.value)) < 600
    assert len(json.dumps(value)) <= 4_000_000


def test_an_error_quotes_only_a_little_of_the_data() -> None:
    with pytest.raises(ScriptError) as refusal:
        evaluate_value("fail(x)", {"x": "y" * 100_000})
    assert len(str(refusal.value)) < 600


@pytest.mark.parametrize("seed", [20261125, 1] if os.environ.get("RADNICE_TEST_LONG") != "1" else range(40))
def test_whatever_is_judged_harmless_stays_within_little_memory_and_time(seed: int) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.unit.expressions.hostile", str(seed), "2000"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    # Half of the texts are light; were none of them, nothing would have been tried.
    assert int(found.stdout) > 500


@pytest.mark.parametrize(
    "text",
    [
        "\n".join([f"len(({'+'.join(['a'] * 30)})+({'+'.join(['a'] * 30)}))"] * 25),
        "*".join(["int(a)"] * 30),
        "int(a) // (int(a) + 1)",
        "\n".join(["b = a + a", "b = b + b"] + ["c = str(b)"] * 50),
    ],
    ids=["many sums", "long products", "long quotients", "many texts"],
)
def test_what_adds_up_runs_in_the_guarded_process(text: str) -> None:
    given: dict[str, Any] = {"a": "9" * 60_000}
    assert read(text).light
    assert not _harmless(read(text), given)
    assert _harmless(read(text), {"a": "9"})


def test_large_variables_are_computed_with() -> None:
    rows = [{"amount": n} for n in range(50_000)]
    assert evaluate_value('sum_of(rows, "amount")', {"rows": rows}) == sum(range(50_000))


def test_variables_that_are_no_json_are_refused() -> None:
    with pytest.raises(ScriptError):
        evaluate_value("[x for x in [y]]", {"y": float("nan")})
    with pytest.raises(ScriptError):
        evaluate_value("y", {"y": {1, 2}})


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(alphabet="abfn=+*[](){}.,:'\" \n\t\\019-<>%|&~#", max_size=60))
def test_any_text_gives_a_value_or_an_error(text: str) -> None:
    try:
        evaluate(text, lambda name: (name == "a", [1]))
    except ScriptError as error:
        assert str(error)


# --- processes -------------------------------------------------------------------------------------------------------


def test_many_threads_share_the_guarded_processes() -> None:
    results: list[Any] = []

    def work(n: int) -> None:
        for _ in range(5):
            results.append(evaluate_value("[x + n for x in rows]", {"rows": [1, 2], "n": n}) == [1 + n, 2 + n])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 40


def test_a_thread_that_is_attacked_does_not_disturb_the_others() -> None:
    failures: list[str] = []

    def attack() -> None:
        try:
            evaluate_value('"a" * 2000000000', {})
        except ScriptError as error:
            failures.append(str(error))

    attacker = threading.Thread(target=attack)
    attacker.start()
    assert evaluate_value("[x for x in [1, 2]]", {}) == [1, 2]
    attacker.join()
    assert failures


def test_a_guarded_process_that_is_killed_is_replaced() -> None:
    evaluate_value("[x for x in [1]]", {})
    for guard in list(pool._pool.all):
        os.kill(guard.process.pid, 9)
    time.sleep(0.1)
    assert evaluate_value("[x for x in [1]]", {}) == [1]


def test_a_guarded_process_sees_no_environment() -> None:
    evaluate_value("[x for x in [1]]", {})
    guard = next(iter(pool._pool.all))
    environment = Path(f"/proc/{guard.process.pid}/environ")
    if environment.exists():
        assert b"PATH=" not in environment.read_bytes()


def run_python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_guarded_processes_end_with_the_one_that_started_them() -> None:
    program = (
        "import os\nfrom engine.expressions import evaluate_value, pool\n"
        "evaluate_value('[x for x in [1]]', {})\n"
        "print(next(iter(pool._pool.all)).process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    pid = int(run_python(program).stdout)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and is_alive(pid):
        time.sleep(0.1)
    assert not is_alive(pid)


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_fork_of_a_busy_process_gets_guarded_processes_of_its_own() -> None:
    program = (
        "import os, threading, sys\nfrom engine.expressions import evaluate_value, pool\n"
        "text = '[x for x in [1]]'\n"
        "evaluate_value(text, {})\n"
        "mine = {g.process.pid for g in pool._pool.all}\n"
        "stop = threading.Event()\n"
        "def busy():\n    while not stop.is_set(): evaluate_value(text, {})\n"
        "thread = threading.Thread(target=busy); thread.start()\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    ok = evaluate_value(text, {}) == [1] and not mine & {g.process.pid for g in pool._pool.all}\n"
        "    pool.stop()\n"
        "    os._exit(0 if ok else 1)\n"
        "_, status = os.waitpid(child, 0)\n"
        "stop.set(); thread.join()\n"
        "assert evaluate_value(text, {}) == [1]\n"
        "print(os.waitstatus_to_exitcode(status))\n"
    )
    found = run_python(program)
    assert found.stdout.strip() == "0", found.stderr


def test_stopping_leaves_no_process_behind() -> None:
    evaluate_value("[x for x in [1]]", {})
    processes = [guard.process for guard in pool._pool.all]
    pool.stop()
    assert processes and all(process.returncode is not None for process in processes)
