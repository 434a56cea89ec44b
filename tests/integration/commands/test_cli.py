"""`radnice` as people and programs call it: JSON alone on standard output, status 0, 1 or 2."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from web.cli import COMMANDS, main

MEMBERSHIP = "processes/membership"
FEE = f"{MEMBERSHIP}/assess_fee.bpmn"
TOWN = {"membership_kind": "regular", "subject_kind": "town", "inhabitants": 2540, "join_from": "2026-07-01"}


@pytest.fixture
def installation(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty installation that the commands find by the environment."""
    monkeypatch.setenv("RADNICE_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("RADNICE_DATABASE_URL", database_url)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    status = main(words)
    return status, json.loads(capsys.readouterr().out)


def given(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_without_a_word_the_words_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    told = capsys.readouterr().err
    assert all(word in told for word in COMMANDS)
    assert main(["--help"]) == 0


@pytest.mark.parametrize("words", [["check"], ["run"], ["nonsense"], ["deploy", "x"], ["check", "--lang", "de", "x"]])
def test_wrong_usage_is_status_2(words: list[str]) -> None:
    assert main(words) == 2


def test_a_sound_diagram_passes_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "check", FEE, "--json") == (0, {"ok": True, "problems": []})


def test_what_is_wrong_is_told_with_file_rule_and_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_text("<not-bpmn/>")
    (tmp_path / "f.json").write_text('{"type": "nonsense"}')
    paths = [str(tmp_path / name) for name in ("a.bpmn", "f.json", "nowhere.bpmn")]
    status, told = answer(capsys, "check", *paths, "--json", "--lang", "en")
    assert (status, told["ok"]) == (1, False)
    assert {problem["file"] for problem in told["problems"]} == set(paths)
    assert all(problem["severity"] == "error" and problem["message"] for problem in told["problems"])


def test_a_bad_line_of_a_batch_is_a_result_like_any_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, f'{{"model": "{FEE}"}}\nnonsense\n{{"model": "nowhere.bpmn"}}\n[]\n')
    assert main(["check", "--batch"]) == 0
    results = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [result["ok"] for result in results] == [True, False, False, False]


def test_a_diagram_runs_with_the_decisions_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    status, result = answer(capsys, "run", FEE, "--data", json.dumps(TOWN), "--json")
    assert (status, result["status"]) == (0, "completed")
    assert result["trace"] == ["fee_asked", "look_up_fee", "prorate", "fee_known"]
    assert result["data"]["fee"]["due"] == 3810


@pytest.mark.parametrize("words", [["nowhere.bpmn"], [FEE, "--data", "["], [FEE, "--data", "[]"]])
def test_a_run_that_cannot_begin_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, result = answer(capsys, "run", *words, "--json")
    assert (status, result["status"]) == (1, "refused")
    assert result["problems"][0]["message"]


def test_a_batch_runs_line_by_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, json.dumps({"model": FEE, "data": TOWN}) + "\n{\n" + json.dumps({"model": FEE}) + "\n")
    assert main(["run", "--batch"]) == 0
    results = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [result["status"] for result in results] == ["completed", "refused", "incident"]


def test_a_form_is_shown_and_read_back(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["form", "render", f"{MEMBERSHIP}/forms/vote.json"]) == 0
    assert "<form" in capsys.readouterr().out
    (tmp_path / "body").write_text("")
    status, told = answer(
        capsys, "form", "decode", f"{MEMBERSHIP}/forms/vote.json", "--body", str(tmp_path / "body"), "--json"
    )
    assert status == 0
    assert told["errors"]


@pytest.mark.xdist_group("scenarios")
def test_one_scenario_is_played_and_told_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, told = answer(capsys, "scenario", MEMBERSHIP, "--only", "16_", "--json")
    assert (status, told["ok"]) == (0, True)
    assert [scenario["ok"] for scenario in told["scenarios"]] == [True]
    assert 0 < told["coverage"]["activities"] < 100


