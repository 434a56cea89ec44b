"""Diagrams, decisions and forms that come without an agenda.toml: an agenda of their own."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath

from engine.errors import EngineError
from engine.reading import read_model
from processes.agenda import MANIFEST

#: How the key begins: a diagram that comes alone never becomes a version of an agenda that has more than it.
BEGINS = "diagram_"
LONGEST_KEY = 63


def as_agenda(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the files with a manifest named after the first process; files that have one, or no diagram, as they are."""
    diagrams = sorted(path for path in files if path.lower().endswith(".bpmn"))
    if MANIFEST in files or not diagrams:
        return dict(files)
    process, title = first_process(diagrams[0], files[diagrams[0]])
    key, quoted = key_of(process), json.dumps(title, ensure_ascii=False)
    manifest = f'key = "{key}"\ntitle = {{cs = {quoted}, en = {quoted}}}\n'
    return {place_of(path): content for path, content in files.items()} | {MANIFEST: manifest.encode()}


def first_process(path: str, diagram: bytes) -> tuple[str, str]:
    """Id and name of the first process of a diagram; where it can't be read, what the file is called."""
    stem = PurePosixPath(path).stem
    try:
        model = read_model(diagram)
    except EngineError:
        return stem, stem
    if not model.processes:
        return stem, stem
    process = model.processes[0]
    name = "".join(letter for letter in model.nodes[process].name or "" if letter.isprintable())
    return process, name.strip() or process


def key_of(process: str) -> str:
    """The id of a process as a key: small letters, digits and underscores."""
    plain = unicodedata.normalize("NFKD", process).encode("ascii", "ignore").decode().lower()
    key = BEGINS + re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return key[:LONGEST_KEY].rstrip("_")


def place_of(path: str) -> str:
    """Where a file lies in the folder of an agenda: forms in `forms/`, the rest beside the diagram."""
    return path if "/" in path or not path.lower().endswith(".json") else f"forms/{path}"
