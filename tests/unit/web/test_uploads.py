"""What a sent file really is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask

from web import i18n
from web.ui.uploads import FileRefused, judge, media_type

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"


def packed(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


DOCX = packed(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
MACROS = packed(**{"word/document.xml": b"<x/>", "word/vbaProject.bin": b"x"})
ODT = packed(mimetype=b"application/vnd.oasis.opendocument.text")


@pytest.fixture(autouse=True)
def in_czech() -> Iterator[None]:
    app = Flask("test")
    i18n.install(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (ODT, "application/vnd.oasis.opendocument.text"),
        ("žlutý kůň\n".encode(), "text/plain"),
    ],
)
def test_the_content_says_what_a_file_is(content: bytes, kind: str) -> None:
    assert media_type(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"MZ\x90\x00 a program",
        MACROS,
        packed(**{"a.txt": b"x"}),
        b"PK\x03\x04 broken",
        b"%PDF-1.7 cut in the middle",
        b"<html><script>alert(1)</script>%PDF-1.7\n%%EOF",
        b"\xff\xfe\x00\x01",
    ],
)
def test_what_could_act_or_is_broken_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        judge("priloha.pdf", content)


def test_a_name_that_says_another_kind_is_refused() -> None:
    with pytest.raises(FileRefused, match=r"podle obsahu|By its content"):
        judge("obrazek.png", PDF)


def test_empty_and_too_big_files_are_refused_with_the_limit() -> None:
    with pytest.raises(FileRefused):
        judge("usneseni.pdf", b"")
    with pytest.raises(FileRefused, match="2"):
        judge("usneseni.pdf", PDF + b" " * 3000, most=2000)


def test_only_the_kinds_the_field_takes_are_accepted() -> None:
    assert judge("usneseni.PDF", PDF, accept=frozenset({"application/pdf"})).media_type == "application/pdf"
    with pytest.raises(FileRefused):
        judge("fotka.png", PNG, accept=frozenset({"application/pdf"}))


def test_a_bomb_is_not_unpacked() -> None:
    bomb = packed(**{"word/document.xml": b"0" * 210_000_000})
    assert media_type(bomb) is None


def test_a_damaged_archive_is_refused() -> None:
    whole = bytearray(packed(mimetype=b"application/vnd.oasis.opendocument.text" * 50))
    whole[40:60] = b"\xff" * 20
    assert media_type(bytes(whole)) is None
