"""The five packages are ours, whatever else is installed."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["engine", "forms", "integrations", "processes", "web"])
def test_a_package_lies_under_the_repository(name: str) -> None:
    found = importlib.import_module(name).__file__
    assert found is not None
    assert Path(found).is_relative_to(ROOT)


def test_an_agenda_has_no_python_of_its_own() -> None:
    assert list((ROOT / "processes").glob("*/forms/**/*.py")) == []
    assert [file for file in (ROOT / "processes" / "membership").rglob("*.py")] == []


def test_no_module_outgrows_its_room() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for package in ("engine", "forms", "integrations", "processes", "web")
        for file in (ROOT / package).rglob("*.py")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
