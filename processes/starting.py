"""A new agenda to begin with: an application, its assessment, a decision by letter. Pure.

The files lie in `processes/starters/request` and run as they are; founding gives them a key, names and a group.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import tomlkit

from processes.agenda import MANIFEST
from processes.catalogue import read_path
from processes.manifest import Texts
from processes.words import path_of

STARTER = Path(__file__).parent / "starters" / "request"
#: What the starter's files call their process and key, their group, and what is asked for.
_KEY, _GROUP, _TITLE = "starter", "starter_office", "Žádost"


@dataclass(frozen=True, kw_only=True)
class Founding:
    """What a new agenda is called and whose work it is. Texts are {"cs", "en"}; English where somebody wrote it."""

    key: str
    title: Texts
    summary: Texts
    #: Candidate group of its tasks.
    group: str
    group_title: Texts
    #: Letters before the year in numbers of cases: `PES`.
    prefix: str


def found(new: Founding) -> dict[str, bytes]:
    """Give the files of the new agenda."""
    files = {path: content.decode() for path, content in read_path(STARTER).items()}
    made = {_path(path, new.key): _renamed(text, new) for path, text in files.items()}
    made[f"{new.key}.bpmn"] = made[f"{new.key}.bpmn"].replace(
        f'name="{_TITLE}"', f'name="{_attribute(new.title["cs"])}"'
    )
    form = "forms/application.json"
    made[form] = _titled_form(made[form], new.title)
    made[MANIFEST] = _manifest(made[MANIFEST], new)
    if new.title.get("en"):
        made[path_of("en")] = _with_word(made[path_of("en")], new.title["cs"], new.title["en"])
    return {path: text.encode() for path, text in made.items()}


def _path(path: str, key: str) -> str:
    return f"{key}.bpmn" if path == "request.bpmn" else path


def _renamed(text: str, new: Founding) -> str:
    return text.replace(_GROUP, new.group).replace(_KEY, new.key)


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;", "\n": " "})


def _titled_form(text: str, title: Texts) -> str:
    form = json.loads(text)
    form["title"] = title["cs"]
    english = form["x-translations"]["en"]
    if title.get("en"):
        english["/title"] = title["en"]
    else:
        del english["/title"]
    return json.dumps(form, ensure_ascii=False, indent=2) + "\n"


def _manifest(text: str, new: Founding) -> str:
    read = tomlkit.parse(text)
    read["numbering"] = f"{new.prefix}-{{year}}-{{n:04}}"
    read["title"] = dict(new.title)
    if new.summary:
        read["summary"] = dict(new.summary)
    read["groups"] = {new.group: dict(new.group_title)}
    return tomlkit.dumps(read)


def _with_word(text: str, word: str, said: str) -> str:
    words = tomlkit.parse(text)
    words[word] = said
    return tomlkit.dumps(words)


def offered(manifest: str, process: str, texts: Mapping[str, Texts], icon: str = "file") -> str:
    """Give `agenda.toml` with a process on the portal, or with other texts where it is there; the rest stays as it is.

    `texts`: title, summary, and duration, outcome or category where they are said.
    """
    read = tomlkit.parse(manifest)
    services = read.get("services")
    if services is None:
        services = read["services"] = tomlkit.aot()
    card = next((one for one in services if one.get("process") == process), None)
    if card is None:
        card = tomlkit.table()
        card["process"], card["icon"] = process, icon
        services.append(card)
        card = services[-1]
    for name, said in texts.items():
        card.pop(name, None)
        if said:
            card[name] = dict(said)
    return tomlkit.dumps(read)


def withdrawn(manifest: str, process: str) -> str:
    """Give `agenda.toml` without a process on the portal."""
    read = tomlkit.parse(manifest)
    services = read.get("services", [])
    for at in reversed([at for at, one in enumerate(services) if one.get("process") == process]):
        del services[at]
    if not services:
        read.pop("services", None)
    return tomlkit.dumps(read)
