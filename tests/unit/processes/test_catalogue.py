"""Packing agendas and unpacking what strangers send."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine.model import SYSTEM
from processes import catalogue
from processes.catalogue import BadPackage, pack, read_path, unpack


def zip_of(entries: dict[str, bytes], **attributes: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = attributes.get("mode", 0o100644) << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def test_what_was_packed_comes_out_the_same() -> None:
    agenda = catalogue.load("membership")
    package = pack(agenda.files)
    assert unpack(package) == agenda.files
    assert pack(unpack(package)) == package


def test_an_agenda_in_one_top_folder_is_read_as_well() -> None:
    assert unpack(zip_of({"parking/agenda.toml": b"1", "parking/forms/a.json": b"2"})) == {
        "agenda.toml": b"1",
        "forms/a.json": b"2",
    }


def test_litter_of_systems_is_left_out() -> None:
    litter = {"__MACOSX/._agenda.toml": b"", ".DS_Store": b"", "forms/.a.swp": b""}
    assert unpack(zip_of({"agenda.toml": b"1"} | litter)) == {"agenda.toml": b"1"}


@pytest.mark.parametrize(
    "name", ["../agenda.toml", "/etc/agenda.toml", "forms/../../a.json", "forms\\a.json", "c:a.json", "script.py"]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(BadPackage):
        unpack(zip_of({name: b""}))


def test_a_link_is_refused() -> None:
    with pytest.raises(BadPackage):
        unpack(zip_of({"forms/a.json": b"/etc/passwd"}, mode=0o120777))


def test_a_file_that_was_damaged_on_the_way_is_refused() -> None:
    package = bytearray(pack({"agenda.toml": b"key = 'dogs'\n" * 300}))
    # Behind the entry's head of 30 bytes and its name of 11 its content begins.
    package[43:55] = bytes(each ^ 0xFF for each in package[43:55])
    with pytest.raises(BadPackage, match="readable"):
        unpack(bytes(package))


def test_a_file_that_grows_when_unpacked_is_refused() -> None:
    with pytest.raises(BadPackage, match="too big"):
        unpack(zip_of({"a.json": b"0" * (catalogue.MAX_FILE + 1)}))


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all"])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    with pytest.raises(BadPackage):
        unpack(content)


def test_a_folder_with_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "agenda.toml").write_text("x")
    (tmp_path / "forms.json").symlink_to("/etc/hostname")
    with pytest.raises(BadPackage):
        read_path(tmp_path)


def test_the_command_carries_what_the_manifest_says() -> None:
    agenda = catalogue.load("membership")
    command = catalogue.to_command(agenda, agenda.files, "town", SYSTEM)
    assert (command.agenda, command.tenant, command.numbering) == ("membership", "town", "PRI-{year}-{n:04}")
    assert set(command.groups) == {"secretariat", "board", "treasurer"}
    assert "membership" in catalogue.supplied()
