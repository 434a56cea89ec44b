"""The shelf of agendas: reads a folder or zip, packs it again, makes the command that publishes it."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from engine.commands import Deploy
from engine.errors import BROKEN_ZIP, Invalid
from engine.model import Actor
from engine.said import Said
from processes.agenda import MANIFEST, Agenda, parse_agenda

#: Agendas that come with the product.
HERE = Path(__file__).parent

MAX_FILES = 2_000
MAX_FILE = 10 * 2**20
MAX_TOTAL = 50 * 2**20
_KINDS = {
    *("toml", "json", "jsonl", "yaml", "yml", "csv", "txt", "md"),
    *("bpmn", "dmn", "html", "css", "svg", "png", "jpg", "jpeg", "pdf"),
}


class BadPackage(Invalid):
    """The package is damaged, too big, or holds something an agenda can't have."""


def read_path(path: Path) -> dict[str, bytes]:
    """Give the files of an agenda's folder or zip by their path inside it."""
    if path.is_dir():
        return _within_limits(_walk(path))
    return unpack(path.read_bytes())


def unpack(package: bytes) -> dict[str, bytes]:
    """Give the files of a zip, whose agenda may lie in one top folder; nothing is written to disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            return _without_top_folder(_within_limits(_entries(archive)))
    except BROKEN_ZIP as error:
        raise BadPackage(Said("Soubor není čitelný zip.", "The file is not a readable zip.")) from error


def gather(files: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Give files that came one by one, by path; what a package couldn't hold is refused here too."""
    return _without_top_folder(_within_limits(_named(files)))


def pack(files: Mapping[str, bytes]) -> bytes:
    """Give the files as one zip; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), files[path], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def to_command(agenda: Agenda, files: Mapping[str, bytes], tenant: str, actor: Actor) -> Deploy:
    """Give the command that publishes the agenda with its files."""
    return Deploy(
        tenant=tenant,
        actor=actor,
        agenda=agenda.key,
        title=agenda.title,
        files=files,
        numbering=agenda.numbering,
        series=agenda.series,
        parameters=agenda.parameters,
        parameter_changes=agenda.parameter_changes,
        groups=agenda.groups,
        title_expression=agenda.title_expression,
    )


def supplied() -> list[str]:
    """Give the keys of the agendas that come with the product."""
    return sorted(folder.parent.name for folder in HERE.glob(f"*/{MANIFEST}"))


def load(key: str) -> Agenda:
    """Give an agenda that comes with the product."""
    return parse_agenda(read_path(HERE / key))


def _walk(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_symlink():
            raise _is_a_link(name)
        if file.is_file() and not _is_litter(name):
            _refuse_name(name)
            yield name, file.read_bytes()


def _entries(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for entry in archive.infolist():
        if entry.is_dir() or _is_litter(entry.filename):
            continue
        _refuse_name(entry.filename)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise _is_a_link(entry.filename)
        with archive.open(entry) as content:
            # The declared size may lie, so one byte over the limit is read and no more.
            yield entry.filename, content.read(MAX_FILE + 1)


def _named(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for name, content in files:
        _refuse_name(name)
        yield name, content


def _within_limits(entries: Iterator[tuple[str, bytes]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for name, content in entries:
        total += len(content)
        if len(content) > MAX_FILE or total > MAX_TOTAL or len(files) >= MAX_FILES:
            raise BadPackage(Said(f"Balíček je moc velký (u {name}).", f"The package is too big (at {name})."))
        if name in files:
            raise BadPackage(Said(f"{name} je v balíčku dvakrát.", f"{name} is in the package twice."))
        files[name] = content
    return files


def _refuse_name(name: str) -> None:
    path = PurePosixPath(name)
    leads_out = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
    if leads_out or len(name) > 255 or not name.isprintable():
        shown = repr(name[:255])
        raise BadPackage(Said(f"Název {shown} vede z balíčku ven.", f"The name {shown} leads out of the package."))
    if path.suffix.lower().lstrip(".") not in _KINDS:
        raise BadPackage(
            Said(f"{name} není druh souboru, jaký agenda má.", f"{name} is no kind of file an agenda has.")
        )


def _is_a_link(name: str) -> BadPackage:
    return BadPackage(
        Said(f"{name} je odkaz; agenda má jen soubory.", f"{name} is a link; an agenda holds only files.")
    )


def _is_litter(name: str) -> bool:
    """Tell files that systems leave behind: hidden ones, caches, macOS resource forks."""
    return any(
        (part.startswith(".") and part != "..") or part in {"__MACOSX", "__pycache__"} for part in name.split("/")
    )


def _without_top_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {name.partition("/")[0] for name in files}
    if MANIFEST in files or len(tops) != 1:
        return files
    top = tops.pop() + "/"
    return {name.removeprefix(top): content for name, content in files.items()}
