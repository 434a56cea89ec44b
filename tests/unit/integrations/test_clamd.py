"""Viruses, over clamd's protocol."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.clamd import Clamd, NoScanner
from integrations.failures import Permanent, Temporary
from integrations.fakes import CLAMD_MOST, clamd_at

VIRUS = b"%PDF-1.7 VIRUS-FOR-TESTS %%EOF"


@pytest.fixture
def address() -> Iterator[str]:
    # The path of a socket may not be long.
    with tempfile.TemporaryDirectory() as folder, clamd_at(Path(folder) / "clamd") as url:
        yield url


def test_a_virus_is_named_and_a_clean_file_passes(address: str) -> None:
    scanner = Clamd(address)
    assert scanner.scan(VIRUS) == "Test.Virus"
    assert scanner.scan(b"") is None
    assert scanner.scan(b"x" * 700_000) is None, "in several pieces"
    assert NoScanner().scan(VIRUS) is None


def test_a_file_that_clamd_does_not_look_through_is_not_clean(address: str) -> None:
    with pytest.raises(Temporary, match="size limit"):
        Clamd(address).scan(b"x" * (CLAMD_MOST + 1))


def test_a_clamd_that_is_away_finds_nothing_and_clears_nothing(tmp_path: Path) -> None:
    with pytest.raises(Temporary, match="does not answer"):
        Clamd(f"unix://{tmp_path}/nobody").scan(b"x")


@pytest.mark.parametrize("url", ["clamd:3310", "http://clamd", "unix:", "tcp://"])
def test_a_wrong_address_is_refused(url: str) -> None:
    with pytest.raises(Permanent):
        Clamd(url)
