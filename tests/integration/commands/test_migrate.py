"""`radnice migrate`: the verdict of every case, and with a reason the thing itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import Office
from web.cli import main


def version(first: str) -> bytes:
    return diagram(start(), user(first), user("b"), end(), chain("s", first, "b", "e"))


def test_cases_are_rehearsed_and_with_a_reason_carried_over(
    engine_on: Office,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RADNICE_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("RADNICE_DATABASE_URL", database_url)
    engine_on.add_person("spravce", "operator")
    engine_on.deploy(version("a"))
    one, other = engine_on.start().instance_id, engine_on.start().instance_id
    engine_on.complete("a", case=one)
    engine_on.deploy(version("x"))
    words = ["migrate", "p", "--tenant", "town", "--user", "spravce", "--from", "1", "--to", "2", "--json"]

    def answer(*more: str) -> tuple[int, list[str]]:
        status = main([*words, *more])
        return status, sorted(one["verdict"] for one in json.loads(capsys.readouterr().out))

    assert answer() == (1, ["not-possible", "ok"])
    assert answer("--map", "a=x") == (0, ["ok", "ok-with-changes"])
    assert [engine_on.case(case).version for case in (one, other)] == [1, 1]
    assert answer("--reason", "new law") == (1, ["done", "not-possible"])
    assert answer("--map", "a=x", "--reason", "new law") == (0, ["done"])
    assert [engine_on.case(case).version for case in (one, other)] == [2, 2]
    assert main([*words, "--map", "nonsense"]) == 1
    assert main([*words[:4], "--user", "nobody", *words[6:]]) == 1