@pytest.mark.usefixtures("installation")
def test_an_organisation_gets_people_a_token_and_an_agenda(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["tenant", "add", "town", "--name", "Město", "--set", "account=19-2000145399/0800"]) == 0
    assert main(["tenant", "add", "town", "--name", "Znovu"]) == 1
    assert main(["tenant", "add", "Wrong Key", "--name", "X"]) == 1
    given(monkeypatch, "krátké\n")
    assert main(["user", "add", "jana", "--tenant", "town", "--password-stdin"]) == 1
    given(monkeypatch, "docela dlouhé heslo\n")
    assert main(["user", "add", "jana", "--tenant", "town", "--group", "secretariat", "--password-stdin"]) == 0
    capsys.readouterr()
    assert main(["token", "create", "--tenant", "town", "--user", "jana"]) == 0
    assert len(capsys.readouterr().out.strip()) > 30
    assert main(["token", "create", "--tenant", "town", "--user", "nobody"]) == 1
    capsys.readouterr()
    status, told = answer(capsys, "deploy", MEMBERSHIP, "--tenant", "town", "--json")
    assert (status, told["ok"], told["version"], told["changed"]) == (0, True, 1, True)
    status, told = answer(capsys, "deploy", MEMBERSHIP, "--tenant", "town", "--json")
    assert (status, told["version"], told["changed"]) == (0, 1, False)
    status, told = answer(capsys, "deploy", MEMBERSHIP, "--tenant", "elsewhere", "--json")
    assert (status, told["ok"]) == (1, False)


@pytest.mark.usefixtures("installation")
def test_a_lost_second_factor_is_taken_away_and_secrets_are_sealed_anew(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["db", "upgrade"]) == 0
    assert main(["tenant", "add", "mesto", "--name", "Město X"]) == 0
    assert main(["user", "add", "jana", "--tenant", "mesto", "--no-password"]) == 0
    reset = ["user", "reset-factor", "--tenant", "mesto", "--reason", "ztracený telefon"]
    assert main([*reset, "jana"]) == 0
    assert main([*reset, "nikdo"]) == 1
    capsys.readouterr()
    assert main(["reseal"]) == 0
    assert capsys.readouterr().out == "0 secrets\n"


@pytest.mark.usefixtures("installation")
def test_an_agenda_with_errors_is_not_published(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "agenda.toml").write_text('key = "a"\n[title]\ncs = "A"\n')
    (tmp_path / "a.bpmn").write_text("<nothing/>")
    assert main(["tenant", "add", "town", "--name", "Město"]) == 0
    capsys.readouterr()
    status, told = answer(capsys, "deploy", str(tmp_path), "--tenant", "town", "--json")
    assert (status, told["ok"]) == (1, False)
    assert "deployment_id" not in told


OF_A_DATABASE = [
    ["serve"],
    ["worker"],
    ["beat"],
    ["backup", "/nowhere/a.zip"],
    ["reseal"],
    ["search", "rebuild"],
    ["verify"],
    ["audit", "export", "--tenant", "x"],
    ["tenant", "add", "x", "--name", "X"],
    ["webhooks", "--tenant", "x", "--agenda", "a"],
    ["deploy", "--tenant", "x", MEMBERSHIP],
    ["migrate", "a", "--tenant", "x", "--from", "1", "--to", "2", "--user", "u"],
]


@pytest.mark.parametrize("words", OF_A_DATABASE, ids=lambda words: words[0])
def test_without_a_schema_a_command_says_in_one_sentence_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str]
) -> None:
    monkeypatch.setenv("RADNICE_VAR", str(tmp_path))
    monkeypatch.delenv("RADNICE_DATABASE_URL", raising=False)
    assert main(words) == 1
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "radnice db upgrade" in told.err


def test_a_database_that_does_not_answer_is_told_in_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RADNICE_VAR", str(tmp_path))
    monkeypatch.setenv("RADNICE_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/radnice.db")
    assert main(["verify"]) == 1
    assert capsys.readouterr().err.startswith("The database does not answer:")
