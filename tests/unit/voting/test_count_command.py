"""`radnice count`: anybody counts again from the published file, without an installation."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from engine.voting.published import line_of, publication
from engine.voting.rules import MoneyClass, Option, Paper
from web.cli import main


@pytest.fixture
def file(tmp_path: Path) -> Path:
    paper = Paper(
        options=[Option(id=name, title=f"Projekt {name}", price=1, group="all") for name in "ab"],
        classes=[MoneyClass(key="all", title="Město", budget=1)],
    )
    ballots = Counter([line_of({"a": 2, "b": 1}), line_of({"b": 1, "a": -1})])
    made = publication(key="pr", title="PR", paper=paper, ballots=ballots, receipts=["1", "2"], secret="s")
    path = tmp_path / "pr.json"
    path.write_text(json.dumps(made), "utf-8")
    return path


def test_it_tells_places_money_and_that_all_fits(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["count", str(file)]) == 0
    told = capsys.readouterr().out
    assert "1. Projekt b: +2 −0" in told
    assert "all: 1 of 1 spent" in told
    assert "is what these ballots give" in told


def test_a_changed_file_is_refused_with_the_reason(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(file.read_text())
    data["result"]["standings"][0]["plus"] = 9
    file.write_text(json.dumps(data))
    assert main(["count", str(file), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], len(told["problems"])) == (False, 1)


@pytest.mark.parametrize("content", ["", "nonsense", "{}"])
def test_what_is_no_such_file(file: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(content)
    assert main(["count", str(file)]) == 1
    assert "isn't a published file" in capsys.readouterr().err
