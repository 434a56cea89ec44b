"""What can be wrong with whatever comes in: each of these spoils a right file in one way."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


def _other_encoding(encoding: str) -> Callable[[bytes], bytes]:
    def spoil(right: bytes) -> bytes:
        return right.decode("utf-8", "replace").encode(encoding, "replace")

    return spoil


def _cut_line(right: bytes) -> bytes:
    """End at the last end of a line before the last line."""
    return right.rstrip(b"\r\n").rpartition(b"\n")[0] + b"\n"


def _reversed(right: bytes) -> bytes:
    first, *rest = right.splitlines(keepends=True)
    return b"".join([first, *reversed(rest)])


def _packed(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", content)
    return out.getvalue()


#: A name of the trouble → what it makes of a right file.
TROUBLES: Mapping[str, Callable[[bytes], bytes]] = {
    "empty": lambda right: b"",
    "cut": lambda right: right[: len(right) * 3 // 5],
    "without its last line": _cut_line,
    "doubled": lambda right: right + right,
    "its lines turned round": _reversed,
    "with a mark of UTF-8": lambda right: b"\xef\xbb\xbf" + right,
    "in UTF-16": _other_encoding("utf-16"),
    "in windows-1250": _other_encoding("cp1250"),
    "in EBCDIC": _other_encoding("cp037"),
    "with a NUL": lambda right: right[: len(right) // 2] + b"\0" + right[len(right) // 2 :],
    "with NULs far away": lambda right: right + b"\n" * 400_000 + b"\0",
    "a line without end": lambda right: right.rstrip() + b"x" * 300_000,
    "deep in lists": lambda right: b"[" * 200_000,
    "deep in elements": lambda right: b"<a>" * 100_000,
    "deep in objects": lambda right: b'{"a":' * 80_000,
    "a bomb of entities": lambda right: BOMB,
    "a bomb of entities in UTF-16": lambda right: BOMB.decode().replace("?>", ' encoding="UTF-16"?>').encode("utf-16"),
    "a packed bomb": lambda right: _packed(b"0" * 40_000_000),
    "a damaged zip": lambda right: _packed(b"<a/>")[:-30] + b"\xff" * 30,
    "a PDF": lambda right: b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "a page": lambda right: b"<!doctype html>\n<html><body>Chyba 502</body></html>\n",
    "a picture": lambda right: b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
}
