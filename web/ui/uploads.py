"""Files people send: what a file really is, judged by its content and never by its name alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import puremagic

from engine.errors import BROKEN_ZIP
from web.i18n import _
from web.ui.images import FORMATS, BrokenImage, shrunk
from web.ui.words import filesize

#: Where a form says nothing else.
MAX_SIZE = 10 * 1024 * 1024
#: An archive that unpacks to more than this is a bomb or a mistake.
MAX_UNPACKED = 200 * 1024 * 1024

OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
#: Media type → endings its file may have.
ENDINGS: Mapping[str, frozenset[str]] = {
    "application/pdf": frozenset({"pdf"}),
    "image/jpeg": frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    "image/png": frozenset({"png"}),
    f"{OOXML}.wordprocessingml.document": frozenset({"docx"}),
    f"{OOXML}.spreadsheetml.sheet": frozenset({"xlsx"}),
    f"{ODF}.text": frozenset({"odt"}),
    f"{ODF}.spreadsheet": frozenset({"ods"}),
    "text/plain": frozenset({"txt", "csv", "json", "jsonl"}),
}
#: Part of an Office file → what the whole is.
OOXML_PARTS = {
    "word/document.xml": f"{OOXML}.wordprocessingml.document",
    "xl/workbook.xml": f"{OOXML}.spreadsheetml.sheet",
}
#: Taken where a form says nothing else.
USUAL = frozenset(ENDINGS) - {"text/plain"}


class FileRefused(Exception):
    """The file can't be accepted; the text is the sentence for the person."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A file that was accepted."""

    filename: str
    media_type: str
    content: bytes


def ending(filename: str) -> str:
    """The ending of a name in small letters, without the dot."""
    return filename.rpartition(".")[2].lower() if "." in filename else ""


def guessed(content: bytes) -> set[str]:
    """What signatures at the beginning say."""
    try:
        return {found.mime_type for found in puremagic.magic_string(content[:65536])}
    except (puremagic.PureError, ValueError):
        return set()


def is_pdf(content: bytes) -> bool:
    """A PDF begins with its mark, within the first kilobyte and behind no markup, and has an end."""
    before, mark, _rest = content[:1024].partition(b"%PDF-")
    return bool(mark) and b"<" not in before and b"%%EOF" in content[-2048:]


def is_text(content: bytes) -> bool:
    """Readable text, without signs that no text has."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text) and not any(sign < " " and sign not in "\t\r\n\f" for sign in text)


def packed_type(content: bytes) -> str | None:
    """Media type of an Office or OpenDocument file; None when it is some other archive, broken, or has macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                return None
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return None
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    kind = entry.read(100).decode("ascii", "replace").strip()
                return kind if kind in ENDINGS else None
    except BROKEN_ZIP:
        return None
    return next((kind for part, kind in OOXML_PARTS.items() if part in names), None)


CHECKS: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("application/pdf", is_pdf),
    ("image/png", lambda content: content.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in content[-64:]),
    ("image/jpeg", lambda content: content.startswith(b"\xff\xd8\xff") and "image/jpeg" in guessed(content)),
)


def media_type(content: bytes) -> str | None:
    """What the file is; None = nothing we take."""
    if content.startswith(b"PK\x03\x04"):
        return packed_type(content)
    found = next((kind for kind, check in CHECKS if check(content)), None)
    if found or guessed(content) & {"text/html", "image/svg+xml", "application/xml", "text/xml"}:
        return found
    return "text/plain" if is_text(content) else None


def judge(filename: str, content: bytes, *, accept: frozenset[str] = USUAL, most: int = MAX_SIZE) -> Judged:
    """Accept a file or say in one sentence why not."""
    if not content:
        raise FileRefused(_("The file “%(name)s” is empty.", name=filename))
    if len(content) > most:
        raise FileRefused(
            _("The file is bigger than %(most)s, which is the most we take. Make it smaller.", most=filesize(most))
        )
    kind = media_type(content)
    if kind is None or kind not in accept:
        raise FileRefused(
            _("“%(name)s” is not a file we take here. Send %(kinds)s.", name=filename, kinds=kinds(accept))
        )
    if ending(filename) not in ENDINGS[kind]:
        right = "/".join(sorted(ENDINGS[kind])[:2])
        raise FileRefused(
            _(
                "By its content “%(name)s” is another kind of file than its name says (%(kind)s).",
                name=filename,
                kind=right,
            )
        )
    return Judged(filename=filename, media_type=kind, content=content)


def smaller(file: Judged, longest: int) -> Judged:
    """A picture of at most so many pixels on its longer side; other files as they are."""
    if file.media_type not in FORMATS:
        return file
    try:
        return replace(file, content=shrunk(file.content, file.media_type, longest))
    except BrokenImage as error:
        raise FileRefused(_("The picture “%(name)s” can't be opened.", name=file.filename)) from error


def kinds(accept: frozenset[str]) -> str:
    """PDF, DOCX or PNG."""
    names = sorted({min(ENDINGS[kind], key=len).upper() for kind in accept if kind in ENDINGS})
    return ", ".join(names[:-1]) + (" " + _("or") + " " if len(names) > 1 else "") + (names[-1] if names else "")
